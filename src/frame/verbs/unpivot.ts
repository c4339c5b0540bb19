import type { Plan } from '../plan.js';
import { columnName, nameList, notEmpty } from './arguments.js';

/** Columns as rows: the ids, the name of a column and its value. */
export function unpivot(
  input: Plan,
  ids: string | readonly string[],
  values: string | readonly string[] | undefined,
  nameColumn: string,
  valueColumn: string,
): Plan {
  const named = nameList('unpivot', values);
  return {
    kind: 'unpivot',
    input,
    ids: nameList('unpivot', ids) ?? [],
    values: named && notEmpty('unpivot', named),
    nameColumn: columnName('unpivot', nameColumn),
    valueColumn: columnName('unpivot', valueColumn),
  };
}
