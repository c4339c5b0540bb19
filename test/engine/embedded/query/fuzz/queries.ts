import type { Choices } from './choices.js';
import { condition, expression, number } from './expressions.js';
import { from } from './from.js';
import { columnIn, type FuzzColumn, type FuzzTable, KINDS, type Kind, type Scope, type Source } from './scope.js';

/** A query, and the columns it gives. */
export interface FuzzQuery {
  readonly sql: string;
  readonly columns: readonly FuzzColumn[];
  /** As many at most. */
  readonly rows: number;
}

/** A table in another query is not larger, so that joins of joins stay small. */
const MOST_ROWS = 40;

function small(query: FuzzQuery): FuzzQuery {
  if (query.rows <= MOST_ROWS) return query;
  return { ...query, sql: `SELECT * FROM (${query.sql}) ORDER BY ALL LIMIT ${MOST_ROWS}`, rows: MOST_ROWS };
}

/** The least of a group, by way of a list. */
function first(value: string): string {
  return `list(${value} ORDER BY ${value})[1]`;
}

/** Queries as SQL text, over the tables they are given. */
export class Queries {
  readonly #choices: Choices;
  #aliases = 0;

  constructor(choices: Choices) {
    this.#choices = choices;
  }

  /** A whole statement: WITH, SELECT or a set operation, ORDER BY and LIMIT. */
  statement(tables: readonly FuzzTable[]): string {
    const choices = this.#choices;
    // Half of all statements are about an expression, over one table.
    if (choices.chance(40)) {
      const [table] = tables as [FuzzTable];
      const scope = this.#rows([{ alias: table.name, columns: table.columns }], tables, 1);
      const columns = choices.list(1, 2, index => `${expression(scope, choices.one(KINDS), 4)} AS c${index}`);
      return `SELECT ${columns.join(', ')} FROM ${table.name}`;
    }
    return this.query(tables, 2, undefined, true).sql;
  }

  /**
   * @param depth how deep queries inside may be nested
   * @param kinds what its columns must be; anything where nothing is said
   */
  query(
    tables: readonly FuzzTable[],
    depth: number,
    kinds: readonly Kind[] | undefined,
    top = false,
    outer: readonly Source[] = [],
  ): FuzzQuery {
    const choices = this.#choices;
    const ctes: { readonly name: string; readonly sql: string }[] = [];
    const known = [...tables];
    while (depth > 0 && ctes.length < 2 && choices.chance(15)) {
      const { sql, ...table } = small(this.query(known, depth - 1, undefined));
      const name = `cte${this.#aliases++}`;
      ctes.push({ name, sql: `${name} AS ${choices.one(['', '', 'MATERIALIZED '])}(${sql})` });
      // Where a CTE is, it should be used.
      for (let weight = 3; weight > 0; weight--) known.unshift({ name, ...table });
    }
    const body = this.#body(known, depth, kinds, top, outer);
    // DuckDB does not look at a CTE that nobody reads, so what is wrong with one says nothing.
    const used: string[] = [];
    for (const { name, sql } of ctes.toReversed()) {
      if ([body.sql, ...used].some(text => text.includes(`${name} `))) used.unshift(sql);
    }
    return used.length === 0 ? body : { ...body, sql: `WITH ${used.join(', ')} ${body.sql}` };
  }

  #body(
    tables: readonly FuzzTable[],
    depth: number,
    kinds: readonly Kind[] | undefined,
    top: boolean,
    outer: readonly Source[],
  ): FuzzQuery {
    const choices = this.#choices;
    const wanted = kinds ?? choices.list(1, 3, () => choices.one(KINDS));
    if (depth > 0 && choices.chance(15)) {
      const parts = choices.list(2, 3, () => this.#select(tables, depth - 1, wanted, false, outer));
      const operator = choices.one(['UNION ALL', 'UNION', 'EXCEPT', 'INTERSECT', 'EXCEPT ALL', 'INTERSECT ALL']);
      const order = choices.chance(20) ? ` ORDER BY ${choices.pick(wanted.length) + 1}` : '';
      const rows = parts.reduce((sum, part) => sum + part.rows, 0);
      return { ...parts[0]!, sql: `${parts.map(({ sql }) => `(${sql})`).join(` ${operator} `)}${order}`, rows };
    }
    if (!choices.chance(15)) return this.#select(tables, depth, wanted, top, outer);
    // With ties only between equal rows, the rows that a limit leaves are the same whatever the order of the tables.
    const select = this.#select(tables, depth, wanted, false, outer);
    const count = choices.one([3, 1, 10, 0]);
    const limit = `LIMIT ${count}${choices.chance(30) ? ' OFFSET 2' : ''}`;
    return { ...select, sql: `${select.sql} ORDER BY ALL ${limit}`, rows: Math.min(count, select.rows) };
  }

  #select(
    tables: readonly FuzzTable[],
    depth: number,
    kinds: readonly Kind[],
    top: boolean,
    outer: readonly Source[],
  ): FuzzQuery {
    const choices = this.#choices;
    const { sql, sources, rows } = from({
      choices,
      tables,
      alias: () => `r${this.#aliases++}`,
      scopeOver: (of, visible) => this.#rows(of, tables, 0, visible),
      derived: depth > 0 ? () => small(this.query(tables, depth - 1, undefined)) : undefined,
    });
    const scope = this.#rows(sources, tables, depth);
    const wheres: string[] = [];
    const [own, other] = [columnIn(choices, sources, 'number'), columnIn(choices, outer, 'number')];
    if (own !== undefined && other !== undefined && choices.chance(60)) wheres.push(`${own} = ${other}`);
    if (choices.chance(45)) {
      wheres.push(...choices.list(1, 2, () => condition({ ...scope, windows: choices.chance(1) }, 2)));
    }
    const where = wheres.length === 0 ? '' : ` WHERE ${wheres.join(' AND ')}`;
    const made = choices.chance(25)
      ? this.#grouped(` FROM ${sql}${where}`, scope, kinds)
      : this.#plain(` FROM ${sql}${where}`, scope, kinds, top);
    return { ...made, rows: Math.max(1, rows) };
  }

  #plain(tail: string, rows: Scope, kinds: readonly Kind[], top: boolean): Omit<FuzzQuery, 'rows'> {
    const choices = this.#choices;
    const columns = kinds.map((kind, index): FuzzColumn => ({ name: `c${index}`, kind }));
    const list = columns.map(({ name, kind }) => {
      return `${expression(rows, kind, 2)} AS ${name}`;
    });
    if (top && choices.chance(10)) list.unshift(choices.one(['*', `${rows.sources[0]!.alias}.*`]));
    const qualify = choices.chance(8)
      ? ` QUALIFY ${choices.one(['count(*)', `sum(${number(rows, 1)})`])} OVER (PARTITION BY ${number({ ...rows, windows: false }, 1)}) ${choices.one(['> 1', '< 3'])}`
      : '';
    // By what DISTINCT leaves out, rows cannot be ordered.
    const distinct = choices.chance(12);
    const position = String(choices.pick(kinds.length) + 1);
    const order =
      top && choices.chance(15) ? ` ORDER BY ${distinct ? position : choices.one([number(rows, 2), position])}` : '';
    return {
      sql: `SELECT ${distinct ? 'DISTINCT ' : ''}${list.join(', ')}${tail}${qualify}${order}`,
      columns,
    };
  }

  #grouped(tail: string, rows: Scope, kinds: readonly Kind[]): Omit<FuzzQuery, 'rows'> {
    const choices = this.#choices;
    const plain: Scope = { ...rows, windows: choices.chance(1), subquery: undefined };
    const keys = choices.list(0, 2, () => {
      const kind = choices.one(KINDS);
      return { kind, sql: expression(plain, kind, choices.one([0, 1])) };
    });
    const aggregate = (kind: Kind): string =>
      kind === 'text'
        ? `max(${expression(plain, 'text', 1)})`
        : kind === 'boolean'
          ? `bool_or(${condition(plain, 1)})`
          : choices.make<string>([
              [5, () => `${choices.one(['sum', 'max', 'min', 'count'])}(${number(plain, 2)})`],
              [1, () => 'count(*)'],
              [1, () => `count(DISTINCT ${number(plain, 1)})`],
              [1, () => `sum(${number(plain, 1)}) FILTER (WHERE ${condition(plain, 1)})`],
              [1, () => first(number(plain, 1))],
            ]);
    const grouped: Scope = {
      ...rows,
      windows: rows.windows && choices.chance(30),
      subquery: undefined,
      atom: kind => {
        const key = choices.chance(40) ? choices.one(keys.filter(other => other.kind === kind)) : undefined;
        if (key !== undefined) return key.sql;
        // A column that is no key is an error that both sides must find.
        return choices.chance(1) ? rows.atom(kind) : aggregate(kind);
      },
    };
    const columns = kinds.map((kind, index): FuzzColumn => ({ name: `c${index}`, kind }));
    const list = columns.map(({ name, kind }) => `${expression(grouped, kind, 1)} AS ${name}`);
    const texts = keys.map(({ sql }) => `(${sql})`).join(', ');
    const groups =
      keys.length === 0 ? '' : ` GROUP BY ${choices.one([texts, texts, `ROLLUP (${texts})`, `CUBE (${texts})`])}`;
    const having = choices.chance(20) ? ` HAVING ${condition({ ...grouped, windows: false }, 1)}` : '';
    return { sql: `SELECT ${list.join(', ')}${tail}${groups}${having}`, columns };
  }

  /** The rows of tables as what expressions are made from. */
  #rows(sources: readonly Source[], tables: readonly FuzzTable[], depth: number, visible = sources): Scope {
    const choices = this.#choices;
    return {
      choices,
      tables,
      sources,
      windows: true,
      nulls: true,
      // A name that is nowhere is an error that both sides must find.
      atom: kind => (choices.chance(0.2) ? 'absent' : columnIn(choices, sources, kind, visible)),
      subquery:
        depth <= 0
          ? undefined
          : (kind, aggregated, outer) => {
              // Few are correlated; in those, a call may read what is outside.
              const { sql } = this.query(tables, depth - 1, [kind], false, choices.chance(40) ? outer : []);
              return aggregated ? `SELECT ${choices.one(['max', 'min'])}(c0) FROM (${sql}) r${this.#aliases++}` : sql;
            },
    };
  }
}
