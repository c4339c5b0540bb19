import { InframeError, shown } from '../errors.js';
import type { Plan } from '../plan.js';
import { checkKnown, type GivenSchema, givenFields, tableColumn } from './given-schema.js';
import { elementType, isPlainObject } from './infer.js';
import { localPlan } from './local-plan.js';

/** A table of lists, one a column. A typed array is a column of numbers of its type. */
export function fromColumns(columns: Readonly<Record<string, ArrayLike<unknown>>>, schema?: GivenSchema): Plan {
  if (!isPlainObject(columns) || Object.keys(columns).length === 0) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `columns ${shown(columns)} are not an object of lists; write fromColumns({ name: [value, ...] })`,
    );
  }
  const fields = givenFields(schema);
  const entries = Object.entries(columns);
  const [first] = entries;
  for (const [name, values] of entries) {
    if (fields !== undefined) checkKnown(name, fields, 'the columns');
    if (!Array.isArray(values) && elementType(values) === undefined) {
      throw new InframeError('ARGUMENT_INVALID', `column '${name}' is ${shown(values)}, not a list of values`, {
        column: name,
      });
    }
    if (values.length !== first![1].length) {
      throw new InframeError(
        'ARGUMENT_INVALID',
        `column '${name}' has ${values.length} values and '${first![0]}' ${first![1].length}; give columns of the same length`,
        { column: name },
      );
    }
  }
  const missing = fields?.find(({ name }) => !Object.hasOwn(columns, name));
  if (missing !== undefined) {
    throw new InframeError('COLUMN_NOT_FOUND', `column '${missing.name}' of the schema is not among the columns`, {
      column: missing.name,
      existing: entries.map(([name]) => name),
    });
  }
  const names = fields?.map(({ name }) => name) ?? entries.map(([name]) => name);
  return localPlan(
    names.map(name => ({
      name: tableColumn(name),
      type: fields?.find(field => field.name === name)?.type,
      values: columns[name]!,
      place: row => `${name}[${row}]`,
    })),
  );
}
