import { col, fn } from '../../../src/index.js';
import { fails, of, operations, rows } from '../declare.js';
import { array, float32, float64, int32, int64, list, string, table } from '../types.js';

const t = table({
  id: int64(1, 2, 3, 4),
  v: list(float32)([3, 4], [0, 2], null, [0, 0]),
  w: array(float32, 2)([4, 3], [0, -5], [1, 1], [1, 0]),
});

const items = table({
  word: string('east', 'north', 'west', 'nothing'),
  v: array(float32, 2)([2, 0], [0, 3], [-1, 0], null),
});

export const VECTORS = operations(
  'Vectors',
  { t, items },
  {
    'fn.dot': of(fn.dot(col('v'), col('w')), float64(24, -10, null, 0)),
    'fn.l2': of(fn.l2(col('v'), [3, 0]), float64(4, Math.sqrt(13), null, 3)),
    'fn.cosine: null where a vector has no direction': of(fn.cosine(col('v'), col('w')), float64(0.96, -1, null, null)),
    'nearest: the greatest product': rows(
      ({ t, items }) =>
        t
          .filter(col('id').le(2))
          .nearest(items, { k: 2, by: 'v', metric: 'dot', suffix: '_item' })
          .select('id', 'word', 'rank', 'score'),
      {
        id: int64(1, 1, 2, 2),
        word: string('north', 'east', 'north', 'east'),
        rank: int32(1, 2, 1, 2),
        score: float64(12, 6, 6, 0),
      },
    ),
    'nearest: the least distance': rows(
      ({ t, items }) =>
        t.nearest(items, { k: 1, by: ['w', 'v'], metric: 'l2', suffix: '_item' }).select('id', 'word', 'distance'),
      {
        id: int64(1, 2, 3, 4),
        word: string('east', 'west', 'east', 'east'),
        distance: float64(Math.sqrt(13), Math.sqrt(26), Math.SQRT2, 1),
      },
    ),
    'nearest: rows without a near one': rows(
      ({ t, items }) =>
        t
          .filter(col('id').ge(3))
          .nearest(items, { k: 1, by: 'v', suffix: '_item', outer: true })
          .select('id', 'word', 'rank'),
      { id: int64(3, 4), word: string(null, null), rank: int32(null, null) },
    ),
    'nearest: a column that is no vector': fails(
      ({ t, items }) => t.nearest(items, { k: 1, by: ['id', 'v'], suffix: '_item' } as never),
      'TYPE_MISMATCH',
    ),
  },
);
