import { children, type Expr, type LiteralValue, mapChildren } from '../expr.js';
import type { ModelCall } from '../model.js';

const known = new WeakMap<ModelCall, string>();

/** Two calls with the same key give the same result on the same row, unless they are volatile. */
export function callKey(call: ModelCall): string {
  let key = known.get(call);
  if (key === undefined) {
    key = JSON.stringify([call.descriptor.key, call.args.map(plain)]);
    known.set(call, key);
  }
  return key;
}

const NOTHING: Expr = { kind: 'literal', value: null };

function plain(expr: Expr): unknown {
  if (expr.kind === 'column') return expr.name;
  if (expr.kind === 'literal') return { literal: literalKey(expr.value) };
  if (expr.kind === 'modelCall') return { call: callKey(expr.call) };
  // An expression's own members, and its operands apart.
  return { own: mapChildren(expr, () => NOTHING), parts: children(expr).map(plain) };
}

/** JSON writes NaN, infinities and null alike, and dates as text. */
function literalKey(value: LiteralValue): unknown {
  if (value instanceof Date) return ['date', value.getTime()];
  if (value instanceof Uint8Array) return ['bytes', Buffer.from(value).toString('hex')];
  if (Array.isArray(value)) return ['list', value.map(literalKey)];
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  return [typeof value, Object.is(value, -0) ? '-0' : String(value)];
}
