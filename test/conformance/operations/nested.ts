import { col, fn, lit } from '../../../src/index.js';
import { fails, of, operations } from '../declare.js';
import { array, boolean, int32, int64, list, map, string, struct, table } from '../types.js';

const t = table({
  l: list(int64)([1, 2, 2, null], [], null, [5], [3, 1]),
  k: list(int64)([2, 3], [1], [1], [null, 6], [1, 3]),
  n: int64(2, 1, 1, -1, null),
  s: list(string)(['b', null, 'a'], [], null, ['c'], ['x', 'y']),
  ll: list(list(int64))([[1], [2, 3]], [], null, [[1], null], [[], [4]]),
  z: struct({ a: int64, b: string })({ a: 1, b: 'x' }, { a: null, b: 'y' }, null, { a: 4, b: null }, { a: 5, b: 'z' }),
});

export const LISTS = operations(
  'Functions of lists',
  { t },
  {
    'fn.array': of(fn.array(col('n'), lit(0)), list(int64)([2, 0], [1, 0], [1, 0], [-1, 0], [null, 0])),
    'fn.arrayRepeat': of(fn.arrayRepeat('x', col('n')), list(string)(['x', 'x'], ['x'], ['x'], [], null)),
    'fn.sequence': of(fn.sequence(col('n'), 0), list(int64)([2, 1, 0], [1, 0], [1, 0], [-1, 0], null)),
    'fn.size': of(fn.size(col('l')), int32(4, 0, null, 1, 2)),
    'fn.elementAt: from 1': of(fn.elementAt(col('l'), col('n')), int64(2, null, null, 5, null)),
    'fn.elementAt: from the end': of(fn.elementAt(col('l'), -2), int64(2, null, null, null, 3)),
    'fn.slice': of(fn.slice(col('l'), 2, 2), list(int64)([2, 2], [], null, [], [1])),
    'fn.slice: from the end': of(fn.slice(col('l'), -2, 2), list(int64)([2, null], [], null, [], [3, 1])),
    'fn.arrayContains: null where a null might be it': of(
      fn.arrayContains(col('l'), 3),
      boolean(null, false, null, false, true),
    ),
    'fn.arrayPosition': of(fn.arrayPosition(col('l'), 2), int64(2, 0, null, 0, 0)),
    'fn.arraysOverlap': of(fn.arraysOverlap(col('l'), col('k')), boolean(true, false, null, null, true)),
    'fn.arrayMax': of(fn.arrayMax(col('l')), int64(2, null, null, 5, 3)),
    'fn.arrayMin': of(fn.arrayMin(col('l')), int64(1, null, null, 5, 1)),
    'fn.arrayJoin': of(fn.arrayJoin(col('s'), '-'), string('b-a', '', null, 'c', 'x-y')),
    'fn.arrayJoin: nulls as a text': of(fn.arrayJoin(col('s'), '-', '?'), string('b-?-a', '', null, 'c', 'x-y')),
    'fn.arraySort: nulls last': of(fn.arraySort(col('s')), list(string)(['a', 'b', null], [], null, ['c'], ['x', 'y'])),
    'fn.sortArray: nulls first': of(
      fn.sortArray(col('s')),
      list(string)([null, 'a', 'b'], [], null, ['c'], ['x', 'y']),
    ),
    'fn.sortArray: descending': of(fn.sortArray(col('l'), false), list(int64)([2, 2, 1, null], [], null, [5], [3, 1])),
    'fn.arrayReverse': of(fn.arrayReverse(col('l')), list(int64)([null, 2, 2, 1], [], null, [5], [1, 3])),
    'fn.arrayDistinct': of(fn.arrayDistinct(col('l')), list(int64)([1, 2, null], [], null, [5], [3, 1])),
    'fn.arrayCompact': of(fn.arrayCompact(col('l')), list(int64)([1, 2, 2], [], null, [5], [3, 1])),
    'fn.arrayRemove': of(fn.arrayRemove(col('l'), 2), list(int64)([1, null], [], null, [5], [3, 1])),
    'fn.arrayAppend': of(
      fn.arrayAppend(col('k'), col('n')),
      list(int64)([2, 3, 2], [1, 1], [1, 1], [null, 6, -1], [1, 3, null]),
    ),
    'fn.arrayPrepend': of(
      fn.arrayPrepend(col('k'), 0),
      list(int64)([0, 2, 3], [0, 1], [0, 1], [0, null, 6], [0, 1, 3]),
    ),
    'fn.arrayConcat: null if one is null': of(
      fn.arrayConcat(col('l'), col('k')),
      list(int64)([1, 2, 2, null, 2, 3], [1], null, [5, null, 6], [3, 1, 1, 3]),
    ),
    'fn.arrayUnion': of(
      fn.arrayUnion(col('l'), col('k')),
      list(int64)([1, 2, null, 3], [1], null, [5, null, 6], [3, 1]),
    ),
    'fn.arrayIntersect': of(fn.arrayIntersect(col('l'), col('k')), list(int64)([2], [], null, [], [3, 1])),
    'fn.arrayExcept': of(fn.arrayExcept(col('l'), col('k')), list(int64)([1, null], [], null, [5], [])),
    'fn.flatten: null if one is null': of(fn.flatten(col('ll')), list(int64)([1, 2, 3], [], null, null, [4])),
    'fn.transform': of(
      fn.transform(col('l'), x => x.mul(10)),
      list(int64)([10, 20, 20, null], [], null, [50], [30, 10]),
    ),
    'fn.transform: with the index, from 0, and another column': of(
      fn.transform(col('k'), (x, i) => x.add(i).add(col('n'))),
      list(int64)([4, 6], [2], [2], [null, 6], [null, null]),
    ),
    'fn.filter': of(
      fn.filter(col('l'), x => x.gt(1)),
      list(int64)([2, 2], [], null, [5], [3]),
    ),
    'fn.exists: null where a null might be it': of(
      fn.exists(col('l'), x => x.gt(2)),
      boolean(null, false, null, true, true),
    ),
    'fn.forall: true of no element': of(
      fn.forall(col('l'), x => x.gt(2)),
      boolean(false, true, null, true, false),
    ),
    'fn.reduce': of(
      fn.reduce(fn.arrayCompact(col('l')), lit(0), (sum, x) => sum.add(x)),
      int64(5, 0, null, 5, 4),
    ),
    'fn.zipWith: the shorter is filled up': of(
      fn.zipWith(col('k'), fn.array(lit(10)), (a, b) => fn.coalesce(a, lit(0)).add(fn.coalesce(b, lit(0)))),
      list(int64)([12, 3], [11], [11], [10, 6], [11, 3]),
    ),
    'fn.exists: and its columns': of(
      fn.exists(col('k'), x => x.eq(col('n'))).or(fn.isNaN(col('n'))),
      boolean(true, true, true, null, null),
    ),
    'fn.elementAt: at position 0': fails(({ t }) => t.select(fn.elementAt(col('l'), 0).as('y')), 'ARGUMENT_INVALID'),
    'cast: a list to a list of fixed length': of(
      col('k').tryCast({ kind: 'array', element: { kind: 'int64' }, length: 2 }),
      array(int64, 2)([2, 3], null, null, [null, 6], [1, 3]),
    ),
  },
);

const NAMES = { x: int64, y: string };

export const STRUCTS = operations(
  'Functions of structs and maps',
  { t },
  {
    'fn.struct': of(
      fn.struct(col('n'), col('z').field('b')),
      struct({ n: int64, b: string })(
        { n: 2, b: 'x' },
        { n: 1, b: 'y' },
        { n: 1, b: null },
        { n: -1, b: null },
        { n: null, b: 'z' },
      ),
    ),
    'fn.namedStruct': of(
      fn.namedStruct({ x: col('n'), y: 'a' }),
      struct(NAMES)({ x: 2, y: 'a' }, { x: 1, y: 'a' }, { x: 1, y: 'a' }, { x: -1, y: 'a' }, { x: null, y: 'a' }),
    ),
    'fn.getField': of(fn.getField(col('z'), 'a'), int64(1, null, null, 4, 5)),
    'fn.withField: another value': of(
      fn.withField(col('z'), 'a', col('n')),
      struct({ a: int64, b: string })(
        { a: 2, b: 'x' },
        { a: 1, b: 'y' },
        null,
        { a: -1, b: null },
        { a: null, b: 'z' },
      ),
    ),
    'fn.withField: one more': of(
      fn.withField(col('z'), 'c', true),
      struct({ a: int64, b: string, c: boolean })(
        { a: 1, b: 'x', c: true },
        { a: null, b: 'y', c: true },
        null,
        { a: 4, b: null, c: true },
        { a: 5, b: 'z', c: true },
      ),
    ),
    'fn.mapFromArrays': of(
      fn.mapFromArrays(fn.array(lit('a'), lit('b')), fn.array(col('n'), lit(0))),
      map(string, int64)(
        [
          ['a', 2],
          ['b', 0],
        ],
        [
          ['a', 1],
          ['b', 0],
        ],
        [
          ['a', 1],
          ['b', 0],
        ],
        [
          ['a', -1],
          ['b', 0],
        ],
        [
          ['a', null],
          ['b', 0],
        ],
      ),
    ),
    'fn.mapFromArrays: a key twice': fails(
      ({ t }) => t.select(fn.mapFromArrays(fn.array(col('n'), col('n')), fn.array(lit(1), lit(2))).as('y')),
      'QUERY_FAILED',
    ),
    'fn.mapFromEntries': of(
      fn.mapFromEntries(fn.array(fn.namedStruct({ k: fn.coalesce(col('n'), lit(0)), v: 'v' }))),
      map(int64, string)([[2, 'v']], [[1, 'v']], [[1, 'v']], [[-1, 'v']], [[0, 'v']]),
    ),
    'fn.mapKeys': of(
      fn.mapKeys(fn.mapFromArrays(fn.arrayCompact(col('s')), fn.arrayCompact(col('s')))),
      list(string)(['b', 'a'], [], null, ['c'], ['x', 'y']),
    ),
    'fn.mapValues': of(
      fn.mapValues(fn.mapFromArrays(fn.array(lit('a')), fn.array(col('n')))),
      list(int64)([2], [1], [1], [-1], [null]),
    ),
    'fn.mapEntries': of(
      fn.mapEntries(fn.mapFromArrays(fn.array(lit('a')), fn.array(col('n')))),
      list(struct({ key: string, value: int64 }))(...[2, 1, 1, -1, null].map(value => [{ key: 'a', value }])),
    ),
    'fn.mapContainsKey': of(
      fn.mapContainsKey(fn.mapFromArrays(fn.array(fn.size(col('k')), lit(0)), fn.array(lit(1), lit(2))), 1),
      boolean(false, true, true, false, false),
    ),
    'fn.getItem: null under a key that is not there': of(
      fn.getItem(fn.mapFromArrays(fn.array(lit('a'), lit('b')), fn.array(col('n'), lit(0))), 'a'),
      int64(2, 1, 1, -1, null),
    ),
  },
);
