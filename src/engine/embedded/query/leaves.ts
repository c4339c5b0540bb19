import { clauseRoots } from './places.js';
import { columnNames, nodeIn, type SyntaxNode, someNode, walk, walkColumns } from './syntax.js';

/** A table of a FROM clause: what its columns can be called by. */
export interface Leaf {
  readonly node: SyntaxNode;
  readonly alias: string;
}

/** The columns of a leaf, once DuckDB has said what they are. */
export interface LeafColumns extends Leaf {
  readonly columns: readonly string[];
}

/**
 * The tables of a FROM clause whose columns can be seen from outside, in order; each gets an alias if it has none.
 *
 * @param hidden true to have those too that only the conditions of joins can see
 */
export function leavesOf(from: SyntaxNode | undefined, fresh: () => string, hidden = false): readonly Leaf[] {
  if (from === undefined || from.type === 'EMPTY') return [];
  if (from.type === 'JOIN') {
    const left = leavesOf(nodeIn(from, 'left'), fresh, hidden);
    // The right table of a semi or anti join is only looked at.
    const looksOnly = from['join_type'] === 'SEMI' || from['join_type'] === 'ANTI';
    return looksOnly && !hidden ? left : [...left, ...leavesOf(nodeIn(from, 'right'), fresh, hidden)];
  }
  if (!from.alias) from.alias = defaultAlias(from) ?? fresh();
  return [{ node: from, alias: from.alias }];
}

/** What DuckDB calls a table that nobody gave a name. */
function defaultAlias(node: SyntaxNode): string | undefined {
  if (node.type === 'BASE_TABLE') return String(node['table_name']);
  if (node.type === 'TABLE_FUNCTION') return String(nodeIn(node, 'function')?.['function_name']);
  return undefined;
}

/** What a SELECT reads of its tables, judged by words alone: a column counts as read if anything is called like it. */
export class Needs {
  readonly #words = new Set<string>();
  readonly #wholeTables = new Set<string>();
  readonly #starred = new Set<string>();
  #everything = false;

  constructor(select: SyntaxNode, extra: readonly SyntaxNode[] = []) {
    // `#2` counts the columns: none may be missing.
    this.#everything = [...clauseRoots(select), ...extra].some(root =>
      someNode(root, node => node.class === 'POSITIONAL_REFERENCE'),
    );
    for (const root of [...clauseRoots(select), ...extra]) {
      walkColumns(
        root,
        column => {
          const path = columnNames(column);
          for (const name of path) this.#words.add(name.toLowerCase());
          if (path.length === 1) this.#wholeTables.add(path[0]!.toLowerCase());
        },
        true,
      );
      this.#addStars(root);
    }
  }

  #addStars(root: unknown): void {
    let depth = 0;
    const visit = (node: SyntaxNode): boolean => {
      if (node.class === 'STAR') {
        const table = String(node['relation_name'] ?? '');
        if (table !== '') this.#starred.add(table.toLowerCase());
        else if (depth === 0) this.#everything = true;
      }
      // A star of a query inside is one of that query's own tables, unless it names ours.
      if (node.class === 'SUBQUERY') {
        depth += 1;
        for (const member of Object.values(node)) walk(member, visit);
        depth -= 1;
        return false;
      }
      return true;
    };
    walk(root, visit);
  }

  /** True if all columns of a table may be read. */
  wholeTable(alias: string): boolean {
    const name = alias.toLowerCase();
    return this.#everything || this.#wholeTables.has(name) || this.#starred.has(name);
  }

  /** True if the rows of a table may be read as a whole, by its name. */
  rowOf(alias: string): boolean {
    return this.#wholeTables.has(alias.toLowerCase());
  }

  column(alias: string, name: string): boolean {
    return this.wholeTable(alias) || this.#words.has(name.toLowerCase());
  }
}

/** How names in a SELECT are found among its tables. */
export class Scope {
  readonly #tables: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #columns: ReadonlySet<string>;

  constructor(leaves: readonly LeafColumns[]) {
    this.#tables = new Map(
      leaves.map(({ alias, columns }) => [alias.toLowerCase(), new Set(columns.map(name => name.toLowerCase()))]),
    );
    this.#columns = new Set(leaves.flatMap(({ columns }) => columns.map(name => name.toLowerCase())));
  }

  /** True if the path of a column reference begins at one of the tables. */
  has(path: readonly string[]): boolean {
    const [first, second] = path.map(name => name.toLowerCase());
    if (this.#columns.has(first!)) return true;
    const table = this.#tables.get(first!);
    return table !== undefined && (second === undefined || table.has(second));
  }

  hasColumn(name: string): boolean {
    return this.#columns.has(name.toLowerCase());
  }
}
