import assert from 'node:assert/strict';
import type { Column } from '../../../src/frame/expr.js';
import { type ModelCall, referenceOf } from '../../../src/frame/model.js';
import { Schema } from '../../../src/frame/schema.js';
import type { DataType } from '../../../src/frame/types.js';
import type { ColumnView } from '../../../src/udf/columns.js';
import type { FunctionCallDescriptor } from '../../../src/udf/function/descriptor.js';
import { FunctionCache, type LoadedFunction } from '../../../src/udf/function/load.js';
import type { OutputColumn } from '../../../src/udf/function/output-columns.js';
import { type CallWatch, FunctionScorer } from '../../../src/udf/function/scorer.js';
import type { Udf } from '../../../src/udf/function/udf.js';

/*
 * Functions called on columns made by hand, on this thread, which only a test may do (Rule 1).
 */

/** Checks a call as analysis does. @param columns the table's columns and their types */
export function bindCall(column: Column, columns: Readonly<Record<string, DataType>>): ModelCall {
  const schema = new Schema(Object.entries(columns).map(([name, type]) => ({ name, type })));
  assert.ok(column.expr.kind === 'model');
  const { model, args } = column.expr;
  return model.bind(args, expr => (expr.kind === 'column' ? schema.type(expr.name) : { kind: 'float64' }), schema);
}

/** The descriptor of a call on columns of exactly the declared types. */
export function descriptorOf(made: Udf): FunctionCallDescriptor {
  const known = referenceOf(made);
  assert.ok(known !== undefined && 'signature' in known);
  const { inputs } = (known as unknown as FunctionCallDescriptor & { signature: FunctionCallDescriptor }).signature;
  const columns = Object.fromEntries(inputs.map(({ name, type }) => [name, type]));
  return bindCall(made(...inputs.map(({ name }) => name)), columns).descriptor as FunctionCallDescriptor;
}

const NOBODY: CallWatch = { enter: () => undefined, leave: () => undefined };

/** Rows as an engine hands them over, and how many. */
export type Chunk = readonly [views: readonly ColumnView[], rows: number];

/**
 * The rows of one task through a function, chunk by chunk.
 *
 * @param instead what is called in its place: a function of the test, which may see what is around it
 */
export async function scored(
  made: Udf,
  chunks: readonly Chunk[],
  instead?: LoadedFunction,
  watch: CallWatch = NOBODY,
): Promise<FunctionScorer> {
  const call = descriptorOf(made);
  const scorer = new FunctionScorer(call, instead ?? (await new FunctionCache().get(call)), 0, watch);
  for (const [views, rows] of chunks) await scorer.add(views, rows);
  await scorer.flush();
  return scorer;
}

/** What a column of answers holds, as plain values. */
export function valuesOf(column: OutputColumn, from = 0, to = column.length): readonly unknown[] {
  return Array.from({ length: to - from }, (_, index) => valueAt(column, from + index));
}

function valueAt(column: OutputColumn, row: number): unknown {
  if (column.nulls.has(row)) return null;
  switch (column.kind) {
    case 'numbers':
    case 'string':
    case 'binary':
      return column.values[row];
    case 'lists':
      return valuesOf(column.child, column.offsets[row]!, column.offsets[row + 1]!);
    case 'structs':
      return Object.fromEntries(column.fields.map(([name, field]) => [name, valueAt(field, row)]));
  }
}
