import type { Plan } from '../plan.js';

/** The plan, computed when its rows are first needed and then kept. */
export function cache(input: Plan): Plan {
  return input.kind === 'cache' ? input : { kind: 'cache', input, store: { result: undefined } };
}

/** The plan without its cache; what was kept is forgotten by all frames that share it. */
export function unpersist(plan: Plan): Plan {
  if (plan.kind !== 'cache') return plan;
  plan.store.result = undefined;
  return plan.input;
}
