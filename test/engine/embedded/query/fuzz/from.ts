import type { Choices } from './choices.js';
import { condition, number } from './expressions.js';
import { columnIn, type FuzzTable, type Scope, type Source } from './scope.js';

/** What FROM needs to know: names that are not taken yet, and how to make a query of its own. */
export interface FromMaker {
  readonly choices: Choices;
  readonly tables: readonly FuzzTable[];
  alias(): string;
  scopeOver(sources: readonly Source[], visible: readonly Source[]): Scope;
  /** A query with its columns, for a derived table; undefined where queries are nested too deep. */
  readonly derived: (() => Omit<FuzzTable, 'name'> & { readonly sql: string }) | undefined;
}

/** A FROM clause of one to three tables. */
export interface From {
  readonly sql: string;
  readonly sources: readonly Source[];
  /** As many at most. */
  readonly rows: number;
}

/** Joins do not go on from here: statements are to be many, not large. */
const MOST_ROWS = 2_000;

/** FROM with its joins. */
export function from(maker: FromMaker): From {
  const { choices } = maker;
  let left = table(maker);
  for (let joins = choices.one([0, 0, 0, 1, 1, 2]); joins > 0; joins--) left = join(maker, left);
  return left;
}

function table(maker: FromMaker): From {
  const { choices } = maker;
  const alias = maker.alias();
  return choices.make<From>([
    [
      8,
      () => {
        const { name, columns, rows } = choices.one(maker.tables)!;
        return { sql: `${name} ${alias}`, sources: [{ alias, columns }], rows };
      },
    ],
    [
      maker.derived ? 3 : 0,
      () => {
        const { sql, columns, rows } = maker.derived!();
        return { sql: `(${sql}) ${alias}`, sources: [{ alias, columns }], rows };
      },
    ],
    [
      1,
      () => {
        const rows = choices.list(
          1,
          4,
          index => `(${index}, ${index === 0 ? '1' : choices.one(['1', '2.5', 'NULL'])}, 'v${index}')`,
        );
        const columns = [
          { name: 'id', kind: 'number' },
          { name: 'v', kind: 'number' },
          { name: 'name', kind: 'text' },
        ] as const;
        return { sql: `(VALUES ${rows.join(', ')}) ${alias}(id, v, name)`, sources: [{ alias, columns }], rows: 4 };
      },
    ],
    [
      1,
      () => ({
        sql: `range(${choices.one(['3', '1, 8', '0, 12, 5'])}) ${alias}(i)`,
        sources: [{ alias, columns: [{ name: 'i', kind: 'number' }] }],
        rows: 7,
      }),
    ],
  ]);
}

function join(maker: FromMaker, left: From): From {
  const { choices } = maker;
  const right = table(maker);
  const sources = [...left.sources, ...right.sources];
  // An outer join keeps rows of either side.
  const rows = left.rows * right.rows + left.rows + right.rows;
  if (rows > MOST_ROWS) return left;
  const kind = choices.one(['JOIN', 'JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN', 'SEMI JOIN', 'ANTI JOIN']);
  const seen = kind === 'SEMI JOIN' || kind === 'ANTI JOIN' ? left.sources : sources;
  const side = (of: readonly Source[]): string => columnIn(choices, of, 'number', sources) ?? '1';
  return choices.make<From>([
    [
      5,
      () => {
        // An equality keeps the answer small; what else ON asks for reads one side, or both.
        const extra = choices.one([undefined, undefined, left.sources, right.sources, sources]);
        const equal = `${side(left.sources)} = ${side(right.sources)}`;
        const on = extra === undefined ? equal : `${equal} AND ${condition(plain(maker, extra, sources), 2)}`;
        return { sql: `${left.sql} ${kind} ${right.sql} ON ${on}`, sources: seen, rows };
      },
    ],
    [1, () => ({ sql: `${left.sql}, ${right.sql}`, sources, rows })],
    [
      1,
      () => {
        const scope = plain(maker, sources, sources);
        return { sql: `${left.sql} JOIN ${right.sql} ON ${number(scope, 2)} > ${number(scope, 1)}`, sources, rows };
      },
    ],
    [
      2,
      () => {
        // The common column is in one table of the left side, and of one sort.
        const common = right.sources[0]!.columns.find(({ name, kind }) => {
          const same = left.sources.flatMap(({ columns }) => columns).filter(column => column.name === name);
          return same.length === 1 && same[0]!.kind === kind;
        });
        if (common === undefined) return { sql: `${left.sql}, ${right.sql}`, sources, rows };
        return { sql: `${left.sql} ${kind} ${right.sql} USING (${common.name})`, sources: seen, rows };
      },
    ],
  ]);
}

/** Conditions of joins have no subqueries: DuckDB does not plan all of them. */
function plain(maker: FromMaker, sources: readonly Source[], visible: readonly Source[]): Scope {
  return { ...maker.scopeOver(sources, visible), subquery: undefined, windows: false };
}
