import { InframeError, shown } from '../errors.js';
import { type LiteralValue, toExpr } from '../expr.js';
import type { Plan } from '../plan.js';
import { nameList, notEmpty } from './arguments.js';

/** Some values in the place of others: `[['N/A', null], ['-', null]]`. */
export function replaceValues(
  input: Plan,
  pairs: readonly (readonly [from: LiteralValue, to: LiteralValue])[],
  subset: string | readonly string[] | undefined,
): Plan {
  if (!Array.isArray(pairs) || pairs.some(pair => !Array.isArray(pair) || pair.length !== 2)) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `pairs ${shown(pairs)} of replaceValues are not a list of pairs; write replaceValues([['from', 'to']])`,
    );
  }
  const copies = notEmpty('replaceValues', pairs).map(pair => {
    const [from, to] = pair.map(copyOf);
    return Object.freeze([from!, to!] as const);
  });
  return { kind: 'replaceValues', input, pairs: copies, subset: nameList('replaceValues', subset) };
}

function copyOf(value: LiteralValue): LiteralValue {
  const expr = toExpr(value);
  if (expr.kind === 'literal' && !Array.isArray(expr.value)) return expr.value;
  throw new InframeError('ARGUMENT_INVALID', `value ${shown(value)} of replaceValues is not a plain value`);
}
