import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RESERVED_WORDS } from '../../../src/frame/sql/keywords.js';
import { positionOf, scan, tokenize } from '../../../src/frame/sql/tokens.js';
import { inframeError } from '../../support/onnx.js';
import { duck } from '../../support/tables.js';

const kinds = (source: string): readonly string[] =>
  tokenize(source)
    .slice(0, -1)
    .map(({ kind, text }) => `${kind} ${text}`);

test('words, numbers, parameters and symbols', () => {
  assert.deepEqual(kinds('SELECT a$b, é_1 FROM t'), [
    'word SELECT',
    'word a$b',
    'symbol ,',
    'word é_1',
    'word FROM',
    'word t',
  ]);
  assert.deepEqual(kinds('1 1.5 .5 1e-3 1_000 0xFF 1.'), [
    'number 1',
    'number 1.5',
    'number .5',
    'number 1e-3',
    'number 1_000',
    'number 0xFF',
    'number 1.',
  ]);
  assert.deepEqual(kinds('$1 $name ? ?2'), ['parameter $1', 'parameter $name', 'parameter ?', 'parameter ?2']);
  assert.deepEqual(kinds('a>=b'), ['word a', 'symbol >', 'symbol =', 'word b']);
  assert.deepEqual(kinds('a\u00a0b\u3000c'), ['word a', 'word b', 'word c'], 'spaces beyond ASCII are spaces');
});

test('comments are between tokens, and nest', () => {
  assert.deepEqual(kinds("a--b;'\nc"), ['word a', 'word c']);
  assert.deepEqual(kinds('a/* \' /* ; */ " */b'), ['word a', 'word b']);
  assert.deepEqual(kinds('1+--2\n3'), ['number 1', 'symbol +', 'number 3']);
  assert.deepEqual(kinds('-- only a comment'), []);
});

test('texts mean what DuckDB says they mean', async () => {
  const texts = [
    "'plain'",
    "'it''s'",
    "''",
    "'back\\slash'",
    "E'a\\'b\\n\\\\'",
    "e'\\x41\\101\\q'",
    "E'one'\n 'two\\''",
    '$$it\'s "so"$$',
    '$tag$a $$ b$tag$',
    '$é$ü$é$',
    "' two\nlines '",
  ];
  for (const text of texts) {
    const [[expected]] = (await duck(`SELECT ${text}`)) as [[unknown]];
    const tokens = tokenize(text);
    assert.deepEqual([tokens.length, tokens[0]!.kind, tokens[0]!.text], [2, 'text', text]);
    // What continues on a later line is part of the token; its value is not needed and not put together.
    if (!text.includes("'\n")) assert.equal(tokens[0]!.value, expected, text);
  }
});

test('names in double quotes keep their case and their quotes', () => {
  const [token] = tokenize('"My ""own"" name"');
  assert.deepEqual([token!.kind, token!.value], ['quoted', 'My "own" name']);
});

test('what is not closed is named with its place', () => {
  for (const [source, what, line, column] of [
    ["SELECT 'a", "quote '", 1, 8],
    ['SELECT\n  "a', 'quote "', 2, 3],
    ['SELECT 1 /* a /* b */', 'comment /*', 1, 10],
    ["SELECT E'a\\'", "quote E'", 1, 8],
    ['SELECT $x$ a $y$', 'quote $x$', 1, 8],
    ["SELECT '😀', 'a", "quote '", 1, 13],
  ] as const) {
    const sentence = `${what} at line ${line}, column ${column} is not closed`;
    assert.throws(() => tokenize(source), inframeError('STATEMENT_INVALID', sentence), source);
    assert.equal(scan(source).open?.what, what);
  }
});

test('lines end as editors end them', () => {
  assert.deepEqual(positionOf('a\r\nb\rc\nd', 7), { line: 4, column: 1 });
  assert.deepEqual(positionOf('', 0), { line: 1, column: 1 });
});

test('tokens cover the text: between them is only white space and comments, whatever the text', () => {
  const piece = fc.constantFrom(
    "'",
    '"',
    '$$',
    '$a$',
    '--',
    '/*',
    '*/',
    '\n',
    ' ',
    ';',
    'E',
    'x',
    '1',
    '\\',
    '$1',
    'é',
    '.',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), pieces => {
      const source = pieces.join('');
      const { tokens, open } = scan(source);
      let at = 0;
      for (const token of tokens) {
        assert.ok(token.start >= at && token.end >= token.start);
        assert.equal(source.slice(token.start, token.end), token.text);
        const gap = source.slice(at, token.start).trim();
        assert.ok(gap === '' || /^(?:--|\/\*)/.test(gap), gap);
        at = token.end;
      }
      if (open === undefined) assert.equal(tokens.at(-1)?.kind, 'end');
      else assert.ok(open.start >= at);
    }),
  );
});

test('a long text is read in one pass', () => {
  const source = `${'SELECT \'a\', "b", $$c$$ -- d\n;'.repeat(20_000)}`;
  assert.equal(tokenize(source).length, 20_000 * 7 + 1);
});

test('the reserved words are those of DuckDB', async () => {
  const rows = await duck("SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category = 'reserved' ORDER BY 1");
  assert.deepEqual(
    RESERVED_WORDS,
    rows.map(([word]) => word),
  );
});
