import { InframeError, shown } from '../errors.js';
import type { Plan } from '../plan.js';
import { checkKnown, type GivenSchema, givenFields, tableColumn } from './given-schema.js';
import { isPlainObject } from './infer.js';
import { localPlan } from './local-plan.js';

/** A table of plain objects, one a row; a column that a row does not have is null there. */
export function fromRows(rows: readonly object[], schema?: GivenSchema): Plan {
  if (!Array.isArray(rows)) {
    throw new InframeError('ARGUMENT_INVALID', `rows ${shown(rows)} are not a list; write fromRows([{ name: value }])`);
  }
  const fields = givenFields(schema);
  const names = new Set(fields?.map(({ name }) => name));
  const known = new Set(names);
  const records = rows.map((row: unknown, at) => {
    if (!isPlainObject(row)) {
      throw new InframeError('ARGUMENT_INVALID', `row ${shown(row)} at rows[${at}] is not an object of columns`);
    }
    for (const name of Object.keys(row)) {
      if (known.has(name)) continue;
      if (fields !== undefined) checkKnown(name, fields, `rows[${at}]`);
      known.add(tableColumn(name));
      names.add(name);
    }
    return row;
  });
  if (names.size === 0) {
    throw new InframeError('ARGUMENT_INVALID', 'rows name no column; give a schema: { name: { kind: ... } }');
  }
  return localPlan(
    [...names].map(name => ({
      name,
      type: fields?.find(field => field.name === name)?.type,
      values: records.map(row => row[name]),
      place: row => `rows[${row}].${name}`,
    })),
  );
}
