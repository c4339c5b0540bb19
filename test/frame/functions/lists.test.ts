import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { lists } from '../../../src/frame/functions/lists.js';
import { col, fn } from '../../../src/index.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';
import { makeFile } from '../../support/tables.js';
import { each, testUses } from './table.js';

const SOURCE = `SELECT xs::INTEGER[] AS xs, ys::INTEGER[] AS ys, n::INTEGER AS n, ls::INTEGER[][] AS ls FROM (VALUES
  ([1, 2, 3], [2, 3], 2, [[1], [2, 3]]),
  ([], [NULL], 0, []),
  ([3, NULL, 3, 1], [NULL, 3], -1, [[1], NULL]),
  (NULL, [1], NULL, NULL)) v(xs, ys, n, ls)`;

const xs = col('xs');
const ys = col('ys');
const n = col('n');
const all = (value: unknown): readonly unknown[] => each(value, 4);

testUses('functions of lists', lists, SOURCE, {
  array: [
    [
      fn.array(n, 1),
      [
        [2, 1],
        [0, 1],
        [-1, 1],
        [null, 1],
      ],
    ],
    [fn.array('a'), all(['a'])],
  ],
  arrayRepeat: [
    [fn.arrayRepeat('a', n), [['a', 'a'], [], [], null]],
    [
      fn.arrayRepeat(n, 2),
      [
        [2, 2],
        [0, 0],
        [-1, -1],
        [null, null],
      ],
    ],
  ],
  sequence: [
    [fn.sequence(1, n), [[1n, 2n], [1n, 0n], [1n, 0n, -1n], null]],
    [fn.sequence(1, 10, 4), all([1n, 5n, 9n])],
    [fn.sequence(5, 1, -2), all([5n, 3n, 1n])],
  ],
  size: [[fn.size(xs), [3, 0, 4, null]]],
  elementAt: [
    [fn.elementAt(xs, 1), [1, null, 3, null]],
    [fn.elementAt(xs, -1), [3, null, 1, null]],
    [fn.elementAt(xs, 9), all(null)],
    [fn.elementAt(xs, n), [2, null, 1, null]],
  ],
  slice: [
    [fn.slice(xs, 2, 2), [[2, 3], [], [null, 3], null]],
    [fn.slice(xs, -2, 2), [[2, 3], [], [3, 1], null]],
    [fn.slice(xs, -2, 1), [[2], [], [3], null]],
    [fn.slice(xs, -4, 2), [[], [], [3, null], null]],
    [fn.slice(xs, 9, 1), [[], [], [], null]],
    [fn.slice(xs, 1, 0), [[], [], [], null]],
    [fn.slice(xs, n, 1), [[2], [], [1], null]],
  ],
  arrayContains: [
    [fn.arrayContains(xs, 1), [true, false, true, null]],
    [fn.arrayContains(xs, 2), [true, false, null, null]],
    [fn.arrayContains(xs, null), all(null)],
    [fn.arrayContains(xs, n), [true, false, null, null]],
  ],
  arrayPosition: [
    [fn.arrayPosition(xs, 3), [3n, 0n, 1n, null]],
    [fn.arrayPosition(xs, n), [2n, 0n, 0n, null]],
    [fn.arrayPosition(xs, null), all(null)],
  ],
  arraysOverlap: [
    [fn.arraysOverlap(xs, ys), [true, false, true, null]],
    [fn.arraysOverlap(xs, [7]), [false, false, null, null]],
  ],
  arrayMax: [[fn.arrayMax(xs), [3, null, 3, null]]],
  arrayMin: [[fn.arrayMin(xs), [1, null, 1, null]]],
  arrayJoin: [
    [fn.arrayJoin(xs, ', '), ['1, 2, 3', '', '3, 3, 1', null]],
    [fn.arrayJoin(xs, '', '?'), ['123', '', '3?31', null]],
  ],
  arraySort: [[fn.arraySort(xs), [[1, 2, 3], [], [1, 3, 3, null], null]]],
  sortArray: [
    [fn.sortArray(xs), [[1, 2, 3], [], [null, 1, 3, 3], null]],
    [fn.sortArray(xs, false), [[3, 2, 1], [], [3, 3, 1, null], null]],
  ],
  arrayReverse: [[fn.arrayReverse(xs), [[3, 2, 1], [], [1, 3, null, 3], null]]],
  arrayDistinct: [[fn.arrayDistinct(xs), [[1, 2, 3], [], [3, null, 1], null]]],
  arrayCompact: [[fn.arrayCompact(xs), [[1, 2, 3], [], [3, 3, 1], null]]],
  arrayRemove: [
    [fn.arrayRemove(xs, 3), [[1, 2], [], [null, 1], null]],
    [fn.arrayRemove(xs, n), [[1, 3], [], [3, null, 3, 1], null]],
    [fn.arrayRemove(xs, null), all(null)],
  ],
  arrayAppend: [[fn.arrayAppend(xs, n), [[1, 2, 3, 2], [0], [3, null, 3, 1, -1], null]]],
  arrayPrepend: [[fn.arrayPrepend(xs, n), [[2, 1, 2, 3], [0], [-1, 3, null, 3, 1], null]]],
  arrayConcat: [
    [fn.arrayConcat(xs, ys), [[1, 2, 3, 2, 3], [null], [3, null, 3, 1, null, 3], null]],
    [fn.arrayConcat(ys), [[2, 3], [null], [null, 3], [1]]],
  ],
  arrayUnion: [[fn.arrayUnion(xs, ys), [[1, 2, 3], [null], [3, null, 1], null]]],
  arrayIntersect: [
    [fn.arrayIntersect(xs, ys), [[2, 3], [], [3, null], null]],
    [fn.arrayIntersect(ys, xs), [[2, 3], [], [null, 3], null]],
  ],
  arrayExcept: [
    [fn.arrayExcept(xs, ys), [[1], [], [1], null]],
    [fn.arrayExcept(ys, xs), [[], [null], [], null]],
  ],
  flatten: [[fn.flatten(col('ls')), [[1, 2, 3], [], null, null]]],
  transform: [
    [fn.transform(xs, x => x.mul(2)), [[2, 4, 6], [], [6, null, 6, 2], null]],
    [fn.transform(xs, (x, i) => x.add(i)), [[1n, 3n, 5n], [], [3n, null, 5n, 4n], null]],
    [fn.transform(xs, x => x.add(n)), [[3, 4, 5], [], [2, null, 2, 0], null]],
    [fn.transform(xs, () => 'a'), [['a', 'a', 'a'], [], ['a', 'a', 'a', 'a'], null]],
    [fn.transform(col('ls'), l => fn.transform(l, x => x.add(fn.size(l)))), [[[2], [4, 5]], [], [[2], null], null]],
  ],
  filter: [
    [fn.filter(xs, x => x.gt(1)), [[2, 3], [], [3, 3], null]],
    [fn.filter(xs, (_, i) => i.mod(2).eq(0)), [[1, 3], [], [3, 3], null]],
    [fn.filter(col('ls'), l => fn.exists(l, x => x.eq(2))), [[[2, 3]], [], [], null]],
  ],
  exists: [
    [fn.exists(xs, x => x.eq(3)), [true, false, true, null]],
    [fn.exists(xs, x => x.eq(2)), [true, false, null, null]],
    [fn.exists(xs, x => x.isNull()), [false, false, true, null]],
  ],
  forall: [
    [fn.forall(xs, x => x.gt(0)), [true, true, null, null]],
    [fn.forall(xs, x => x.eq(3)), [false, true, false, null]],
  ],
  reduce: [
    [fn.reduce(xs, 0, (sum, x) => sum.add(fn.coalesce(x, 10))), [6, 0, 17, null]],
    [fn.reduce(xs, 0.5, (sum, x) => fn.greatest(sum, x)), [3, 0.5, 3, null]],
    [fn.reduce(xs, 0, (sum, x) => sum.add(x)), [6, 0, null, null]],
  ],
  zipWith: [
    [fn.zipWith(xs, ys, (a, b) => fn.coalesce(a, 0).add(fn.coalesce(b, 0))), [[3, 5, 3], [0], [3, 3, 3, 1], null]],
  ],
});

test('a list of a fixed length is a list', async context => {
  const session = await openSession(context, { workers: 1 });
  const path = await makeFile(join(temporaryFolder(context), 't.parquet'), 'SELECT [3, 1, 2] AS l');
  const fixed = col('l').cast({ kind: 'array', element: { kind: 'int32' }, length: 3 });
  const [row] = await session.read
    .parquet(path)
    .select(
      fn.size(fixed).as('size'),
      fn.arrayMax(fixed).as('max'),
      fn.arraySort(fixed).as('sorted'),
      fn.slice(fixed, 2, 2).as('slice'),
      fn.elementAt(fixed, -1).as('last'),
      fn.arrayContains(fixed, 2).as('holds'),
      fn.arrayDistinct(fixed).as('distinct'),
      fn.transform(fixed, x => x.mul(2)).as('doubled'),
      fn.reduce(fixed, 0, (sum, x) => sum.add(x)).as('sum'),
      fn.arrayConcat(fixed, col('l')).as('concat'),
    )
    .collect();
  assert.deepEqual(row, {
    size: 3,
    max: 3,
    sorted: [1, 2, 3],
    slice: [1, 2],
    last: 2,
    holds: true,
    distinct: [3, 1, 2],
    doubled: [6, 2, 4],
    sum: 6,
    concat: [3, 1, 2, 3, 1, 2],
  });
});
