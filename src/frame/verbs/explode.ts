import { Column } from '../expr.js';
import type { Plan } from '../plan.js';
import { columnName, record, toNamed } from './arguments.js';

/** How lists become rows. */
export interface ExplodeOptions {
  /** What the column of elements is called; as the list where nothing is said. */
  readonly as?: string;
  /** True if a row whose list is empty or null stays, once, with a null (Spark's `explode_outer`). */
  readonly outer?: boolean;
  /** A column for the element's place in its list, counted from 0 (Spark's `posexplode`). */
  readonly position?: string;
}

/** One row an element of a list, which stands where the list stood. */
export function explode(input: Plan, column: string | Column, options: ExplodeOptions): Plan {
  const { as, outer, position } = record('explode', options);
  const { name, expr } = toNamed(column);
  const source: Plan =
    column instanceof Column && expr.kind !== 'column'
      ? { kind: 'withColumns', input, columns: [{ name: as ?? name, expr }] }
      : input;
  const list = source === input && expr.kind === 'column' ? expr.name : (as ?? name);
  const place = position === undefined ? undefined : columnName('explode', position);
  const exploded: Plan = { kind: 'explode', input: source, column: list, outer: outer === true, position: place };
  if (as === undefined || as === list) return exploded;
  return { kind: 'rename', input: exploded, names: [[list, columnName('explode', as)]] };
}
