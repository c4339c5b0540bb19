import type { Names } from '../../../frame/names.js';
import { isModelCall } from './fragment.js';
import type { Scope } from './leaves.js';
import { clauseRoots } from './places.js';
import { columnRef, functionCall, nodesIn, type SyntaxNode, walk } from './syntax.js';

/**
 * Writes out what calls leave out: `m()` and `m(hour := ...)` are fed by the columns that are called like the other
 * inputs. From then on a call says all that it reads. Inputs without such columns are left to the binding of the call,
 * which says what is missing.
 */
export function fillArguments(select: SyntaxNode, scope: Scope, names: Names): void {
  for (const root of clauseRoots(select)) {
    walk(root, node => {
      if (isModelCall(node, names)) fill(node, scope, names);
      return true;
    });
  }
}

function fill(call: SyntaxNode, scope: Scope, names: Names): void {
  const given = nodesIn(call, 'children');
  if (given.some(child => !child.alias)) return;
  const inputs = Object.entries(names.model(String(call['function_name']))?.inputColumns ?? {});
  const missing = inputs.filter(([input]) => !given.some(child => child.alias === input));
  if (missing.some(([, columns]) => !columns.every(column => scope.hasColumn(column)))) return;
  call['children'] = [
    ...given,
    ...missing.map(([input, columns]) => {
      const [only] = columns;
      const value =
        columns.length === 1
          ? columnRef(only!)
          : functionCall(
              'list_value',
              columns.map(column => columnRef(column)),
            );
      return { ...value, alias: input };
    }),
  ];
}
