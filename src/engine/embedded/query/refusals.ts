import { InframeError } from '../../../frame/errors.js';
import { isModelCall } from './fragment.js';
import { isAggregate } from './functions.js';
import { misplaced } from './places.js';
import type { QueryContext } from './query-context.js';
import { columnNames, nodesIn, type SyntaxNode, someNode, walk } from './syntax.js';

/** Clauses that are carried out before there are groups and windows. */
const EARLY: readonly (readonly [member: string, name: string])[] = [
  ['where_clause', 'WHERE'],
  ['group_expressions', 'GROUP BY'],
];

/**
 * Finds calls that no stage can take out of a SELECT, before anything is done with it.
 *
 * @throws InframeError EXPRESSION_INVALID for what SQL does not allow there, MODEL_CALL_MISPLACED for what inframe does not
 */
export function refuseCalls(select: SyntaxNode, context: QueryContext): void {
  const isCall = (node: SyntaxNode): boolean => isModelCall(node, context.names);
  for (const [member, clause] of EARLY) {
    walk(select[member], node => {
      if (!isCall(node)) return true;
      const name = String(node['function_name']);
      const early = (what: string, remedy: string): InframeError =>
        new InframeError(
          'EXPRESSION_INVALID',
          `call of model '${name}' in ${clause} is over ${what}, which is computed after ${clause}; ${remedy}`,
          { model: name, place: clause },
        );
      if (someNode(node['children'], part => isAggregate(part, context.aggregates))) {
        throw early('an aggregate', 'put the condition into HAVING, or group in a subquery');
      }
      if (someNode(node['children'], part => part.class === 'WINDOW')) {
        throw early('a window function', 'put the condition into QUALIFY, or compute it in a subquery');
      }
      return true;
    });
  }
  for (const member of ['select_list', 'having', 'qualify', 'modifiers']) {
    walk(select[member], node => {
      if (!isAggregate(node, context.aggregates)) return true;
      walk(node['children'], call => {
        if (!isCall(call) || !someNode(call['children'], part => part.class === 'WINDOW')) return true;
        const name = String(call['function_name']);
        throw new InframeError(
          'EXPRESSION_INVALID',
          `call of model '${name}' inside an aggregate is over a window function, which is computed after the aggregate; compute it in a subquery`,
          { model: name },
        );
      });
      return true;
    });
  }
  walk(select['select_list'], node => refuseInLambda(node, isCall, context));
  for (const member of ['where_clause', 'group_expressions', 'having', 'qualify', 'modifiers']) {
    walk(select[member], node => refuseInLambda(node, isCall, context));
  }
}

/** The parameter of a lambda has its values inside the row: there is nothing to score before it runs. */
function refuseInLambda(node: SyntaxNode, isCall: (node: SyntaxNode) => boolean, context: QueryContext): boolean {
  if (node.class !== 'LAMBDA') return true;
  const parameters = new Set<string>();
  walk(node['lhs'], part => {
    for (const name of columnNames(part).slice(0, 1)) parameters.add(name.toLowerCase());
    return true;
  });
  walk(node['expr'], call => {
    const bound = (part: SyntaxNode): boolean => parameters.has(columnNames(part)[0]?.toLowerCase() ?? '');
    if (isCall(call) && someNode(nodesIn(call, 'children'), bound)) {
      throw misplaced(
        context.text,
        call,
        'a lambda',
        'reads the parameter of the lambda',
        'unnest the list in a subquery, call the model there, and collect the results with list()',
      );
    }
    return true;
  });
  return true;
}
