import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { parseScript, splitStatements } from '../../../src/frame/sql/statement.js';

let connection: DuckDBConnection;
before(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
});

test('statements are split where DuckDB splits them', async () => {
  const scripts = [
    'SELECT 1; SELECT 2',
    ';;SELECT 1;;',
    'SELECT /* a ; /* b ; */ c ; */ 1; SELECT 2',
    "SELECT 'a''; b'; SELECT 2",
    "SELECT E'a\\'; b'; SELECT 2",
    "SELECT 'a\\'; SELECT 2",
    "SELECT nE'a\\'; SELECT 2",
    'SELECT $$a;b$$; SELECT 2',
    'SELECT $t$a;$$;b$t$; SELECT 2',
    'SELECT 1 AS a$b$; SELECT 2 AS c$b$',
    'SELECT $a; SELECT $b$c;d$b$',
    'SELECT 1 -- x; y\n; SELECT 2',
    'SELECT 1 -- x; y\r; SELECT 2',
    'SELECT 1 AS "a"";b"; SELECT 2',
    "SELECT E'a'\n'b\\';c'; SELECT 2",
    "SELECT E'a' -- \n--\n  'b\\';c'; SELECT 2",
    "SELECT 'a'\n'b;c'; SELECT 2",
    'SELECT 2*/*;*/3',
    'SELECT 1 +--;\n 2',
    'SELECT $1; SELECT ?',
    '\uFEFFSELECT 1',
    'SELECT 1/**/;/**/SELECT 2',
  ];
  for (const script of scripts) {
    const { count } = await connection.extractStatements(script);
    assert.equal(splitStatements(script).length, count, script);
  }
});

/** Pieces of statements that hide a `;`, and such that do not; none begins or ends with white space or a comment. */
const quotable = fc.string({
  unit: fc.constantFrom('a', ';', '-', '/', '*', '$', '"', '\\', ' ', '\n', 'é'),
  maxLength: 8,
});
const piece = fc.oneof(
  fc.constantFrom('SELECT', 'x', '1', '+', '(', ')', '$1', '?', '[', ']', '.', 'a$b'),
  quotable.map(text => `'${text}'`),
  quotable.map(text => `'it''s${text}'`),
  quotable.map(text => `"${text.replaceAll('"', '""')}x"`),
  // With a word behind it: a text on the next line would continue it, escapes and all.
  quotable.map(text => `E'${text.replaceAll('\\', '\\\\')}\\'' x`),
  quotable.map(text => `$q$${text.replaceAll('$', '')}$q$`),
);
const gap = fc.oneof(
  fc.constantFrom(' ', '\n', '\t', '  '),
  fc.constantFrom(' /* ; */ ', ' -- ; \' " $$\n', " /* /* ' */ ; */ ", '\n--\n'),
);
const statement = fc
  .array(fc.tuple(piece, gap), { minLength: 1, maxLength: 6 })
  .map(parts => parts.map(([text, space], at) => (at === parts.length - 1 ? text : text + space)).join(''));
const between = fc.oneof(
  fc.constantFrom(';', ' ; ', ';\n', ';;', '; ;'),
  gap.map(space => `${space};${space}`),
);

test('splitting undoes joining', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(statement, between), { maxLength: 5 }), statements => {
      const script = statements.map(([text, end]) => text + end).join('');
      assert.deepEqual(
        splitStatements(script),
        statements.map(([text]) => text),
      );
    }),
    { numRuns: 1000 },
  );
});

test('what DuckDB reads, it splits alike', async () => {
  const literal = fc.oneof(
    quotable.map(text => `'${text}'`),
    quotable.map(text => `$q$${text.replaceAll('$', '')}$q$`),
    quotable.map(text => `E'${text.replaceAll('\\', '\\\\')}\\''`),
    quotable.map(text => `1 AS "x${text.replaceAll('"', '""')}"`),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(literal, gap, between), { minLength: 1, maxLength: 4 }), async parts => {
      const script = parts.map(([text, space, end]) => `SELECT ${space}${text}${end}`).join('');
      assert.equal(splitStatements(script).length, (await connection.extractStatements(script)).count, script);
    }),
    { numRuns: 200 },
  );
});

test('each statement of a script has its line and its parameters', () => {
  const script = parseScript("-- first\nSELECT $a, ?;\n\n/* two\nlines */ SELECT '$b', $1\n;");
  assert.deepEqual(
    script.map(({ line, text, parameters }) => ({ line, text, parameters })),
    [
      { line: 2, text: 'SELECT $a, ?', parameters: ['a', ''] },
      { line: 5, text: "SELECT '$b', $1", parameters: ['1'] },
    ],
  );
  assert.deepEqual(parseScript(' ; -- nothing\n;'), []);
});
