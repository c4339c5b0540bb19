import { InframeError } from '../errors.js';
import { children, describe, type Expr } from '../expr.js';
import type { Schema } from '../schema.js';
import type { DataType } from '../types.js';

/** Functions of two vectors, which have to be of one length. */
const OF_VECTORS: ReadonlySet<string> = new Set(['cosine', 'dot', 'l2']);

/**
 * Refuses vectors of unlike length where that can be told before a row is read (Rule 4): of columns of fixed arrays, casts to
 * them, outputs of models, and vectors that are written out. Where it cannot be told, such a row gives null.
 *
 * @param exprs checked expressions over a table of that schema
 * @throws InframeError SHAPE_MISMATCH
 */
export function checkVectorLengths(exprs: readonly Expr[], schema: Schema): void {
  for (const expr of exprs) {
    checkVectorLengths(children(expr), schema);
    if (expr.kind !== 'call' || expr.args.length !== 2 || !OF_VECTORS.has(expr.name.toLowerCase())) continue;
    const [a, b] = expr.args.map(arg => lengthOf(arg, schema));
    if (a === undefined || b === undefined || a === b) continue;
    throw unlikeLengths(`${expr.name}()`, [a, b], expr.args.map(describe) as [string, string]);
  }
}

/** The error for two vectors of unlike length. */
export function unlikeLengths(
  verb: string,
  [a, b]: readonly [number, number],
  [first, second]: readonly [string, string],
): InframeError {
  return new InframeError(
    'SHAPE_MISMATCH',
    `vectors of ${verb} are of unlike length: ${shortened(first)} has ${a} elements and ${shortened(second)} ${b}; give two of one length`,
    { left: a, right: b },
  );
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

function lengthOf(expr: Expr, schema: Schema): number | undefined {
  switch (expr.kind) {
    case 'column':
      return arrayLength(schema.find(expr.name)?.type);
    case 'literal':
      return Array.isArray(expr.value) ? expr.value.length : undefined;
    case 'cast':
      return arrayLength(expr.type) ?? lengthOf(expr.input, schema);
    case 'modelCall':
      return arrayLength(expr.call.type);
    default:
      return undefined;
  }
}

/** The length of a fixed array; undefined of any other type. */
export function arrayLength(type: DataType | undefined): number | undefined {
  return type?.kind === 'array' ? type.length : undefined;
}
