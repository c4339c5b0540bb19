import { children, type Expr } from '../expr.js';
import { expressionsOf, type Relation } from '../relation.js';

/**
 * Functions that may give something else each time they are called on the same row. Nothing moves across them, and a
 * stage never evaluates them twice.
 */
const VOLATILE: ReadonlySet<string> = new Set([
  'random',
  'uuid',
  'uuidv4',
  'uuidv7',
  'gen_random_uuid',
  'nextval',
  'currval',
  'setseed',
  'now',
  'today',
  'current_timestamp',
  'current_date',
  'current_time',
  'get_current_time',
  'get_current_timestamp',
  'transaction_timestamp',
  'localtime',
  'localtimestamp',
]);

const WORD = /[a-z_][a-z0-9_]*/gi;

/** Expressions are never changed, and are asked about by one rule after the other. */
const known = new WeakMap<Expr, boolean>();

/** True if the expression's value may differ between two evaluations on the same row. SQL text is judged by its words. */
export function isVolatile(expr: Expr): boolean {
  if (expr.kind === 'column' || expr.kind === 'literal') return false;
  let volatile = known.get(expr);
  if (volatile === undefined) {
    volatile = isVolatileItself(expr) || children(expr).some(isVolatile);
    known.set(expr, volatile);
  }
  return volatile;
}

function isVolatileItself(expr: Expr): boolean {
  switch (expr.kind) {
    case 'call':
      return VOLATILE.has(expr.name.toLowerCase());
    case 'modelCall':
      return !expr.call.deterministic;
    case 'model':
      return !expr.model.deterministic;
    case 'fragment':
      return expr.parts.some(text => (text.match(WORD) ?? []).some(word => VOLATILE.has(word.toLowerCase())));
    default:
      return false;
  }
}

/** True if a node evaluates something volatile itself. */
export function evaluatesVolatile(node: Relation): boolean {
  return expressionsOf(node).some(isVolatile);
}
