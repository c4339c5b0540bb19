import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { csvLine } from '../../src/cli/csv.js';
import { printRows } from '../../src/cli/print-rows.js';
import { runProgram } from '../../src/cli/program.js';
import { Sink } from '../../src/cli/sink.js';
import { literal } from '../../src/cli/statements.js';
import { InframeError, isWrongUse } from '../../src/frame/errors.js';
import { type DataFrame, type Row, Schema } from '../../src/index.js';
import { temporaryFolder } from '../support/sessions.js';
import { duck, readResult } from '../support/tables.js';
import {
  committedTasks,
  line,
  runCli,
  slowIdentity,
  startCli,
  sumAndDifference,
  writeModel,
  writeNumbers,
} from './cli.js';

/** A folder with a table of four rows and two models. */
async function workFolder(t: TestContext): Promise<string> {
  const folder = temporaryFolder(t);
  await writeFile(join(folder, 'pairs.csv'), 'id,a,b\n1,1,2\n2,5,3\n3,10,4\n4,0,-1\n');
  await writeModel(join(folder, 'line.onnx'), line);
  await writeModel(join(folder, 'sums.onnx'), sumAndDifference);
  return folder;
}

test('a statement prints its rows as a table', async t => {
  const folder = await workFolder(t);
  const { code, stdout, stderr } = await runCli(
    t,
    folder,
    'sql',
    "SELECT id, a + b AS s FROM 'pairs.csv' ORDER BY id DESC LIMIT 2",
  );
  assert.equal(code, 0, stderr);
  assert.equal(stderr, '');
  assert.equal(
    stdout,
    `┌────┬────┐
│ id │  s │
├────┼────┤
│  4 │ -1 │
│  3 │ 14 │
└────┴────┘
`,
  );
});

test('models and tables are named on the command line, and called as functions', async t => {
  const folder = await workFolder(t);
  const words = ['--model', 'line=line.onnx', '--model', 'sums=sums.onnx', '--table', 'pairs=pairs.csv'];
  const text =
    'SELECT id, line(a) AS y, sums(a, b).difference AS d FROM pairs WHERE sums(a, b).sum > 3 ORDER BY line(a)';
  const { code, stdout, stderr } = await runCli(t, folder, 'sql', text, ...words, '--json', '-q');
  assert.equal(code, 0, stderr);
  // y = 2 a + 1, d = a - b, where a + b > 3
  assert.deepEqual(JSON.parse(stdout), {
    schema: [
      { name: 'id', type: 'int64' },
      { name: 'y', type: 'float32' },
      { name: 'd', type: 'float32' },
    ],
    rows: [
      { id: 2, y: 11, d: 2 },
      { id: 3, y: 21, d: 6 },
    ],
  });
});

const SCRIPT = `-- a script
CREATE MODEL line FROM 'line.onnx' WITH (batch_size = 2);
CREATE TEMP TABLE scored AS
  SELECT id, line(a) AS y FROM 'pairs.csv';
SELECT count(*) AS n, sum(y) AS total FROM scored;
COPY scored TO 'out' (FORMAT parquet, OVERWRITE);
`;

test('a script comes from a pipe or a file', async t => {
  const folder = await workFolder(t);
  const job = startCli(t, folder, ['sql', '--csv']);
  job.child.stdin.end(SCRIPT);
  const { code, stdout, stderr } = await job.ended;
  assert.equal(code, 0, stderr);
  assert.match(
    stderr,
    /^inframe: model 'line' was created from 'line.onnx'\ninframe: table 'scored' was created with 4 rows\n$/,
  );
  const lines = stdout.split('\r\n');
  assert.deepEqual(lines.slice(0, 3), ['n,total', '4,36', 'rows,failed_rows,seconds,path']);
  assert.match(lines[3]!, /^4,0,[\d.e-]+,out$/);
  assert.deepEqual(await readResult(join(folder, 'out'), 'id, y'), [
    [1n, 3],
    [2n, 11],
    [3n, 21],
    [4n, 1],
  ]);

  await writeFile(join(folder, 'report.sql'), SCRIPT);
  const again = await runCli(t, folder, 'sql', '--file', 'report.sql', '--csv', '--quiet');
  assert.deepEqual([again.code, again.stderr], [0, '']);
  assert.ok(again.stdout.startsWith('n,total\r\n4,36\r\n'));
});

test('results as JSON: a line a statement; as CSV: what DuckDB reads back', async t => {
  const folder = await workFolder(t);
  const text = `SELECT 'a,"b"' AS "x,y", NULL AS n, '' AS empty, 'two\nlines' AS l, [1, 2] AS list, 1.5 AS d, DATE '2024-02-29' AS day;
    CREATE TABLE t AS SELECT 1 AS x; SHOW TABLES; SELECT 1 AS x WHERE false`;
  const json = await runCli(t, folder, 'sql', text, '--json');
  assert.equal(json.code, 0, json.stderr);
  const results = json.stdout
    .trimEnd()
    .split('\n')
    .map(each => (JSON.parse(each) as { rows: unknown }).rows);
  assert.deepEqual(results, [
    [{ 'x,y': 'a,"b"', n: null, empty: '', l: 'two\nlines', list: [1, 2], d: 1.5, day: '2024-02-29' }],
    [{ status: "table 't' was created with 1 row" }],
    [{ name: 't', kind: 'table', columns: 'x' }],
    [],
  ]);
  const csv = await runCli(t, folder, 'sql', text.split(';')[0]!, '--csv');
  await writeFile(join(folder, 'read.csv'), csv.stdout);
  assert.deepEqual(
    await duck(
      `SELECT * FROM read_csv('${join(folder, 'read.csv')}', all_varchar = true, header = true, force_not_null = ['empty'])`,
    ),
    [['a,"b"', null, '', 'two\nlines', '[1,2]', '1.5', '2024-02-29']],
  );
});

test('rows that end in an error leave whole JSON behind', async () => {
  const schema = new Schema([{ name: 'x', type: { kind: 'string' } }]);
  const broken = (good: number): DataFrame => {
    const rows = async function* (): AsyncGenerator<Row, void, undefined> {
      for (let at = 0; at < good; at++) yield { x: 'x'.repeat(1000) };
      throw new InframeError('QUERY_FAILED', 'query failed');
    };
    // All that printing asks of a frame.
    return { schema: async () => schema, rows } as unknown as DataFrame;
  };
  for (const [good, whole] of [
    [1000, true],
    [1, false],
  ] as const) {
    const stream = new PassThrough({ highWaterMark: 1e9 });
    await assert.rejects(printRows(broken(good), 'json', undefined, new Sink(stream), {}), /query failed/);
    const text = String(stream.read() ?? '');
    if (!whole) assert.equal(text, '', 'nothing has been written yet, so nothing has to be closed');
    else {
      const { rows, complete } = JSON.parse(text) as { rows: unknown[]; complete: boolean };
      assert.deepEqual([rows.length, complete], [good, false]);
    }
  }
});

test('a table shows the first rows, and says so; the other formats give all', async t => {
  const folder = temporaryFolder(t);
  const rows = async (...words: readonly string[]): Promise<string> => {
    const { stdout, stderr, code } = await runCli(t, folder, 'sql', 'SELECT i FROM range(50) r(i)', ...words);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const table = await rows();
  assert.deepEqual([table.split('\n').length, table.endsWith('\nthe first 40 rows\n')], [46, true]);
  assert.ok((await rows('-n', '3')).endsWith('\nthe first 3 rows\n'));
  assert.equal((await rows('--csv')).split('\r\n').length, 52);
  assert.equal((await rows('--csv', '--rows', '3')).split('\r\n').length, 5);
  assert.equal((JSON.parse(await rows('--json')) as { rows: unknown[] }).rows.length, 50);
});

test('parameters are bound, by place or by name', async t => {
  const folder = await workFolder(t);
  const values = async (text: string, ...params: readonly string[]): Promise<unknown> => {
    const words = params.flatMap(param => ['--param', param]);
    const { stdout, stderr, code } = await runCli(t, folder, 'sql', text, '--json', ...words);
    assert.equal(code, 0, stderr);
    return stdout
      .trimEnd()
      .split('\n')
      .map(each => (JSON.parse(each) as { rows: unknown[] }).rows);
  };
  assert.deepEqual(await values("SELECT id FROM 'pairs.csv' WHERE a > $1 AND b < ?2", '1=0', '2=4'), [
    [{ id: 1 }, { id: 2 }],
  ]);
  assert.deepEqual(await values('SELECT $x AS x, $y AS y; SELECT $y AS z', "x='; DROP TABLE t; --", 'y=5'), [
    [{ x: "'; DROP TABLE t; --", y: 5 }],
    [{ z: 5 }],
  ]);
});

test('what stands behind --param is what it looks like', () => {
  for (const [text, value] of [
    ['5', 5],
    ['-12', -12],
    ['1.5e3', 1500],
    ['.5', 0.5],
    ['12345678901234567890', 12345678901234567890n],
    ['true', true],
    ['FALSE', false],
    ['null', null],
    ['2024-01-01', '2024-01-01'],
    ["'5'", '5'],
    ["'it''s'", "it's"],
    ["'", "'"],
    ['5 apples', '5 apples'],
  ] as const) {
    assert.equal(literal(text), value, text);
  }
});

test('CSV lines by RFC 4180', () => {
  assert.equal(
    csvLine(['a', 1, null, undefined, '', 'x,y', 'say "so"', 'a\nb', [1], true]),
    'a,1,,,"","x,y","say ""so""","a\nb",[1],true\r\n',
  );
});

test('EXPLAIN is plain text; DESCRIBE and SHOW show all they have', async t => {
  const folder = await workFolder(t);
  const text = 'EXPLAIN SELECT line(a) FROM pairs; DESCRIBE MODEL line; DESCRIBE pairs';
  const { code, stdout, stderr } = await runCli(
    t,
    folder,
    'sql',
    text,
    '--model',
    'line=line.onnx',
    '--table',
    'pairs=pairs.csv',
    '-n',
    '1',
  );
  assert.equal(code, 0, stderr);
  assert.doesNotMatch(stdout.split('┌')[0]!, /│|⏎/);
  assert.match(stdout, /line/);
  assert.match(stdout, /│ input +│ x +│ float32 │ \[N, 1\] │ one column of numbers │\n│ output │ y /);
  assert.match(stdout, /│ id +│ int64 │\n│ a +│ int64 │\n│ b +│ int64 │\n/);
});

test('what is wrong is one sentence, with the place in a script; exit code 2 for words, 1 for work', async t => {
  const folder = await workFolder(t);
  for (const [words, code, pattern] of [
    [['SELEC 1'], 2, /^inframe: statement 'SELEC 1' is not known \(did you mean 'SELECT'\?\); there are: /],
    [
      ['SELECT 1; SELECT a FROM nothing'],
      2,
      /^inframe: statement 2 \(line 1\) failed: table 'nothing' does not exist; /,
    ],
    [["SELECT * FROM 'nothing.parquet'"], 2, /^inframe: file 'nothing.parquet' does not exist; /],
    [["CREATE MODEL m FROM 'nothing.onnx'"], 2, /^inframe: model 'nothing.onnx' does not exist/],
    [["SELECT 'a"], 2, /^inframe: quote ' at line 1, column 8 is not closed; /],
    [['SELECT $1'], 2, /^inframe: parameter \$1 has no value; give it one: --param 1=VALUE\n$/],
    [
      ['SELECT $x', '-p', 'x=1', '-p', 'y=2'],
      2,
      /^inframe: --param y=\.\.\. has no place in the text; its parameters are: \$x\n$/,
    ],
    [['SELECT 1', '--model', 'm=nothing.onnx'], 2, /^inframe: model 'nothing.onnx' does not exist/],
    [['SELECT 1', '--table', 't=nothing.csv'], 2, /^inframe: file 'nothing.csv' does not exist/],
    [['--file', 'nothing.sql'], 2, /^inframe: script 'nothing.sql' does not exist; check the path\n$/],
  ] as const) {
    const outcome = await runCli(t, folder, 'sql', ...words);
    assert.match(outcome.stderr, pattern);
    assert.equal(outcome.stderr.split('\n').length, 2, outcome.stderr);
    assert.equal(outcome.code, code, words.join(' '));
  }
  const failed = await runCli(t, folder, 'sql', "SELECT error('no good') FROM 'pairs.csv'", '--json');
  assert.equal(failed.code, 1, failed.stderr);
  assert.match(failed.stderr, /^inframe: [^\n]*no good[^\n]*\n$/);
  assert.ok('error' in (JSON.parse(failed.stdout) as object));
});

test('wrong words are refused before any work', async () => {
  for (const [words, sentence] of [
    [['SELECT 1', '--file', 'x.sql'], /statement and --file are both given/],
    [['SELECT 1', '--json', '--csv'], /--json and --csv are both given/],
    [[' ;; -- nothing'], /statement is missing; write inframe sql 'SELECT \.\.\.'/],
    [['SELECT 1', '--model', 'line.onnx'], /write it as NAME=FILE;/],
    [['SELECT 1', '--table', '=x'], /write it as NAME=PATH;/],
    [['SELECT 1', '--param', 'x'], /write it as NAME=VALUE;/],
    [['SELECT 1', '--param', 'x=1', '--param', 'x=2'], /'x' is given twice;/],
    [['SELECT 1', '--rows', '0'], /give a whole number from 1/],
    [['SELECT 1', 'SELECT 2'], /too many arguments for 'sql'/],
    [['SELECT 1', '--modle', 'x'], /did you mean '--model'\?/],
  ] as const) {
    await assert.rejects(runProgram(['sql', ...words]), (error: unknown) => {
      assert.ok(error instanceof InframeError && isWrongUse(error), String(error));
      assert.match(error.message, sentence);
      return true;
    });
  }
});

test('the help has examples', async t => {
  const { code, stdout, stderr } = await runCli(t, temporaryFolder(t), 'sql', '--help');
  assert.deepEqual([code, stderr], [0, '']);
  for (const text of ['--model', '--table', '--param', '--file', '--csv', 'Examples:'])
    assert.ok(stdout.includes(text), text);
});

test('a reader that has seen enough ends the work', async t => {
  const job = startCli(t, temporaryFolder(t), ['sql', 'SELECT * FROM range(1000000000)', '--csv']);
  job.child.stdout.once('data', () => job.child.stdout.destroy());
  const { code, stderr } = await job.ended;
  assert.deepEqual([code, stderr], [0, '']);
});

test('what is written waits for its reader', async () => {
  const stream = new PassThrough({ highWaterMark: 4 });
  const sink = new Sink(stream);
  await sink.write('ab');
  let written = false;
  const waiting = sink.write('cdef').then(() => {
    written = true;
  });
  await new Promise(setImmediate);
  assert.equal(written, false);
  assert.equal(String(stream.read()), 'abcdef');
  await waiting;
  const last = sink.write('abcdef');
  stream.destroy();
  await last;
  assert.ok(sink.gone);
  await sink.write('to nobody');
});

test('Ctrl-C stops a COPY; its finished tasks are kept', async t => {
  const folder = temporaryFolder(t);
  const table = await writeNumbers(t, folder, 400_000);
  await writeModel(join(folder, 'slow.onnx'), slowIdentity(8));
  const target = join(folder, 'scored');
  const text = `COPY (SELECT id, slow(x) AS y FROM '${table}') TO 'scored'`;
  const words = ['sql', text, '--model', 'slow=slow.onnx', '--workers', '1'];
  const job = startCli(t, folder, words);
  while (committedTasks(target) === 0) {
    assert.equal(job.child.exitCode, null, 'the job has ended before it was stopped');
    await new Promise(setImmediate);
  }
  job.child.kill('SIGINT');
  const stopped = await job.ended;
  assert.equal(stopped.code, 130, stopped.stderr);
  assert.equal(stopped.stderr, 'inframe: stopping (once more to quit at once)\ninframe: stopped\n');
  assert.equal(existsSync(join(target, '_SUCCESS')), false);
  const again = await runCli(t, folder, ...words);
  assert.equal(again.code, 0, again.stderr);
  assert.match(again.stdout, /│ 400000 │/);
});

const hasScript = ((): boolean => {
  try {
    execFileSync('script', ['--version'], { stdio: 'ignore' });
    return process.platform === 'linux';
  } catch {
    return false;
  }
})();

test('a person at a terminal', { skip: hasScript ? false : 'there is no script(1) here' }, async t => {
  const folder = await workFolder(t);
  const main = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
  const history = join(folder, 'history');
  const child = spawn(
    'script',
    ['-qec', `${process.execPath} ${main} sql --table pairs=pairs.csv --workers 1`, '/dev/null'],
    {
      cwd: folder,
      env: { ...process.env, INFRAME_HISTORY: history, TERM: 'xterm', COLUMNS: '100' },
    },
  );
  t.after(() => child.kill('SIGKILL'));
  let screen = '';
  let look = (): void => {};
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    look();
  });
  const ended = new Promise<number | null>(resolve => child.once('close', resolve));
  /** Waits until the terminal shows a text behind what was waited for before. */
  const until = async (text: string): Promise<void> => {
    const failed = ended.then(code => assert.fail(`ended with ${code} before '${text}': ${screen}`));
    const seen = new Promise<void>(resolve => {
      look = () => {
        const at = screen.indexOf(text);
        if (at < 0) return;
        screen = screen.slice(at + text.length);
        resolve();
      };
      look();
    });
    await Promise.race([seen, failed]);
    failed.catch(() => {});
  };
  await until('inframe> ');
  child.stdin.write('CREATE MODEL line\r');
  await until('     ... ');
  child.stdin.write("FROM 'line.onnx';\r");
  await until("model 'line' was created from 'line.onnx'");
  await until('inframe> ');
  child.stdin.write('SELECT line(a) AS y FROM pai');
  await until('FROM pai');
  // Alone: readline takes a tab among other characters for pasted text.
  child.stdin.write('\t');
  await until('rs');
  child.stdin.write(' ORDER BY y;\r');
  await until('│  3 │\r\n│ 11 │\r\n│ 21 │');
  await until('4 rows, ');
  await until('inframe> ');
  child.stdin.write('SELECT nonsense\u0003');
  await until('inframe> ');
  child.stdin.write('SELECT x FROM nothing;\r');
  await until("inframe: table 'nothing' does not exist");
  await until('inframe> ');
  child.stdin.write('SELECT count(*) FROM range(100000000000) a, range(100000000000) b;\r');
  await until('running');
  child.stdin.write('\u0003');
  await until('inframe: statement was stopped');
  await until('inframe> ');
  child.stdin.write('.models\r');
  await until('line.onnx');
  await until('inframe> ');
  child.stdin.write('\u0004');
  assert.equal(await ended, 0);
  assert.deepEqual(readFileSync(history, 'utf8').split('\n').slice(0, 3), [
    "CREATE MODEL line FROM 'line.onnx';",
    'SELECT line(a) AS y FROM pairs ORDER BY y;',
    'SELECT x FROM nothing;',
  ]);
});
