import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runProgram } from '../../src/cli/program.js';
import { InframeError, isWrongUse } from '../../src/frame/errors.js';
import { temporaryFolder } from '../support/sessions.js';
import { runCli } from './cli.js';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

test('--version and --help', async t => {
  const folder = temporaryFolder(t);
  assert.deepEqual(await runCli(t, folder, '--version'), {
    code: 0,
    killedBy: null,
    stdout: `${version}\n`,
    stderr: '',
  });
  for (const [words, ...expected] of [
    [['--help'], 'score', 'inspect', 'head', 'Examples:', 'Exit codes:'],
    [['score', '--help'], '--where', '--with', '--overwrite', 'Examples:'],
    [['inspect', '--help'], '--variant', 'Examples:'],
    [['help', 'head'], '--rows', 'Examples:'],
  ] as const) {
    const { code, stdout, stderr } = await runCli(t, folder, ...words);
    assert.equal(code, 0);
    assert.equal(stderr, '');
    for (const text of expected) assert.ok(stdout.includes(text), `${words.join(' ')} says nothing of ${text}`);
    assert.ok(
      stdout.split('\n').every(line => line.length <= 110),
      'lines for a terminal',
    );
  }
});

test('without a command the help is printed, as wrong use', async t => {
  const { code, stdout, stderr } = await runCli(t, temporaryFolder(t));
  assert.equal(code, 2);
  assert.equal(stdout, '');
  assert.match(stderr, /^Usage: inframe /);
});

test('wrong words are refused before any work, in one line that helps', async () => {
  const full = ['score', 'a.csv', '--model', 'm.onnx', '--out', 'o'];
  const cases: readonly (readonly [args: readonly string[], sentence: string | RegExp])[] = [
    [['scor', 'a.csv'], "unknown command 'scor' (did you mean 'score'?); see inframe --help"],
    [['--verison'], "unknown option '--verison' (did you mean '--version'?); see inframe --help"],
    [
      ['score', 'a.csv', '--modle', 'm'],
      "unknown option '--modle' (did you mean '--model'?); see inframe score --help",
    ],
    [['score'], "argument 'input' is missing; see inframe score --help"],
    [['score', 'a.csv', '--out', 'o'], "option '--model' is missing; name an ONNX file: --model delay.onnx"],
    [['score', 'a.csv', '--model', 'm'], "option '--out' is missing; name a folder for the result: --out scored"],
    [['score', 'a.csv', '--model'], /^option '.*--model <file>' argument missing; see inframe score --help$/],
    [[...full, '--workers', '0'], /'0' is not possible; give a whole number from 1 to 1,024;/],
    [[...full, '--workers', '1.5'], /'1.5' is not possible; give a whole number/],
    [[...full, '--batch', 'x'], /'x' is not possible; give a whole number from 1 to 1,000,000;/],
    [[...full, '--format', 'xls'], /'xls' is not possible; the formats are: parquet, csv, jsonl, arrow;/],
    [[...full, '--input-format', 'json'], /the formats are: .* \(did you mean 'jsonl'\?\);/],
    [[...full, '--input', 'x'], /'x' is not possible; write it as NAME=COLUMN,COLUMN or "NAME=image\(width=224\)";/],
    [[...full, '--input', 'x='], /write it as NAME=COLUMN,COLUMN or/],
    [[...full, '--input', 'x=a,,b'], /give column names with commas between them;/],
    [[...full, '--input', 'x=a', '--input', 'x=b'], /input 'x' is given twice; list all its columns in one;/],
    [
      [...full, '--input', 'x=image(width=)'],
      /in 'image\(width=\)' at column 13: '\)' stands where a value is expected;/,
    ],
    [
      [...full, '--output', 'y=a'],
      /in 'a' at column 1: 'a' stands where name\( is expected; write name\(key=value, ...\);/,
    ],
    [[...full, '--output', '=raw()'], /write it as NAME or "NAME=classification\(top=5\)";/],
    [[...full, '--output', ' '], /it is empty;/],
    [[...full, '--output', 'y', '--output', 'y=raw()'], /output 'y' is given twice; give it once;/],
    [[...full, '--with', 'hour(date)'], /write it as NAME=EXPRESSION;/],
    [[...full, '--keep', ''], /give column names with commas between them;/],
    [[...full, '--where', ' '], /it is empty;/],
    [['head', 'a.csv', '-n', '0'], /give a whole number from 1 to 100,000;/],
    [['head', 'a.csv', 'b.csv'], "too many arguments for 'head': 1 expected, 2 given; see inframe head --help"],
    [['inspect', ''], "MODEL '' is empty; name an ONNX file"],
  ];
  // Here, in this process: a process each would take most of the suite's time.
  for (const [args, sentence] of cases) {
    await assert.rejects(runProgram(args), (error: unknown) => {
      assert.ok(error instanceof InframeError && isWrongUse(error), String(error));
      assert.doesNotMatch(error.message, /\n/);
      if (typeof sentence === 'string') assert.equal(error.message, sentence);
      else assert.match(error.message, sentence);
      return true;
    });
  }
});

test('wrong words are JSON too, where JSON is wanted', async t => {
  const words = ['score', 'a.csv', '--json', '--workers', 'x'];
  const { code, stdout, stderr } = await runCli(t, temporaryFolder(t), ...words);
  assert.equal(code, 2);
  assert.match(stderr, /^inframe: option '--workers <n>' argument 'x' is not possible; [^\n]*\n$/);
  assert.equal((JSON.parse(stdout) as { error: { code: string } }).error.code, 'ARGUMENT_INVALID');
});
