import assert from 'node:assert/strict';
import { test } from 'node:test';
import { col, fn } from '../../../src/frame/functions.js';
import { DataFrameReader } from '../../../src/frame/reader.js';
import { inframeError } from '../../support/onnx.js';
import { fakeSession } from '../fake-engine.js';

const table = new DataFrameReader(fakeSession([])).parquet('t.parquet');

/** A verb called wrongly, and words its message must have. What no compiler lets through is written with `as never`. */
const WRONG: readonly (readonly [() => unknown, ...string[]])[] = [
  [() => table.join(undefined as never, 'a'), 'argument of join is not a table'],
  [() => table.join(table, undefined as never), 'condition of join undefined is no condition', 'crossJoin(other)'],
  [() => table.join(table, []), 'join names no column'],
  [() => table.join(table, ''), 'column name "" in join'],
  [() => table.join(table, ['a', 'A']), "column 'A' is named twice in join"],
  [() => table.join(table, 5 as never), 'condition of join 5'],
  [() => table.join(table, (() => true) as never), 'what the function of join gives true', 'is no condition'],
  [() => table.join(table, (_, right) => right('')), 'column name "" in join'],
  [() => table.join(table, 'a', 'innner' as never), 'kind "innner" of join', "did you mean 'inner'?"],
  [() => table.join(table, 'a', 7 as never), 'kind 7 of join', 'inner, left, right, full, semi, anti, cross'],
  [() => table.join(table, 'a', 'left', { suffix: '' }), 'suffix ""'],
  [() => table.crossJoin(null as never), 'argument of crossJoin is not a table'],
  [() => table.nearest(undefined as never, { k: 1, by: 'v' }), 'argument of nearest is not a table'],
  [
    () => table.nearest(table, undefined as never),
    'options undefined of nearest',
    "nearest(other, { k: 5, by: 'embedding' })",
  ],
  [() => table.nearest(table, { k: 0, by: 'v' }), 'k of nearest 0', 'a whole number from 1'],
  [() => table.nearest(table, { k: 1.5, by: 'v' }), 'k of nearest 1.5'],
  [() => table.nearest(table, { k: 10_001, by: 'v' }), 'k 10001 of nearest', 'from 1 to 10000'],
  [() => table.nearest(table, { k: 1 } as never), 'by undefined of nearest', "['embedding', 'vector']"],
  [() => table.nearest(table, { k: 1, by: ['v', 'w', 'x'] } as never), 'by ["v","w","x"] of nearest'],
  [() => table.nearest(table, { k: 1, by: '' }), 'column name "" in nearest'],
  [() => table.nearest(table, { k: 1, by: 'v', metric: 'euclid' as never }), 'metric "euclid"', 'cosine, dot, l2'],
  [() => table.nearest(table, { k: 1, by: 'v', outer: 1 as never }), 'outer 1 of nearest'],
  [() => table.nearest(table, { k: 1, by: 'v', suffix: '' }), 'suffix ""'],
  [() => table.nearest(table, { k: 1, by: 'v', rank: 'a', score: 'A' }), "column 'a' of nearest is named twice"],
  [() => table.nearest(table, { k: 1, by: 'v', metrc: 'l2' } as never), "option 'metrc' of nearest", 'metric'],
  [() => table.union(undefined as never), 'argument of union is not a table'],
  [() => table.unionByName(undefined as never), 'argument of unionByName'],
  [() => table.exceptAll(undefined as never), 'argument of exceptAll'],
  [() => table.subtract(undefined as never), 'argument of subtract'],
  [() => table.dropDuplicates(5 as never), 'columns 5 of dropDuplicates are not names'],
  [() => table.dropDuplicates(['a', '']), 'column name "" in dropDuplicates'],
  [() => table.dropNulls('any' as never), 'argument "any" of dropNulls'],
  [() => table.dropNulls({ how: 'some' as never }), 'how "some" of dropNulls', 'any, all'],
  [() => table.dropNulls({ threshold: -1 }), 'threshold -1'],
  [() => table.dropNulls({ subset: 1 as never }), 'columns 1 of dropNulls'],
  [() => table.fillNulls(null), 'value null of fillNulls cannot fill'],
  [() => table.fillNulls([1]), 'value [1] of fillNulls'],
  [() => table.fillNulls(col('a') as never), 'of fillNulls cannot fill'],
  [() => table.fillNulls({}), 'fillNulls names no column'],
  [() => table.fillNulls({ a: null }), 'value null of fillNulls'],
  [() => table.fillNulls({ a: 1 }, 'a'), 'subset "a" of fillNulls'],
  [() => table.replaceValues({ a: 'b' } as never), 'pairs {"a":"b"}', "[['from', 'to']]"],
  [() => table.replaceValues([['a']] as never), 'pairs [["a"]]'],
  [() => table.replaceValues([]), 'replaceValues names no column'],
  [() => table.replaceValues([[[1], 2]]), 'value [1] of replaceValues'],
  [() => table.explode(5 as never), 'column 5'],
  [() => table.explode('a', 'b' as never), 'argument "b" of explode'],
  [() => table.explode('a', { as: '' }), 'column name "" in explode'],
  [() => table.explode('a', { position: '' }), 'column name "" in explode'],
  [() => table.unpivot('a', []), 'unpivot names no column'],
  [() => table.unpivot('a', ['b'], ''), 'column name "" in unpivot'],
  [() => table.unpivot(1 as never, ['b']), 'columns 1 of unpivot'],
  [() => table.groupBy('a').sum(), 'sum names no column'],
  [() => table.groupBy('a').avg(''), 'column name "" in avg'],
  [() => table.groupBy('a').pivot('b', undefined as never), "pivot of 'b' has no values", 'distinct().collect()'],
  [() => table.groupBy('a').pivot('b', []), "pivot of 'b' has the values []"],
  [() => table.groupBy('a').pivot('b', [1, '1']), "value '1' is given to pivot twice"],
  [() => table.groupBy('a').pivot('b', [[1]]), 'value [1] cannot be one of pivot'],
  [() => table.groupBy('a').pivot('b', [1]).pivot('c', [2]), "pivot of 'c' goes with groupBy(...) alone"],
  [() => table.rollup('a').pivot('b', [1]), 'goes with groupBy(...) alone'],
  [() => table.groupBy('a').pivot('b', [1]).agg(), 'agg names no column'],
  [() => table.rollup(), 'rollup names no column'],
  [() => table.cube(), 'cube names no column'],
  [() => table.cube(...'abcdefghijklm'), 'cube of 13 keys would be 8192 groupings', 'groupingSets'],
  [() => table.groupingSets([]), 'key undefined of groupingSets'],
  [() => table.groupingSets(['a'] as never), 'sets ["a"]'],
  [() => table.groupingSets([[5]] as never), 'key 5 of groupingSets'],
  [() => table.withColumnRenamed('a', ''), 'column name "" in rename'],
  [() => table.selectExpr(), 'selectExpr names no column'],
  [() => table.selectExpr(' '), 'expression " "'],
  [() => table.selectExpr(col('a') as never), 'of selectExpr is not a text'],
  [() => table.describe(''), 'column name "" in describe'],
  [() => table.summary('average'), 'statistic "average" is not known', 'count_distinct', "'90%'"],
  [() => table.summary('101%'), 'statistic "101%"'],
  [() => table.randomSplit([]), 'weights []'],
  [() => table.randomSplit([0.5, -1]), 'weight -1'],
  [() => table.randomSplit([0, 0]), 'weight 0'],
  [() => table.randomSplit([Number.NaN]), 'weight NaN'],
  [() => table.randomSplit(2 as never), 'weights 2'],
  [() => table.randomSplit([1], 0.5), 'seed 0.5'],
  [() => table.sample(0.5, -1), 'seed -1'],
  [() => table.offset(-1), 'offset -1'],
  [() => table.transform(5 as never), 'argument 5 of transform is not a function'],
  [() => table.transform((() => 5) as never), 'what the function of transform gives, 5'],
  [() => fn.rank().over(table as never), 'is not a window'],
];

test('a verb that is called wrongly says so at once, and what to do', () => {
  for (const [call, ...words] of WRONG) assert.throws(call, inframeError('ARGUMENT_INVALID', ...words), String(call));
});

test('counts of rows to look at are whole numbers', async () => {
  await assert.rejects(async () => table.take(-1), inframeError('ARGUMENT_INVALID', 'limit -1'));
  await assert.rejects(table.tail(1.5), inframeError('ARGUMENT_INVALID', 'tail 1.5'));
  await assert.rejects(async () => table.head('x' as never), inframeError('ARGUMENT_INVALID', 'limit "x"'));
});
