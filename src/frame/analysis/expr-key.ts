import type { Expr } from '../expr.js';
import { isVolatile } from '../optimizer/volatile.js';

/** The same for expressions that have the same value in every row: a text, or the expression itself where it is volatile. */
export function exprKey(expr: Expr): string | Expr {
  return isVolatile(expr) ? expr : JSON.stringify(expr, replacer);
}

function replacer(this: Record<string, unknown>, name: string, part: unknown): unknown {
  // A date has been made a text by now.
  if (this[name] instanceof Date) return { date: part };
  if (typeof part === 'bigint') return { bigint: String(part) };
  if (typeof part === 'number' && (!Number.isFinite(part) || Object.is(part, -0))) {
    return { number: Object.is(part, -0) ? '-0' : String(part) };
  }
  // A model call is known by its descriptor and what it is called on.
  return name === 'call' && isModelCall(part) ? [part.descriptor.key, part.args] : part;
}

function isModelCall(part: unknown): part is { readonly descriptor: { readonly key: string }; readonly args: unknown } {
  return typeof part === 'object' && part !== null && 'descriptor' in part;
}
