import { conditionals } from '../../../src/frame/functions/conditionals.js';
import { col, fn } from '../../../src/index.js';
import { each, testUses } from './table.js';

const SOURCE = `SELECT a::INTEGER AS a, b::INTEGER AS b, x::DOUBLE AS x FROM (VALUES
  (1, 1, 0.5),
  (2, NULL, 'nan'::DOUBLE),
  (NULL, 3, NULL),
  (NULL, NULL, '-inf'::DOUBLE)) v(a, b, x)`;

const a = col('a');
const b = col('b');
const x = col('x');

testUses('functions that choose', conditionals, SOURCE, {
  coalesce: [
    [fn.coalesce(a, b, 9), [1, 2, 3, 9]],
    [fn.coalesce(a), [1, 2, null, null]],
  ],
  ifNull: [[fn.ifNull(a, b), [1, 2, 3, null]]],
  nullIf: [
    [fn.nullIf(a, b), [null, 2, null, null]],
    [fn.nullIf(a, 2), [1, null, null, null]],
  ],
  nvl2: [
    [fn.nvl2(a, 'there', 'gone'), ['there', 'there', 'gone', 'gone']],
    [fn.nvl2(a, b, 0), [1, null, 0, 0]],
  ],
  greatest: [
    [fn.greatest(a, b), [1, 2, 3, null]],
    [fn.greatest(x, 0), [0.5, Number.NaN, 0, 0]],
  ],
  least: [
    [fn.least(a, b, 2), [1, 2, 2, 2]],
    [fn.least(x, 0), [0, 0, 0, Number.NEGATIVE_INFINITY]],
  ],
  equalNull: [
    [fn.equalNull(a, b), [true, false, false, true]],
    [fn.equalNull(a, 1), [true, false, false, false]],
    [fn.equalNull(null, null), each(true, 4)],
  ],
  isNaN: [
    [fn.isNaN(x), [false, true, false, false]],
    [fn.isNaN(a), [false, false, false, false]],
  ],
  nanvl: [[fn.nanvl(x, 7), [0.5, 7, null, Number.NEGATIVE_INFINITY]]],
});
