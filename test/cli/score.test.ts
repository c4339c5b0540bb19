import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openSession, temporaryFolder } from '../support/sessions.js';
import { line, runCli, sumAndDifference, writeModel } from './cli.js';

const CSV = 'id,a,b,kind\n1,1,10,s\n2,2,20,m\n3,3,30,l\n4,,40,l\n';

/** A folder with a table and two models. */
async function house(t: TestContext): Promise<string> {
  const folder = temporaryFolder(t);
  await writeFile(join(folder, 'table.csv'), CSV);
  await writeModel(join(folder, 'line.onnx'), line);
  await writeModel(join(folder, 'two.onnx'), sumAndDifference);
  return folder;
}

async function rowsOf(t: TestContext, path: string, format: 'parquet' | 'csv' | 'jsonl' | 'arrow' = 'parquet') {
  const session = await openSession(t, { workers: 1 });
  return session.read.table(path, format).collect();
}

test('score writes the table with the prediction, and says what it did', async t => {
  const folder = await house(t);
  const { code, stdout, stderr } = await runCli(
    t,
    folder,
    ...['score', 'table.csv', '--model', 'line.onnx', '--input', 'x=a', '--out', 'scored'],
  );
  assert.equal(code, 0, stderr);
  assert.equal(stderr, '');
  assert.match(stdout, /^4 rows scored in [\d.]+ s, [\d,.]+ rows\/s\n/);
  assert.match(stdout, /\n1 row had a null among the inputs \(so the prediction is null\)\n/);
  assert.match(stdout, /\nwrote 1 Parquet file in scored\n$/);
  assert.deepEqual(await rowsOf(t, join(folder, 'scored')), [
    { id: 1n, a: 1n, b: 10n, kind: 's', y: 3 },
    { id: 2n, a: 2n, b: 20n, kind: 'm', y: 5 },
    { id: 3n, a: 3n, b: 30n, kind: 'l', y: 7 },
    { id: 4n, a: null, b: 40n, kind: 'l', y: null },
  ]);
});

test('--json gives one object and nothing else', async t => {
  const folder = await house(t);
  const args = ['score', 'table.csv', '--model', 'line.onnx', '--input', 'x=b', '--out', 'scored', '--json'];
  const { code, stdout } = await runCli(t, folder, ...args);
  assert.equal(code, 0);
  const report = JSON.parse(stdout) as Record<string, unknown>;
  assert.equal(stdout.trimEnd().includes('\n'), false);
  assert.equal(report['rows'], 4);
  assert.equal(report['scoredRows'], 4);
  assert.equal(report['failedRows'], 0);
  assert.equal(report['complete'], false);
  assert.equal(report['target'], 'scored');
  assert.equal(report['format'], 'parquet');
  assert.equal((report['files'] as string[]).length, 1);
  const again = JSON.parse((await runCli(t, folder, ...args)).stdout) as Record<string, unknown>;
  assert.equal(again['complete'], true);
  assert.equal(again['rows'], 4);
  assert.equal(again['scoredRows'], 0);
});

test('the same words again find the job complete; other words need --overwrite', async t => {
  const folder = await house(t);
  const words = ['score', 'table.csv', '--model', 'line.onnx', '--out', 'scored', '--input'];
  assert.equal((await runCli(t, folder, ...words, 'x=a')).code, 0);
  const again = await runCli(t, folder, ...words, 'x=a');
  assert.equal(again.code, 0);
  assert.match(again.stdout, /^complete already: .* 4 rows, 1 Parquet file in scored\n/);

  const refused = await runCli(t, folder, ...words, 'x=b');
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /^inframe: target 'scored' holds the result of another job: .* with --overwrite\n$/);
  assert.equal((await rowsOf(t, join(folder, 'scored')))[0]?.['y'], 3);

  const replaced = await runCli(t, folder, ...words, 'x=b', '--overwrite');
  assert.equal(replaced.code, 0, replaced.stderr);
  assert.equal((await rowsOf(t, join(folder, 'scored')))[0]?.['y'], 21);
});

test('--keep, --name, --where and --with shape the result', async t => {
  const folder = await house(t);
  const { code, stderr } = await runCli(
    t,
    folder,
    ...['score', 'table.csv', '--model', 'line.onnx', '--out', 'scored', '--input', 'x=half'],
    ...['--with', 'half=b / 2', '--with', 'quarter=half / 2', '--where', "quarter >= 5 AND kind <> 's'"],
    ...['--keep', 'kind,"id"', '--name', 'guess'],
  );
  assert.equal(code, 0, stderr);
  assert.deepEqual(await rowsOf(t, join(folder, 'scored')), [
    { kind: 'm', id: 2n, guess: 21 },
    { kind: 'l', id: 3n, guess: 31 },
    { kind: 'l', id: 4n, guess: 41 },
  ]);
});

test('several outputs become one column each, and are named one by one', async t => {
  const folder = await house(t);
  const words = ['score', 'table.csv', '--model', 'two.onnx', '--input', 'x=a,b', '--keep', 'id', '--out', 'scored'];
  const vague = await runCli(t, folder, ...words, '--name', 'total');
  assert.equal(vague.code, 2);
  assert.match(vague.stderr, /does not say which output .* has: sum, difference; write --name sum=total\n$/);
  const wrong = await runCli(t, folder, ...words, '--name', 'summ=total');
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /names no output of model 'two'; it has: sum, difference\n$/);

  const { code, stderr } = await runCli(t, folder, ...words, '--name', 'sum=total');
  assert.equal(code, 0, stderr);
  const rows = await rowsOf(t, join(folder, 'scored'));
  assert.deepEqual(rows[1], { id: 2n, total: 22, difference: -18 });
});

test('an output does not replace a column behind your back', async t => {
  const folder = await house(t);
  await writeFile(join(folder, 'table.csv'), 'x,Y\n1,2\n');
  const words = ['score', 'table.csv', '--model', 'line.onnx', '--out', 'scored'];
  const clash = await runCli(t, folder, ...words);
  assert.equal(clash.code, 2);
  assert.equal(
    clash.stderr,
    "inframe: output 'y' would be column 'y', which the table has already; give it another name: --name y_predicted\n",
  );
  assert.equal(existsSync(join(folder, 'scored')), false);
  assert.equal((await runCli(t, folder, ...words, '--keep', 'x')).code, 0, 'the column is not kept');
});

for (const format of ['parquet', 'csv', 'jsonl', 'arrow'] as const) {
  test(`--format ${format}, and a folder of it is read without saying so`, async t => {
    const folder = await house(t);
    const scored = await runCli(
      t,
      folder,
      ...[
        'score',
        'table.csv',
        '-m',
        'line.onnx',
        '-o',
        'scored',
        '--input',
        'x=a',
        '--keep',
        'id',
        '--format',
        format,
      ],
    );
    assert.equal(scored.code, 0, scored.stderr);
    const files = readdirSync(join(folder, 'scored')).filter(name => !name.startsWith('_'));
    assert.deepEqual(
      files.map(name => name.split('.').at(-1)),
      [format],
    );
    const shown = await runCli(t, folder, 'head', 'scored', '--json');
    assert.equal(shown.code, 0, shown.stderr);
    const { rows } = JSON.parse(shown.stdout) as { rows: unknown };
    assert.deepEqual(rows, [
      { id: 1, y: 3 },
      { id: 2, y: 5 },
      { id: 3, y: 7 },
      { id: 4, y: null },
    ]);
  });
}

test('several inputs are read one after the other, by glob, folder or name; of one format only', async t => {
  const folder = await house(t);
  await writeFile(join(folder, 'more.csv'), CSV.replaceAll(/^(\d)/gm, '1$1'));
  const words = ['-m', 'line.onnx', '--input', 'x=a', '--keep', 'id', '--format', 'csv'];
  const named = await runCli(t, folder, 'score', 'table.csv', 'more.csv', ...words, '-o', 'named');
  assert.equal(named.code, 0, named.stderr);
  const ids = (await rowsOf(t, join(folder, 'named'), 'csv')).map(row => Number(row['id']));
  assert.deepEqual(ids, [1, 2, 3, 4, 11, 12, 13, 14]);
  assert.equal((await runCli(t, folder, 'score', '*.csv', ...words, '-o', 'globbed')).code, 0);
  assert.equal((await rowsOf(t, join(folder, 'globbed'), 'csv')).length, 8);

  const mixed = await runCli(t, folder, 'score', 'table.csv', 'x.parquet', ...words, '-o', 'mixed');
  assert.equal(mixed.code, 2);
  assert.match(mixed.stderr, /^inframe: inputs are of several formats: table.csv \(csv\), x.parquet \(parquet\); /);
});

test('what a --where or --with may hold is one expression over the columns', async t => {
  const folder = await house(t);
  await writeFile(join(folder, 'secret.csv'), 'word\nhush\n');
  const attempts = [
    '1=1) ; DROP TABLE x; --',
    "1=1) ; COPY (SELECT 1) TO 'stolen.csv' --",
    "a IN (SELECT length(word) FROM 'secret.csv')",
    "EXISTS (FROM read_csv('secret.csv'))",
    'a = 1 UNION SELECT 1',
    '1=1) FROM range(3) --',
    'a > 1 /*',
    ' ',
  ];
  const flags = [
    ...attempts.map(attempt => ['--where', attempt]),
    ...attempts.slice(0, 3).map(attempt => ['--with', `c=${attempt}`]),
  ];
  for (const flag of flags) {
    const words = ['score', 'table.csv', '-m', 'line.onnx', '--input', 'x=a', '-o', 'scored'];
    const { code, stdout, stderr } = await runCli(t, folder, ...words, ...flag);
    assert.equal(code, 2, `${flag.join(' ')}: ${stderr}`);
    assert.equal(stdout, '');
    assert.match(stderr, /^inframe: .*\n$/);
    assert.doesNotMatch(stderr, /hush|\bat .*:\d+:\d+/);
  }
  assert.deepEqual(readdirSync(folder).sort(), ['line.onnx', 'secret.csv', 'table.csv', 'two.onnx']);
});

test('rows that cannot be scored are counted, with the reason', async t => {
  const folder = await house(t);
  await writeFile(join(folder, 'lists.jsonl'), '{"x":[1,2]}\n{"x":[1]}\n{"x":[3,4]}\n');
  const { code, stdout, stderr } = await runCli(
    t,
    folder,
    ...['score', 'lists.jsonl', '--model', 'two.onnx', '--out', 'scored'],
  );
  assert.equal(code, 0, stderr);
  assert.match(stdout, /\n1 row could not be scored \(their prediction is null\):\n {2}\S.*\n/);
});

test('errors are one sentence, in the words of the shell, with the exit code of their kind', async t => {
  const folder = await house(t);
  await writeFile(join(folder, 'broken.onnx'), 'not a model at all, but long enough to be read as one');
  const cases: readonly (readonly [code: number, args: readonly string[], pattern: RegExp])[] = [
    [2, ['nope.csv', '-m', 'line.onnx'], /file 'nope.csv' does not exist/],
    [2, ['table.csv', '-m', 'lime.onnx'], /model 'lime.onnx' does not exist.*did you mean 'line.onnx'/],
    [1, ['table.csv', '-m', 'broken.onnx'], /model 'broken.onnx' is not an ONNX file/],
    [2, ['table.csv', '-m', 'line.onnx'], /say which columns feed it: --input x=COLUMN,.*--with "x=EXPRESSION"/],
    [2, ['table.csv', '-m', 'line.onnx', '--input', 'z=a'], /input 'z' is not one of model 'line'; it has: x/],
    [2, ['table.csv', '-m', 'line.onnx', '--input', 'x=a', '--keep', 'idd'], /column 'idd'.*did you mean 'id'/],
    [2, ['line.onnx', '-m', 'line.onnx'], /file 'line.onnx' is a model, not a table; .* inframe inspect/],
  ];
  for (const [code, args, pattern] of cases) {
    const outcome = await runCli(t, folder, 'score', ...args, '--out', 'scored', '--json');
    assert.equal(outcome.code, code, outcome.stderr);
    assert.match(outcome.stderr, pattern);
    assert.match(outcome.stderr, /^inframe: [^\n]*\n$/);
    const { error } = JSON.parse(outcome.stdout) as { error: { code: string; message: string; details: object } };
    assert.equal(`inframe: ${error.message}\n`, outcome.stderr);
    assert.match(error.code, /^[A-Z_]+$/);
    assert.equal(typeof error.details, 'object');
  }
  assert.equal(existsSync(join(folder, 'scored')), false);
});

test('a target that is not ours is left alone', async t => {
  const folder = await house(t);
  const words = ['score', 'table.csv', '-m', 'line.onnx', '--input', 'x=a', '-o'];
  const file = await runCli(t, folder, ...words, 'table.csv', '--overwrite');
  assert.equal(file.code, 2);
  assert.match(file.stderr, /target 'table.csv' is a file/);
  const foreign = await runCli(t, folder, ...words, '.', '--overwrite');
  assert.equal(foreign.code, 2);
  assert.equal(readFileSync(join(folder, 'table.csv'), 'utf8'), CSV);
});
