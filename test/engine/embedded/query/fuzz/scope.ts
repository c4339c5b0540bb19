import type { Choices } from './choices.js';

/** What sort of value an expression has; within a sort, DuckDB finds the common type. */
export type Kind = 'number' | 'text' | 'boolean';

export const KINDS: readonly [Kind, ...Kind[]] = ['number', 'text', 'boolean'];

export interface FuzzColumn {
  readonly name: string;
  readonly kind: Kind;
}

/** A table in FROM, under its alias. */
export interface Source {
  readonly alias: string;
  readonly columns: readonly FuzzColumn[];
}

/** A table that a statement may name: of the session, or of a WITH around it. */
export interface FuzzTable {
  readonly name: string;
  readonly columns: readonly FuzzColumn[];
  /** As many at most. */
  readonly rows: number;
}

/** What an expression is made from, and what may stand in it. */
export interface Scope {
  readonly choices: Choices;
  readonly tables: readonly FuzzTable[];
  /** Something that has a value on its own: a column, a group's key, an aggregate. */
  atom(kind: Kind): string | undefined;
  /** The tables in FROM, for correlated subqueries. */
  readonly sources: readonly Source[];
  readonly windows: boolean;
  /** False where a NULL written out may not stand, see `modelCall`. */
  readonly nulls: boolean;
  /** Makes a query of one column; undefined where subqueries are nested too deep. */
  readonly subquery: ((kind: Kind, aggregated: boolean, outer: readonly Source[]) => string) | undefined;
}

/**
 * A reference to a column of some tables; without its table only where no other table has the name.
 *
 * @param visible all tables whose columns may be named there
 */
export function columnIn(
  choices: Choices,
  sources: readonly Source[],
  kind: Kind,
  visible: readonly Source[] = sources,
): string | undefined {
  const all = sources.flatMap(({ alias, columns }) => columns.map(column => ({ alias, ...column })));
  const found = choices.one(all.filter(column => column.kind === kind));
  if (found === undefined) return undefined;
  const alone = visible.flatMap(({ columns }) => columns).filter(({ name }) => name === found.name).length === 1;
  return alone && choices.chance(50) ? found.name : `${found.alias}.${found.name}`;
}
