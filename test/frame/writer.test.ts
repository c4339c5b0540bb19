import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WriteTarget } from '../../src/frame/engine.js';
import { DataFrameReader } from '../../src/frame/reader.js';
import { inframeError } from '../support/onnx.js';
import { fakeSession } from './fake-engine.js';

const session = fakeSession([
  { name: 'Year', type: { kind: 'int32' } },
  { name: 'x', type: { kind: 'float64' } },
]);
const table = new DataFrameReader(session).parquet('t.parquet');

test('a target, mode, compression or partition that cannot be is refused before anything runs', async () => {
  const cases: readonly (readonly [() => Promise<unknown>, ...string[]])[] = [
    [() => table.write.parquet(''), 'target ""'],
    [() => table.write.csv(undefined as never), 'target undefined', 'give a path'],
    [() => table.write.parquet('out', { mode: 'append' as never }), 'mode "append"', 'error, overwrite'],
    [() => table.write.parquet('out', { compression: 'brotli' as never }), 'compression "brotli"', 'snappy'],
    [() => table.write.parquet('out', { partitionBy: 'Year' as never }), 'partitionBy "Year"', "['year']"],
    [() => table.write.parquet('out', { partitionBy: ['x', 'Year'] }), 'partitionBy x, Year', 'leave at least one'],
  ];
  for (const [write, ...words] of cases) {
    await assert.rejects(write(), inframeError('ARGUMENT_INVALID', ...words), String(write));
  }
  await assert.rejects(table.write.parquet('out', { partitionBy: ['yeer'] }), inframeError('COLUMN_NOT_FOUND', 'Year'));
});

test('an engine is told the columns as the table spells them, each once', async () => {
  const targets: WriteTarget[] = [];
  session.engine.write = async (_relation, target) => {
    targets.push(target);
    throw new Error('seen');
  };
  await assert.rejects(table.write.parquet('out', { partitionBy: ['year', 'YEAR'] }), /seen/);
  assert.deepEqual(targets[0], {
    path: 'out',
    format: 'parquet',
    mode: 'error',
    partitionBy: ['Year'],
    compression: 'snappy',
  });
});
