import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { complete } from '../../src/cli/completion.js';
import { History, historyPath, onOneLine } from '../../src/cli/history.js';
import { Repl } from '../../src/cli/repl.js';
import { InframeError } from '../../src/frame/errors.js';
import type { ScriptStatement } from '../../src/frame/sql/statement.js';
import { temporaryFolder } from '../support/sessions.js';

interface Shell {
  readonly type: (text: string) => void;
  /** Waits until the output holds a text, and gives what it holds by then. */
  readonly until: (text: string) => Promise<string>;
  readonly end: () => void;
  readonly done: Promise<void>;
  readonly said: () => string;
  /** Statements that were begun. */
  readonly ran: readonly string[];
  readonly history: History;
  /** Times the person asked to be let out at once. */
  readonly quits: () => number;
}

interface Setup {
  readonly terminal?: boolean;
  readonly run?: (
    statement: ScriptStatement,
    signal: AbortSignal,
  ) => Promise<{ rows: number; more: boolean } | undefined>;
  readonly history?: History;
}

/** A shell at streams of the test's own; what statements do is the test's business. */
function start({ terminal = false, run, history = History.open(undefined) }: Setup = {}): Shell {
  const input = new PassThrough();
  const output = new PassThrough();
  const ran: string[] = [];
  let said = '';
  let quits = 0;
  let look = (): void => {};
  output.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    look();
  });
  const repl = new Repl({
    input,
    output,
    terminal,
    history,
    names: () => ({ tableNames: ['flights'], modelNames: ['risk'] }),
    run: async (statement, signal) => {
      ran.push(statement.text);
      return run === undefined ? { rows: 2, more: false } : run(statement, signal);
    },
    quit: () => {
      quits += 1;
    },
    now: () => 0,
  });
  return {
    type: text => {
      input.write(text);
    },
    until: text =>
      new Promise(resolve => {
        look = () => {
          if (said.includes(text)) resolve(said);
        };
        look();
      }),
    end: () => input.end(),
    done: repl.run(),
    said: () => said,
    ran,
    history,
    quits: () => quits,
  };
}

/** Feeds lines to a shell and gives all it says. */
async function feed(lines: readonly string[], setup: Setup = {}): Promise<Shell> {
  const shell = start(setup);
  shell.type(lines.map(line => `${line}\n`).join(''));
  shell.end();
  await shell.done;
  return shell;
}

test('a statement ends with ; and may span lines', async () => {
  const { ran, said } = await feed([
    'SELECT 1;',
    'SELECT',
    "  'a;",
    "b' -- ; no",
    ', 2',
    ';',
    '-- nothing',
    '',
    'SELECT 3; SELECT 4;',
  ]);
  assert.deepEqual(ran, ['SELECT 1', "SELECT\n  'a;\nb' -- ; no\n, 2", 'SELECT 3', 'SELECT 4']);
  assert.match(said(), /2 rows, 0\.00 s\n/);
});

test('what runs is awaited before what was entered behind it', async () => {
  const order: string[] = [];
  const run = async ({ text }: ScriptStatement): Promise<{ rows: number; more: boolean }> => {
    order.push(`${text} begins`);
    await new Promise(setImmediate);
    order.push(`${text} ends`);
    return { rows: 1, more: false };
  };
  await feed(['SELECT 1; SELECT 2;', 'SELECT 3;'], { run });
  assert.deepEqual(
    order,
    [1, 2, 3].flatMap(at => [`SELECT ${at} begins`, `SELECT ${at} ends`]),
  );
});

test('the end of a statement says how many rows there were, where that is known', async () => {
  for (const [printed, line] of [
    [{ rows: 1, more: false }, '1 row, 0.00 s'],
    [{ rows: 0, more: false }, '0 rows, 0.00 s'],
    [{ rows: 40, more: true }, '0.00 s'],
    [undefined, '0.00 s'],
  ] as const) {
    const { said } = await feed(['SELECT 1;'], { run: async () => printed });
    assert.ok(said().split('\n').includes(`inframe> ${line}`), said());
  }
});

test('an error is one sentence, the rest of its text is left out, and the shell goes on', async () => {
  const run = async ({ text }: ScriptStatement): Promise<undefined> => {
    if (text.includes('bad')) throw new InframeError('QUERY_FAILED', 'query failed\nbecause of \u001b[31mred');
    if (text.includes('odd')) throw new TypeError('x is undefined');
  };
  const { ran, said } = await feed(
    ['SELECT bad; SELECT 1;', 'SELECT odd;', 'SELEC 2;', "SELECT 'a", "';", 'SELECT 3;'],
    { run },
  );
  assert.deepEqual(ran, ['SELECT bad', 'SELECT odd', "SELECT 'a\n'", 'SELECT 3']);
  assert.match(said(), /inframe: query failed because of +\[31mred\n/);
  assert.match(said(), /inframe: unexpected error: x is undefined; /);
  assert.match(said(), /inframe: statement 'SELEC 2' is not known \(did you mean 'SELECT'\?\)/);
});

test('commands of the shell', async () => {
  const shell = await feed([
    '.tables',
    '.MODELS',
    '.help',
    '.tabels',
    '.x',
    'SELECT 1',
    '.tables;',
    '.exit',
    'SELECT 2;',
  ]);
  assert.deepEqual(shell.ran, ['SHOW tables', 'SHOW MODELS', 'SELECT 1\n.tables']);
  assert.match(shell.said(), /Statements end with a ;/);
  assert.match(shell.said(), /inframe: command '.tabels' is not known; there are: .* \(did you mean '\.tables'\?\)\n/);
  assert.match(shell.said(), /inframe: command '.x' is not known; there are: [^(]*\n/);
});

test('leaving: .exit, .quit, exit, quit; Ctrl-D', async () => {
  for (const word of ['.exit', '.quit', 'exit', 'QUIT;', '  .exit  ']) {
    const shell = start();
    shell.type(`${word}\nSELECT 1;\n`);
    await shell.done;
    assert.deepEqual(shell.ran, [], word);
  }
  const shell = start({ terminal: true });
  shell.type('SELECT 1\r');
  shell.type('\u0004');
  await shell.done;
  assert.deepEqual(shell.ran, []);
  assert.ok(shell.said().endsWith('inframe: the last statement has no ; and was not run\n'));
});

test('an input that ends in the middle of a statement says so', async () => {
  const { ran, said } = await feed(['SELECT 1;', 'SELECT 2']);
  assert.deepEqual(ran, ['SELECT 1']);
  assert.match(said(), /inframe: the last statement has no ; and was not run\n$/);
});

test('prompts tell what is awaited', async () => {
  const shell = start({ terminal: true });
  await shell.until('inframe> ');
  shell.type('SELECT\r');
  await shell.until('     ... ');
  shell.type("'a\r");
  await shell.until('   quote> ');
  shell.type("';\r");
  const said = await shell.until('2 rows');
  assert.deepEqual(shell.ran, ["SELECT\n'a\n'"]);
  assert.equal(said.split('     ... ').length, 2);
  shell.end();
  await shell.done;
});

test('Ctrl-C clears what was entered', async () => {
  const shell = start({ terminal: true });
  shell.type('SELECT\r');
  await shell.until('     ... ');
  shell.type('1, 2');
  shell.type('\u0003');
  shell.type('SELECT 3;\r');
  await shell.until('2 rows');
  assert.deepEqual(shell.ran, ['SELECT 3']);
  shell.end();
  await shell.done;
});

/** A statement that ends when it is stopped, or when the test says so. */
function endless(): {
  readonly run: NonNullable<Setup['run']>;
  readonly begun: Promise<void>;
  readonly release: () => void;
} {
  let begin = (): void => {};
  let release = (): void => {};
  const begun = new Promise<void>(resolve => {
    begin = resolve;
  });
  const released = new Promise<void>(resolve => {
    release = resolve;
  });
  const run: NonNullable<Setup['run']> = async ({ text }, signal) => {
    if (!text.includes('endless')) return { rows: 1, more: false };
    begin();
    await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()));
    if (text.includes('stubborn')) await released;
    throw new InframeError('JOB_ABORTED', 'job was stopped');
  };
  return { run, begun, release };
}

test('Ctrl-C stops the statement that runs, and what waits behind it', async () => {
  const { run, begun } = endless();
  const shell = start({ terminal: true, run });
  shell.type('SELECT endless; SELECT 1;\rSELECT 2;\r');
  await begun;
  shell.type('\u0003');
  await shell.until('inframe: statement was stopped');
  shell.type('SELECT 3;\r');
  await shell.until('1 row,');
  assert.deepEqual(shell.ran, ['SELECT endless', 'SELECT 3']);
  assert.equal(shell.quits(), 0);
  shell.end();
  await shell.done;
});

test('Ctrl-C while a statement is being stopped asks to quit at once', async () => {
  const { run, begun, release } = endless();
  const shell = start({ terminal: true, run });
  shell.type('SELECT stubborn endless;\r');
  await begun;
  shell.type('\u0003');
  shell.type('\u0003');
  release();
  await shell.until('inframe: statement was stopped');
  assert.equal(shell.quits(), 1);
  shell.end();
  await shell.done;
});

test('the end of the input waits for what runs', async () => {
  let finished = false;
  const run = async (): Promise<undefined> => {
    await new Promise(setImmediate);
    finished = true;
  };
  await feed(['SELECT 1;'], { run });
  assert.ok(finished);
});

test('arrow up brings back statements, on one line', async () => {
  const shell = start({ terminal: true });
  shell.type('SELECT 1, -- one\r');
  await shell.until('     ... ');
  shell.type('  2;\r');
  await shell.until('2 rows');
  shell.type('\u001b[A\r');
  shell.type('.exit\r');
  await shell.done;
  assert.deepEqual(shell.ran, ['SELECT 1, -- one\n  2', 'SELECT 1, 2']);
  assert.deepEqual(shell.history.entries, ['.exit', 'SELECT 1, 2;']);
});

test('statements on one line mean the same', () => {
  for (const [text, line] of [
    ['SELECT 1;', 'SELECT 1;'],
    ['  SELECT\n\t1 -- one\n , 2  ;', 'SELECT 1 , 2  ;'],
    ["SELECT 'a  b' /* x */ ;", "SELECT 'a  b' ;"],
    ['a--x\nb', 'a b'],
    ["SELECT 'a\nb';", undefined],
    ['-- only', undefined],
    ["SELECT 'a", "SELECT 'a"],
    ["SELECT '\n", undefined],
  ] as const) {
    assert.equal(onOneLine(text), line, text);
  }
});

test('the history is a file that only its owner reads, and bounded', t => {
  const path = join(temporaryFolder(t), 'history');
  const history = History.open(path);
  history.add('SELECT 1;');
  history.add('SELECT 1;');
  history.add("SELECT\n'2';");
  assert.equal(readFileSync(path, 'utf8'), "SELECT 1;\nSELECT '2';\n");
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(History.open(path).entries, ["SELECT '2';", 'SELECT 1;']);

  writeFileSync(path, Array.from({ length: 2500 }, (_, at) => `SELECT ${at};\n`).join(''));
  chmodSync(path, 0o644);
  const long = History.open(path);
  assert.deepEqual([long.entries.length, long.entries[0], long.entries.at(-1)], [1000, 'SELECT 2499;', 'SELECT 1500;']);
  assert.equal(readFileSync(path, 'utf8').split('\n').length, 1001);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  for (let at = 0; at < 10; at++) long.add(`SELECT 'more', ${at};`);
  assert.equal(long.entries.length, 1000);
});

test('a history that cannot be written is kept in memory, and nobody is bothered', t => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'taken'));
  for (const path of [join(folder, 'taken'), join(folder, 'nowhere', 'history'), undefined]) {
    const history = History.open(path);
    history.add('SELECT 1;');
    assert.deepEqual(history.entries, ['SELECT 1;']);
  }
  assert.equal(existsSync(join(folder, 'nowhere')), false);
});

test('where the history is', () => {
  assert.equal(historyPath({ INFRAME_HISTORY: '/x/y' }), '/x/y');
  assert.equal(historyPath({ INFRAME_HISTORY: '' }), undefined);
  assert.match(historyPath({})!, /[/\\]\.inframe_history$/);
});

test('tab completes words, names and commands', () => {
  const names = { tableNames: ['flights', 'My table', 'order'], modelNames: ['flight_risk'] };
  for (const [line, candidates, part] of [
    ['SELECT * FROM fli', ['flights', 'flight_risk'], 'fli'],
    ['SELEC', ['SELECT'], 'SELEC'],
    ['sel', ['select'], 'sel'],
    ['CREATE MOD', ['MODEL', 'MODELS'], 'MOD'],
    ['FROM "My', ['"My table"'], '"My'],
    ['FROM "o', ['"order"'], '"o'],
    ['SELECT ', [], ''],
    ['.t', ['.tables'], '.t'],
    ['  .', ['.tables', '.models', '.help', '.exit', '.quit'], '.'],
    ['SELECT a.t', ['table', 'tables', 'temp', 'then', 'to', 'trailing', 'true'], 't'],
  ] as const) {
    assert.deepEqual(complete(line, names), [candidates, part], line);
  }
});
