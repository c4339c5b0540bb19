import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { Column, col, fn, lit } from '../../../src/index.js';
import { inframeError } from '../../support/onnx.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';
import { makeFile } from '../../support/tables.js';
import { modelNamed } from '../relations.js';

const a = col('a');
const refused = (act: () => unknown, ...parts: readonly string[]): void =>
  assert.throws(act, inframeError('ARGUMENT_INVALID', ...parts));

test('an aggregate is over a column', () => {
  // Every aggregate, called without a compiler.
  const named = Object.entries(fn).filter(([name]) => AGGREGATES.has(name));
  assert.equal(named.length, AGGREGATES.size);
  for (const [name, each] of named) {
    const call = each as (...args: readonly unknown[]) => Column;
    refused(() => call('price', 'carat', 0.5), `argument "price" of ${name}() is not a column`, 'use col("price")');
    refused(() => call(5, 6), `argument 5 of ${name}() is not a column`, "use col('name')");
    if (name !== 'count') refused(() => call(), `argument undefined of ${name}()`);
  }
  refused(() => fn.corr(a, 'b' as never), 'argument "b" of corr()');
  refused(() => fn.countDistinct(a, 'b' as never), 'argument "b" of countDistinct()');
});

const AGGREGATES: ReadonlySet<string> = new Set([
  'count',
  'countDistinct',
  'countIf',
  'approxCountDistinct',
  'sum',
  'sumDistinct',
  'product',
  'avg',
  'min',
  'max',
  'minBy',
  'maxBy',
  'first',
  'last',
  'any',
  'every',
  'mode',
  'median',
  'stddev',
  'stddevPop',
  'variance',
  'varPop',
  'skewness',
  'kurtosis',
  'corr',
  'covarSamp',
  'covarPop',
  'collectList',
  'collectSet',
  'stringAgg',
  'lag',
  'lead',
  'firstValue',
  'lastValue',
]);

test('a value is a column or a plain value', () => {
  // @ts-expect-error an object is no value
  refused(() => fn.sqrt({}), 'value {} is neither a column nor a plain value');
  // @ts-expect-error a function is no value
  refused(() => fn.upper(fn.lower), 'value a function', 'call it');
  // @ts-expect-error a value is given
  refused(() => fn.year(), 'value undefined');
  refused(() => fn.coalesce(), 'coalesce() has no arguments; give at least one');
  refused(() => fn.concat(), 'concat() has no arguments');
  refused(() => fn.array(), 'array() has no arguments');
  // @ts-expect-error both are given
  refused(() => fn.pow(a), 'value undefined');
});

test('what is the same in every row is checked when it is written', () => {
  refused(() => fn.round(a, 0.5), 'digits 0.5 of round() is not possible; give a whole number');
  refused(() => fn.formatNumber(a, -1), 'digits -1 of formatNumber()', 'a whole number from 0');
  refused(() => fn.percentile(a, 50), 'fraction 50 of percentile() is not possible; give a number from 0 to 1');
  refused(() => fn.percentileApprox(a, Number.NaN), 'fraction NaN');
  refused(() => fn.widthBucket(a, 1, 1, 3), 'range 1 to 1 of widthBucket()');
  refused(() => fn.widthBucket(a, 0, Number.POSITIVE_INFINITY, 3), 'range 0 to Infinity');
  refused(() => fn.widthBucket(a, 0, 1, 0), 'number of buckets 0', 'from 1');
  refused(() => fn.ntile(0), 'number of parts 0 of ntile()');
  refused(() => fn.nthValue(a, 0), 'position 0 of nthValue()', 'from 1');
  refused(() => fn.lag(a, 1.5), 'offset 1.5 of lag()');
  refused(() => fn.elementAt(a, 0), 'position 0 of elementAt() is none; positions count from 1');
  refused(() => fn.slice(a, 0, 1), 'start 0 of slice() is none');
  refused(() => fn.slice(a, 1, -1), 'length -1 of slice()');
  refused(() => fn.splitPart(a, ',', 0), 'part 0 of splitPart()');
  refused(() => fn.sha2(a, 512), 'length 512 of sha2() is not possible; give 256');
  refused(() => fn.getJsonObject(a, 'name'), 'path "name" of getJsonObject()', '$.name');
  // @ts-expect-error a separator is a text
  refused(() => fn.arrayJoin(a, 5), 'separator 5 of arrayJoin() is not a text');
  // @ts-expect-error so is padding
  refused(() => fn.lpad(a, 5, 0), 'padding 0 of lpad()');
  // @ts-expect-error a pattern is a text
  refused(() => fn.regexpLike(a, a), 'of regexpLike() is not a text; give a string');
  // @ts-expect-error and a replacement
  refused(() => fn.regexpReplace(a, 'x', null), 'replacement null of regexpReplace()');
});

test('a group is one that the pattern has', () => {
  refused(() => fn.regexpExtract(a, 'x'), 'group 1 of regexpExtract() is not in the pattern "x"', 'groups are 0 to 0');
  refused(() => fn.regexpExtract(a, '(x)', 2), 'groups are 0 to 1');
  refused(() => fn.regexpExtractAll(a, '(x)', -1), 'group -1 of regexpExtractAll()');
  for (const none of ['(?:x)', '\\(x\\)', '[(]', '[](]', '[^\\](]', '\\Q(\\E', '\\\\\\(', '(?i)x', '[[:alpha:](]']) {
    refused(() => fn.regexpExtract(a, none), 'groups are 0 to 0');
  }
  for (const one of ['(x)', '(?P<n>x)', '(?<n>x)', '\\\\(x)', '[x](y)', '(?:(x))', '[\\]](x)', '\\Q(\\E(x)']) {
    fn.regexpExtract(a, one);
    refused(() => fn.regexpExtract(a, one, 2), 'groups are 0 to 1');
  }
});

test('patterns of dates, units and days are known ones', () => {
  refused(() => fn.dateFormat(a, 'yyyy-MM-DD'), "holds 'DD', which is not known; it may hold y, yy, yyyy");
  refused(() => fn.toDate(a, 'Q'), 'pattern "Q" of toDate()');
  refused(() => fn.toTimestamp(a, ''), 'pattern "" of toTimestamp()');
  refused(() => fn.dateTrunc('fortnight', a), 'unit "fortnight" of dateTrunc()', 'year, quarter, month, week');
  // @ts-expect-error a unit is a text
  refused(() => fn.trunc(a, 5), 'unit 5 of trunc()');
  refused(() => fn.nextDay(a, 'm'), 'day "m" of nextDay() is not a day of the week; there are: sunday, monday');
});

test('members of a struct have names, each its own', () => {
  refused(() => fn.struct(), 'struct() has no members');
  refused(() => fn.namedStruct({}), 'namedStruct() has no members');
  refused(() => fn.struct(a, col('A')), "member 'A' of struct() is given twice");
  refused(() => fn.namedStruct({ x: 1, X: 2 }), "member 'X' of namedStruct() is given twice");
  refused(() => fn.struct('a' as never), 'member "a" of struct() is not a column', 'namedStruct');
  refused(() => fn.namedStruct(a as never), 'of namedStruct() is not an object of names');
  refused(() => fn.namedStruct([1] as never), 'argument [1] of namedStruct()');
  refused(() => fn.withField(a, 5 as never, 1), 'name 5 of withField() is not a text');
});

test('a callback is a function that returns a column of the elements', () => {
  // @ts-expect-error a callback is no column
  refused(() => fn.transform(a, a), 'of transform() is not a function; write one such as x => x.mul(2)');
  // @ts-expect-error it returns something
  refused(() => fn.filter(a, () => {}), 'callback of filter() returns nothing');
  refused(() => fn.zipWith(a, a, 5 as never), 'callback 5 of zipWith()');
  refused(() => fn.reduce(a, 0, undefined as never), 'callback undefined of reduce()');
  refused(() => fn.exists(a, () => ({}) as never), 'value {} is neither a column nor a plain value');
  refused(() => fn.transform(a, () => fn.sum(col('b'))), 'callback of transform() holds an aggregate');
  refused(
    () =>
      fn.reduce(a, 0, () => new Column({ kind: 'model', model: modelNamed('m'), args: { positional: [], named: {} } })),
    'callback of reduce() calls a model',
  );
  const own = new Error('own');
  assert.throws(
    () =>
      fn.transform(a, () => {
        throw own;
      }),
    own,
  );
  // Whatever happened in one, the next is as if nothing had.
  assert.equal(fn.transform(a, x => x).label, 'transform(a, x -> x)');
});

test('what is wrong with the types is said before the first row', async context => {
  const session = await openSession(context, { workers: 1 });
  const path = await makeFile(join(temporaryFolder(context), 't.parquet'), "SELECT 1 AS a, ['x'] AS l, 't' AS s");
  const table = session.read.parquet(path);
  const wrong = async (column: Column, ...parts: readonly string[]): Promise<void> =>
    assert.rejects(table.select(column).schema(), inframeError('EXPRESSION_INVALID', ...parts));
  await wrong(fn.upper(a), 'upper(INTEGER)');
  await wrong(
    fn.transform(a, x => x),
    'LIST',
  );
  await wrong(fn.year(col('l')), 'year(VARCHAR[])');
  await wrong(fn.rank(), "function 'rank()' has no window", '.over(');
  await wrong(fn.lag(a), "function 'lag(a, 1)' has no window");
  let kept: Column = lit(0);
  fn.transform(col('l'), x => {
    kept = x;
    return x;
  });
  await wrong(kept, "element 'x' of a list stands outside the callback");
  await assert.rejects(
    table.select(fn.transform(col('m'), x => x)).schema(),
    inframeError('COLUMN_NOT_FOUND', "column 'm' is not in the table; it has: a, l, s"),
  );
});
