import { callsModel, type Expr, some } from '../../../frame/expr.js';
import type { Names } from '../../../frame/names.js';
import type { Plan } from '../../../frame/plan.js';

/** True if computing a plan may run a model. It errs on the side of yes. */
export function mayCallModel(plan: Plan, names: Names, open: readonly string[] = []): boolean {
  const below = (part: Plan): boolean => mayCallModel(part, names, open);
  switch (plan.kind) {
    case 'scan':
    case 'local':
    case 'memory':
    case 'stored':
    case 'command':
      return false;
    case 'named': {
      const folded = plan.name.toLowerCase();
      const found = open.includes(folded) ? undefined : names.table(plan.name);
      return found !== undefined && mayCallModel(found, names, [...open, folded]);
    }
    case 'query':
      // By its words: a view that only speaks of a model is planned as if it called it, which costs little.
      return (
        [...names.modelNames, ...names.builtinNames].some(name => calledIn(plan.text, name)) ||
        readsView(plan.text, names, open)
      );
    case 'statement':
    case 'setOperation':
      return plan.inputs.some(below);
    case 'join':
      return below(plan.left) || below(plan.right) || (plan.on.kind === 'on' && calls(plan.on.condition));
    case 'nearest':
      return below(plan.left) || below(plan.right);
    case 'select':
      return plan.columns.some(column => column !== '*' && calls(column.expr)) || below(plan.input);
    case 'withColumns':
      return plan.columns.some(column => calls(column.expr)) || below(plan.input);
    case 'filter':
      return calls(plan.predicate) || below(plan.input);
    case 'sort':
      return plan.keys.some(key => calls(key.expr)) || below(plan.input);
    case 'aggregate':
      return [...plan.keys, ...plan.aggregates].some(column => calls(column.expr)) || below(plan.input);
    default:
      return below(plan.input);
  }
}

/** SQL text may call a registered model by name. */
function calls(expr: Expr): boolean {
  return callsModel(expr) || some(expr, part => part.kind === 'sql');
}

function calledIn(text: string, name: string): boolean {
  const escaped = name.replace(/[^\w]/g, '\\$&');
  return new RegExp(`(?<!\\w)${escaped}"?\\s*\\(`, 'i').test(text);
}

function readsView(text: string, names: Names, open: readonly string[]): boolean {
  const lower = text.toLowerCase();
  return names.tableNames.some(
    name => lower.includes(name.toLowerCase()) && mayCallModel({ kind: 'named', name }, names, open),
  );
}
