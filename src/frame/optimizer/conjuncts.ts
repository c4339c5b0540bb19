import type { Expr } from '../expr.js';

/** `a and b and c` as its parts. */
export function conjuncts(predicate: Expr): readonly Expr[] {
  return predicate.kind === 'operator' && predicate.name === 'and'
    ? predicate.operands.flatMap(conjuncts)
    : [predicate];
}

/** The parts as one condition; undefined where there are none. */
export function conjunction(parts: readonly Expr[]): Expr | undefined {
  return parts.length <= 1 ? parts[0] : { kind: 'operator', name: 'and', operands: parts };
}
