import { type Expr, some } from '../expr.js';
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

/** True if the expression's value may differ between two evaluations on the same row. SQL text is judged by its words. */
export function isVolatile(expr: Expr): boolean {
  return some(expr, part => {
    if (part.kind === 'call') return VOLATILE.has(part.name.toLowerCase());
    if (part.kind === 'modelCall') return !part.call.deterministic;
    if (part.kind === 'model') return !part.model.deterministic;
    if (part.kind !== 'fragment') return false;
    return part.parts.some(text => (text.match(WORD) ?? []).some(word => VOLATILE.has(word.toLowerCase())));
  });
}

/** True if a node evaluates something volatile itself. */
export function evaluatesVolatile(node: Relation): boolean {
  return expressionsOf(node).some(isVolatile);
}
