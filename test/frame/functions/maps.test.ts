import { maps } from '../../../src/frame/functions/maps.js';
import { col, fn } from '../../../src/index.js';
import { testUses } from './table.js';

const SOURCE = `SELECT m::MAP(VARCHAR, INTEGER) AS m, k, v::INTEGER[] AS v FROM (VALUES
  (MAP(['a', 'b'], [1, NULL]), ['x', 'y'], [1, 2]),
  (MAP([], []), [], []),
  (NULL, NULL, NULL)) t(m, k, v)`;

const m = col('m');
const entries = [
  [
    { key: 'a', value: 1 },
    { key: 'b', value: null },
  ],
  [],
  null,
];

testUses('functions of maps', maps, SOURCE, {
  mapFromArrays: [
    [
      fn.mapFromArrays(col('k'), col('v')),
      [
        [
          { key: 'x', value: 1 },
          { key: 'y', value: 2 },
        ],
        [],
        null,
      ],
    ],
  ],
  mapFromEntries: [[fn.mapFromEntries(fn.mapEntries(m)), entries]],
  mapKeys: [[fn.mapKeys(m), [['a', 'b'], [], null]]],
  mapValues: [[fn.mapValues(m), [[1, null], [], null]]],
  mapEntries: [[fn.mapEntries(m), entries]],
  mapContainsKey: [
    [fn.mapContainsKey(m, 'b'), [true, false, null]],
    [fn.mapContainsKey(m, 'z'), [false, false, null]],
  ],
  getItem: [
    [fn.getItem(m, 'a'), [1, null, null]],
    [fn.getItem(m, 'z'), [null, null, null]],
  ],
});
