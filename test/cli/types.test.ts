import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { compile } from '../support/compiler.js';
import { linear } from '../support/models.js';
import { emptyParquet } from '../support/parquet.js';
import { temporaryFolder } from '../support/sessions.js';
import { makeFile, saveModel } from '../support/tables.js';
import { runCli } from './cli.js';

test('types writes the row type of a table', async t => {
  const folder = temporaryFolder(t);
  await makeFile(
    join(folder, 'my-flights 2024.parquet'),
    `SELECT 1::BIGINT AS id, 'x' AS "from", DATE '2024-01-01' AS day, [1.5::FLOAT] AS scores, 2::SMALLINT AS "a b"`,
  );
  const { code, stdout, stderr } = await runCli(t, folder, 'types', 'my-flights 2024.parquet', '--not-null', 'ID,from');
  assert.equal(code, 0, stderr);
  assert.equal(
    stdout,
    `/** A row of my-flights 2024.parquet. */
export interface MyFlights2024 {
  id: bigint;
  from: string;
  /** date */
  day: Date | null;
  /** list<float32> */
  scores: readonly (number | null)[] | null;
  /** int16 */
  'a b': number | null;
}
`,
  );
});

test('columns that Parquet files require, or count no null in, hold none', async t => {
  const folder = temporaryFolder(t);
  const inside = [{ name: 'r', required: true }];
  await writeFile(
    join(folder, 'required.parquet'),
    emptyParquet([
      { name: 'a', required: true },
      { name: 's', required: false, children: inside },
      { name: 'r', required: false },
      { name: 't', required: true, children: inside },
    ]),
  );
  const required = await runCli(t, folder, 'types', 'required.parquet');
  assert.equal(required.code, 0, required.stderr);
  assert.match(required.stdout, /^ {2}a: number;$/m);
  assert.match(required.stdout, /^ {2}s: \{ .* \} \| null;$/m);
  assert.match(required.stdout, /^ {2}r: number \| null;$/m);
  assert.match(required.stdout, /^ {2}t: \{ [^}]* \};$/m);

  await makeFile(join(folder, 'part-1.parquet'), "SELECT 1 AS a, 'x' AS b, {'c': 1, 'd': 2} AS s, [1, 2] AS l");
  await makeFile(
    join(folder, 'part-2.parquet'),
    "SELECT 2 AS a, NULL::VARCHAR AS b, {'c': 1, 'd': NULL::INT} AS s, [3] AS l",
  );
  const without = await runCli(t, folder, 'types', 'part-*.parquet', '--name', 'Part');
  assert.doesNotMatch(without.stdout, /: number;/);
  const counted = await runCli(t, folder, 'types', 'part-*.parquet', '--statistics', '--name', 'Part');
  assert.equal(counted.code, 0, counted.stderr);
  assert.match(counted.stdout, /^ {2}a: number;$/m);
  assert.match(counted.stdout, /^ {2}b: string \| null;$/m);
  assert.match(counted.stdout, /^ {2}s: \{ .* \} \| null;$/m);
  assert.match(counted.stdout, /^ {2}l: readonly \(number \| null\)\[\];$/m);
  const one = await runCli(t, folder, 'types', 'part-1.parquet', '--statistics');
  assert.match(one.stdout, /^ {2}b: string;$/m);
});

test('types writes the type of a model, and both compile together', async t => {
  const folder = temporaryFolder(t);
  await saveModel(folder, 'linear.onnx', linear());
  await writeFile(join(folder, 'points.csv'), 'x,z\n1,2\n');
  const table = await runCli(t, folder, 'types', 'points.csv', '--out', 'points.ts');
  assert.deepEqual([table.code, table.stdout, table.stderr], [0, '', '']);
  const { code, stdout, stderr } = await runCli(t, folder, 'types', 'linear.onnx');
  assert.equal(code, 0, stderr);
  assert.equal(
    stdout,
    `/** What linear.onnx takes and gives. */
export interface LinearModel {
  inputs: {
    /** float32[N, 2] */
    in: readonly number[] & { readonly length: 2 };
  };
  outputs: {
    /** float32 */
    y: number | null;
  };
}
`,
  );
  const { errors } = compile(`import { connect } from 'inframe';
${await readFile(join(folder, 'points.ts'), 'utf8')}${stdout}
const session = await connect();
const model = await session.model<LinearModel>('linear.onnx');
const [row] = await session.read.csv<Points>('points.csv').withColumn('y', model('x', 'z')).collect();
export const y: number | null | undefined = row?.y;
`);
  assert.deepEqual(errors, []);
});

test('what types cannot do is said in one sentence', async t => {
  const folder = temporaryFolder(t);
  await writeFile(join(folder, 'a.csv'), 'x\n1\n');
  await saveModel(folder, 'm.onnx', linear());
  for (const [args, code, pattern] of [
    [['nothing.parquet'], 2, /file 'nothing.parquet' does not exist/],
    [['nothing.onnx'], 2, /nothing\.onnx/],
    [['a.csv', '--not-null', 'y'], 2, /column 'y' is not in the table; it has: x/],
    [['a.csv', '--statistics'], 2, /--statistics is for Parquet, and 'a.csv' is csv; use --not-null a,b/],
    [
      ['a.csv', '--name', 'my type'],
      2,
      /name 'my type' is not one that TypeScript takes; write it as in --name Flights/,
    ],
    [['a.csv', '--name', 'class'], 2, /name 'class' is not one/],
    [['m.onnx', '--not-null', 'x'], 2, /option --not-null is for tables, and 'm.onnx' is a model/],
    [['a.csv', '--out', join('no', 'such', 'a.ts')], 1, /file '.*a.ts' cannot be written: .*; name another with --out/],
    [[], 2, /argument 'input' is missing/],
  ] as const) {
    const outcome = await runCli(t, folder, 'types', ...args);
    assert.match(outcome.stderr, pattern);
    assert.match(outcome.stderr, /^inframe: [^\n]*\n$/);
    assert.equal(outcome.code, code, args.join(' '));
    assert.equal(outcome.stdout, '');
  }
});
