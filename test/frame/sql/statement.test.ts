import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { InframeError } from '../../../src/frame/errors.js';
import { MODEL_OPTIONS } from '../../../src/frame/sql/model-options.js';
import { parseStatement, type Statement } from '../../../src/frame/sql/statement.js';
import type { ModelOptions } from '../../../src/udf/model.js';
import { inframeError } from '../../support/onnx.js';

const parse = (text: string): Statement => parseStatement(text).statement;

test('everything that gives rows is a query, and its text is what was written', () => {
  for (const text of [
    'SELECT 1',
    'select 1',
    'WITH a AS (SELECT 1) SELECT * FROM a',
    "FROM 'x.parquet'",
    'VALUES (1), (2)',
    'TABLE t',
    'PIVOT t ON a USING sum(b)',
    'UNPIVOT t ON a, b',
    'SUMMARIZE t',
    '(SELECT 1) UNION ALL (SELECT 2)',
    '((SELECT 1))',
  ]) {
    assert.deepEqual(parse(text), { kind: 'query', text });
    assert.deepEqual(parse(`/* before */ ${text} ; -- after`), { kind: 'query', text });
  }
});

test('CREATE MODEL', () => {
  const plain = { kind: 'createModel', path: 'a.onnx', options: {}, replace: false, ifNotExists: false };
  assert.deepEqual(parse("CREATE MODEL risk FROM 'a.onnx'"), { ...plain, name: 'risk' });
  assert.deepEqual(parse("create or replace model \"My Risk\" from 'it''s.onnx'"), {
    ...plain,
    name: 'My Risk',
    path: "it's.onnx",
    replace: true,
  });
  assert.deepEqual(parse("CREATE MODEL IF NOT EXISTS Risk FROM 'a.onnx'"), {
    ...plain,
    name: 'Risk',
    ifNotExists: true,
  });
  assert.deepEqual(parse("CREATE MODEL if FROM 'a.onnx'"), { ...plain, name: 'if' });
});

test('options of a model, in all the ways they can be written', () => {
  const options = (text: string): unknown => {
    const statement = parse(`CREATE MODEL m FROM 'm.onnx' WITH (${text})`);
    return statement.kind === 'createModel' && statement.options;
  };
  assert.deepEqual(options("batch_size = 64, on_error = 'fail', nulls = 'nan'"), {
    batchSize: 64,
    onError: 'fail',
    nulls: 'nan',
  });
  assert.deepEqual(options('batchSize = 1_000, ONERROR = FAIL, NULLS = null'), {
    batchSize: 1000,
    onError: 'fail',
    nulls: 'null',
  });
  assert.deepEqual(options("inputs = { x: ['carat', 'depth'] }"), { inputs: { x: ['carat', 'depth'] } });
  assert.deepEqual(options("inputs = (x = ['carat'], y: b)"), { inputs: { x: ['carat'], y: 'b' } });
  assert.deepEqual(options('inputs = { \'in put\': (a, "B c") }'), { inputs: { 'in put': ['a', 'B c'] } });
  assert.deepEqual(options("outputs = ['label', 'score']"), { outputs: ['label', 'score'] });
  assert.deepEqual(options('outputs = label'), { outputs: ['label'] });
  assert.deepEqual(options('batch_size = null, outputs = null'), {});
});

test('the options of a model are those of session.model()', () => {
  // A name that the one has and the other has not fails to compile. The name of a model is the statement's.
  const known: Record<keyof Omit<ModelOptions, 'name'>, true> = {
    cache: true,
    task: true,
    variant: true,
    inputs: true,
    outputs: true,
    nulls: true,
    onError: true,
    batchSize: true,
  };
  assert.deepEqual([...MODEL_OPTIONS].sort(), Object.keys(known).sort());
});

test('commands of models', () => {
  assert.deepEqual(parse('DROP MODEL a'), { kind: 'dropModel', name: 'a', ifExists: false });
  assert.deepEqual(parse('DROP MODEL IF EXISTS "a b";'), { kind: 'dropModel', name: 'a b', ifExists: true });
  assert.deepEqual(parse('show models'), { kind: 'showModels' });
  assert.deepEqual(parse('DESCRIBE MODEL a'), { kind: 'describeModel', name: 'a' });
  assert.deepEqual(parse('desc model "A"'), { kind: 'describeModel', name: 'A' });
});

test('COPY', () => {
  const copy = (text: string): unknown => {
    const { kind, ...rest } = parse(text);
    assert.equal(kind, 'copy');
    return rest;
  };
  assert.deepEqual(copy("COPY (SELECT ')' FROM t) TO 'out'"), {
    query: "SELECT ')' FROM t",
    path: 'out',
    format: 'parquet',
    options: {},
  });
  assert.deepEqual(
    copy('COPY ((SELECT 1)) TO \'out\' (FORMAT PARQUET, COMPRESSION zstd, PARTITION_BY (a, "b c"), OVERWRITE)'),
    {
      query: '(SELECT 1)',
      path: 'out',
      format: 'parquet',
      options: { compression: 'zstd', partitionBy: ['a', 'b c'], mode: 'overwrite' },
    },
  );
  assert.deepEqual(copy('COPY "my""table" TO \'out.csv\''), {
    query: 'SELECT * FROM "my""table"',
    path: 'out.csv',
    format: 'csv',
    options: {},
  });
  assert.deepEqual(copy("COPY t TO 'out' WITH (FORMAT json, overwrite false, partition_by year)"), {
    query: 'SELECT * FROM "t"',
    path: 'out',
    format: 'jsonl',
    options: { partitionBy: ['year'] },
  });
  assert.deepEqual(copy("COPY (FROM t) TO 'out' (FORMAT = 'arrow')"), {
    query: 'FROM t',
    path: 'out',
    format: 'arrow',
    options: {},
  });
});

test('CREATE TABLE and CREATE VIEW', () => {
  const plain = { temporary: false, replace: false, ifNotExists: false, columns: undefined };
  assert.deepEqual(parse('CREATE TABLE t AS SELECT 1'), {
    ...plain,
    kind: 'createTable',
    name: 't',
    query: 'SELECT 1',
  });
  assert.deepEqual(parse('CREATE OR REPLACE TEMP TABLE "T 1" AS (SELECT 1)'), {
    ...plain,
    kind: 'createTable',
    name: 'T 1',
    query: '(SELECT 1)',
    temporary: true,
    replace: true,
  });
  assert.deepEqual(parse('create temporary view if not exists v (a, "B") as from t where x;'), {
    ...plain,
    kind: 'createView',
    name: 'v',
    query: 'from t where x',
    temporary: true,
    ifNotExists: true,
    columns: ['a', 'B'],
  });
  assert.deepEqual(parse('DROP TABLE t'), { kind: 'dropTable', name: 't', ifExists: false });
  assert.deepEqual(parse('DROP VIEW IF EXISTS v'), { kind: 'dropView', name: 'v', ifExists: true });
});

test('SHOW, DESCRIBE and EXPLAIN', () => {
  assert.deepEqual(parse('SHOW TABLES'), { kind: 'showTables' });
  assert.deepEqual(parse('SHOW t'), { kind: 'describe', query: 'SELECT * FROM t' });
  assert.deepEqual(parse('DESCRIBE "my table"'), { kind: 'describe', query: 'SELECT * FROM "my table"' });
  assert.deepEqual(parse("DESCRIBE 'a.parquet'"), { kind: 'describe', query: "SELECT * FROM 'a.parquet'" });
  assert.deepEqual(parse("DESCRIBE read_csv('a)b', header = true)"), {
    kind: 'describe',
    query: "SELECT * FROM read_csv('a)b', header = true)",
  });
  assert.deepEqual(parse('DESCRIBE SELECT 1 AS x'), { kind: 'describe', query: 'SELECT 1 AS x' });
  assert.deepEqual(parse('DESCRIBE model'), { kind: 'describe', query: 'SELECT * FROM model' });
  assert.deepEqual(parse('EXPLAIN SELECT 1'), { kind: 'explain', statement: { kind: 'query', text: 'SELECT 1' } });
  const explained = parse("EXPLAIN COPY (SELECT 1) TO 'x'");
  assert.equal(explained.kind === 'explain' && explained.statement.kind, 'copy');
});

test('statements are frozen', () => {
  const statement = parse("CREATE MODEL m FROM 'm' WITH (outputs = ['a'])");
  assert.ok(Object.isFrozen(statement) && statement.kind === 'createModel' && Object.isFrozen(statement.options));
});

test('what cannot be read says where and what should stand there', () => {
  const cases: readonly (readonly [text: string, place: string, ...words: (string | RegExp)[]])[] = [
    ["CREATE MODEL FROM 'x'", 'line 1, column 14', "'FROM' stands where a name for the model is expected"],
    ["CREATE MODEL m\n  FORM 'x'", 'line 2, column 3', "'FORM' stands where FROM is expected", 'write CREATE'],
    ['CREATE MODEL m FROM x', 'line 1, column 21', "'x' stands where the path of a file in quotes is expected"],
    ['CREATE MODEL m FROM "x"', 'line 1, column 21', 'path of a file in quotes'],
    ['CREATE MODEL m', 'line 1, column 15', 'the end stands where FROM is expected'],
    ["CREATE MODEL a.m FROM 'x'", 'line 1, column 14', "name 'a' has a schema", 'leave it out'],
    ["CREATE MODEL '' FROM 'x'", 'line 1, column 14', 'a name for the model'],
    ['CREATE MODEL "" FROM \'x\'', 'line 1, column 14', 'a name for the model'],
    ["CREATE OR REPLACE MODEL IF NOT EXISTS m FROM 'x'", 'column 25', 'IF NOT EXISTS stands beside OR REPLACE'],
    ["CREATE TEMP MODEL m FROM 'x'", 'column 8', "'TEMP' stands where MODEL is expected"],
    ["CREATE MODEL m FROM 'x' WITH (batch = 5)", 'column 31', "option 'batch' of a model is not known", 'batch_size'],
    ["CREATE MODEL m FROM 'x' WITH (batchsizes = 5)", 'column 31', "did you mean 'batch_size'?"],
    ["CREATE MODEL m FROM 'x' WITH (name = 'y')", 'column 31', "option 'name' of a model is not known"],
    ["CREATE MODEL m FROM 'x' WITH (batch_size 5)", 'column 42', "'5' stands where '=' is expected"],
    ["CREATE MODEL m FROM 'x' WITH (batch_size = 'a')", 'column 31', `option 'batch_size' is "a"`, 'whole number'],
    ["CREATE MODEL m FROM 'x' WITH (batch_size = -1)", 'column 31', "option 'batch_size' is -1"],
    ["CREATE MODEL m FROM 'x' WITH (batch_size = 1.5)", 'column 31', "option 'batch_size' is 1.5"],
    ["CREATE MODEL m FROM 'x' WITH (nulls = 5)", 'column 31', "option 'nulls' is 5", 'give a text'],
    ["CREATE MODEL m FROM 'x' WITH (inputs = ['a'])", 'column 31', 'columns or adapters by input'],
    ["CREATE MODEL m FROM 'x' WITH (inputs = { x: 5 })", 'column 31', 'columns or adapters by input'],
    ["CREATE MODEL m FROM 'x' WITH (inputs = { x: a, x: b })", 'column 48', "name 'x' is given twice"],
    ["CREATE MODEL m FROM 'x' WITH (outputs = [1])", 'column 31', 'a list of names'],
    ["CREATE MODEL m FROM 'x' WITH (nulls = nan, NULLS = fail)", 'column 44', "option 'NULLS' is given twice"],
    ["CREATE MODEL m FROM 'x' WITH ()", 'column 31', "')' stands where the name of an option is expected"],
    ["CREATE MODEL m FROM 'x' WITH (outputs = ['a'", 'column 45', "the end stands where ']' is expected"],
    ["CREATE MODEL m FROM 'x' WITH (outputs = )", 'column 41', "')' stands where a value is expected"],
    ["CREATE MODEL m FROM 'x' WITH batch_size = 5", 'column 30', "'batch_size' stands where '(' is expected"],
    ["CREATE MODEL m FROM 'x' AS y", 'column 25', "'AS' stands where the end is expected"],
    ['CREATE TABLE t', 'column 15', 'the end stands where AS is expected'],
    ['CREATE TABLE t (a INTEGER)', 'column 19', "'INTEGER' stands where ',' or ')' is expected", "table 't'"],
    ['CREATE TABLE t AS', 'column 18', 'the end stands where a query is expected'],
    ['CREATE TABLE t AS DROP TABLE x', 'column 19', "'DROP' stands where a query is expected"],
    ['CREATE TABLE order AS SELECT 1', 'column 14', "'order' stands where a name for the table is expected"],
    ['DROP TABLE', 'column 11', 'the end stands where the name of a table is expected'],
    ['DROP TABLE a, b', 'column 13', "',' stands where the end is expected", 'DROP TABLE [IF EXISTS] name'],
    ['DROP MODEL IF EXIST m', 'column 15', 'the end is expected'],
    ["COPY (SELECT 1 TO 'x'", 'column 6', "'(' is not closed"],
    ["COPY (DROP TABLE t) TO 'x'", 'column 7', "'DROP' stands where a query is expected"],
    ['COPY t TO x', 'column 11', "'x' stands where a path in quotes"],
    ["COPY t FROM 'x'", 'column 8', 'COPY ... FROM would read a file', 'CREATE TABLE name AS'],
    ["COPY t TO 'x' (HEADER true)", 'column 16', "option 'HEADER' of COPY is not known", 'FORMAT, COMPRESSION'],
    ["COPY t TO 'x' (PARTITIONBY a, COMPRESION zstd)", 'column 31', "did you mean 'COMPRESSION'?"],
    ["COPY t TO 'x' (FORMAT csv, COMPRESSION zstd)", 'column 28', 'COMPRESSION is for Parquet files'],
    ["COPY t TO 'x' (PARTITION_BY 5)", 'column 16', 'option PARTITION_BY is 5'],
    ["COPY t TO 'x' (PARTITION_BY)", 'column 16', 'option PARTITION_BY is undefined'],
    ["COPY t TO 'x' (OVERWRITE 'maybe')", 'column 16', 'option OVERWRITE is "maybe"'],
    ['COPY', 'column 5', 'a query in parentheses or a table'],
    ['EXPLAIN', 'column 8', 'the end stands where a statement is expected'],
    ['EXPLAIN ANALYZE SELECT 1', 'column 9', 'EXPLAIN ANALYZE runs the statement'],
    ['EXPLAIN DROP TABLE t', 'column 9', 'no query to explain'],
    ['DESCRIBE', 'column 9', 'the end stands where a table is expected'],
    ['DESCRIBE a b', 'column 12', "'b' stands where the end is expected"],
    ['SHOW', 'column 5', 'the end stands where a table is expected'],
    ['SHOW MODELS x', 'column 13', "'x' stands where the end is expected"],
  ];
  for (const [text, ...words] of cases) {
    assert.throws(() => parse(text), inframeError('STATEMENT_INVALID', ...words), text);
  }
});

test('formats and compressions have the errors they have everywhere', () => {
  assert.throws(
    () => parse("COPY t TO 'x' (FORMAT xlsx)"),
    inframeError('FORMAT_UNKNOWN', 'format "xlsx" is not known'),
  );
  assert.throws(
    () => parse("COPY t TO 'x' (FORMAT parqet)"),
    inframeError('FORMAT_UNKNOWN', "did you mean 'parquet'?"),
  );
  assert.throws(() => parse("COPY t TO 'x' (FORMAT)"), inframeError('FORMAT_UNKNOWN', 'format undefined'));
  assert.throws(
    () => parse("COPY t TO 'x' (COMPRESSION bzip2)"),
    inframeError('ARGUMENT_INVALID', 'compression "bzip2" is not known; there are: snappy, zstd'),
  );
});

test('statements that there are not are named, with what to do instead', () => {
  for (const [text, first, remedy] of [
    ['INSERT INTO t VALUES (1)', 'INSERT INTO t', 'CREATE OR REPLACE TABLE'],
    ['update t set x = 1', 'update t set', 'CREATE OR REPLACE TABLE'],
    ['SET threads = 4', 'SET threads =', 'options of connect()'],
    ["ATTACH 'x.db'", "ATTACH 'x.db'", 'not attached'],
    ['BEGIN', 'BEGIN', 'no transactions'],
    ['CREATE FUNCTION f(x) AS x', 'CREATE FUNCTION f', 'session.register'],
    ['CREATE OR REPLACE TEMP MACRO f(x) AS x', 'CREATE OR REPLACE', 'CREATE MODEL'],
    ['CREATE INDEX i ON t(x)', 'CREATE INDEX i', 'write one of these'],
    ['DROP SCHEMA s', 'DROP SCHEMA s', 'write one of these'],
    ['SELEC 1', 'SELEC 1', "did you mean 'SELECT'?"],
    ['hello', 'hello', 'queries (SELECT, FROM, WITH, VALUES ...), CREATE MODEL, DROP MODEL'],
    ['1', '1', 'write one of these'],
  ] as const) {
    assert.throws(() => parse(text), inframeError('STATEMENT_UNSUPPORTED', `statement '${first}'`, remedy), text);
  }
});

test('one statement is one', () => {
  const several = inframeError('ARGUMENT_INVALID', 'text holds 2 statements', 'session.execute(script)');
  assert.throws(() => parse('SELECT 1; SELECT 2'), several);
  assert.throws(() => parse(''), inframeError('STATEMENT_INVALID', 'statement is empty'));
  assert.throws(() => parse(' ; -- x'), inframeError('STATEMENT_INVALID', 'statement is empty'));
  assert.throws(() => parse(undefined as never), inframeError('ARGUMENT_INVALID', 'statement undefined is not a text'));
});

test('nonsense is refused, never a crash', () => {
  const word = fc.constantFrom(
    ...'CREATE OR REPLACE MODEL TABLE VIEW IF NOT EXISTS FROM WITH AS COPY TO DROP SHOW DESCRIBE EXPLAIN SELECT'.split(
      ' ',
    ),
    ...[
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '=',
      ',',
      ':',
      '.',
      ';',
      "'a'",
      '"b"',
      'x',
      '1',
      '-',
      '$1',
      '?',
      "'",
      '/*',
      'FORMAT',
    ],
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 14 }), words => {
      try {
        parse(words.join(' '));
      } catch (error) {
        assert.ok(error instanceof InframeError && error.code !== 'INTERNAL', String(error));
        assert.doesNotMatch(error.message, /\n/);
      }
    }),
    { numRuns: 3000 },
  );
  const deep = `CREATE MODEL m FROM 'x' WITH (outputs = ${'['.repeat(100_000)}`;
  assert.throws(() => parse(deep), inframeError('STATEMENT_INVALID', 'nested too deeply'));
});
