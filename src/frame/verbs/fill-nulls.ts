import { InframeError, shown } from '../errors.js';
import { Column, type LiteralValue } from '../expr.js';
import type { Plan } from '../plan.js';
import { columnName, nameList, notEmpty } from './arguments.js';

/** Missing values filled with one value, or with one for each column. */
export function fillNulls(
  input: Plan,
  value: LiteralValue | Readonly<Record<string, LiteralValue>>,
  subset: string | readonly string[] | undefined,
): Plan {
  if (!isByColumn(value)) {
    return { kind: 'fillNulls', input, fills: { value: plain(value), subset: nameList('fillNulls', subset) } };
  }
  if (subset !== undefined) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `subset ${shown(subset)} of fillNulls goes with one value; the object names its columns itself`,
    );
  }
  const fills = notEmpty('fillNulls', Object.entries(value)).map(([column, fill]) => ({
    column: columnName('fillNulls', column),
    value: plain(fill),
  }));
  return { kind: 'fillNulls', input, fills };
}

function isByColumn(value: unknown): value is Readonly<Record<string, LiteralValue>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return !(value instanceof Date || value instanceof Uint8Array || value instanceof Column);
}

function plain(value: LiteralValue): LiteralValue {
  if (['boolean', 'number', 'bigint', 'string'].includes(typeof value)) return value;
  if (value instanceof Date) return new Date(value);
  if (value instanceof Uint8Array) return value.slice();
  throw new InframeError(
    'ARGUMENT_INVALID',
    `value ${shown(value)} of fillNulls cannot fill a column; give a number, text, boolean or date`,
  );
}
