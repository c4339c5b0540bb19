import { col, fn } from '../../../src/index.js';
import { LAST_DIGIT, of, operations } from '../declare.js';
import { decimal, float64, int64, table } from '../types.js';

const NAN = Number.NaN;
const INFINITY = Number.POSITIVE_INFINITY;

const t = table({
  x: float64(4, -1, 0, 2.5, NAN, INFINITY, null),
  i: int64(4, -7, 0, 20, 21, 5, null),
  h: float64(2.5, -2.5, 3.5, -0.5, 1.005, 15, null),
  angle: float64(0, Math.PI / 2, Math.PI, -Math.PI / 2, INFINITY, 1, null),
  u: float64(0, 1, -1, 0.5, 2, NAN, null),
  m: decimal(6, 2)('2.50', '-2.50', '0.01', '-0.01', '99.99', '0.00', null),
});

export const NUMBERS = operations(
  'Functions of numbers',
  { t },
  {
    'fn.abs: of floats': of(fn.abs(col('x')), float64(4, 1, 0, 2.5, NAN, INFINITY, null)),
    'fn.abs: of integers': of(fn.abs(col('i')), int64(4, 7, 0, 20, 21, 5, null)),
    'fn.sign': of(fn.sign(col('i')), float64(1, -1, 0, 1, 1, 1, null)),
    'fn.sqrt: not-a-number below 0': of(fn.sqrt(col('x')), float64(2, NAN, 0, Math.sqrt(2.5), NAN, INFINITY, null)),
    'fn.cbrt': of(fn.cbrt(col('i').mul(col('i')).mul(col('i'))), float64(4, -7, 0, 20, 21, 5, null), LAST_DIGIT),
    'fn.exp': of(fn.exp(col('u')), float64(1, Math.E, 1 / Math.E, Math.exp(0.5), Math.exp(2), NAN, null), LAST_DIGIT),
    'fn.log: null of what is not above 0': of(
      fn.log(col('i')),
      float64(Math.log(4), null, null, Math.log(20), Math.log(21), Math.log(5), null),
      LAST_DIGIT,
    ),
    'fn.log2: of powers of 2': of(fn.log2(fn.pow(2, col('i'))), float64(4, -7, 0, 20, 21, 5, null)),
    'fn.log10': of(
      fn.log10(col('x').mul(25)),
      float64(2, null, null, Math.log10(62.5), NAN, INFINITY, null),
      LAST_DIGIT,
    ),
    'fn.pow: is a float': of(fn.pow(col('i'), 2), float64(16, 49, 0, 400, 441, 25, null)),
    'fn.pow: a root of what is below 0': of(
      fn.pow(col('x'), 0.5),
      float64(2, NAN, 0, Math.sqrt(2.5), NAN, INFINITY, null),
    ),
    'fn.hypot': of(fn.hypot(col('i').mul(3), col('i').mul(4)), float64(20, 35, 0, 100, 105, 25, null)),
    'fn.floor: of floats': of(fn.floor(col('h')), float64(2, -3, 3, -1, 1, 15, null)),
    'fn.ceil: of floats': of(fn.ceil(col('h')), float64(3, -2, 4, -0, 2, 15, null)),
    'fn.round: a half away from 0': of(fn.round(col('h')), float64(3, -3, 4, -1, 1, 15, null)),
    'fn.round: to digits': of(fn.round(col('u').div(8), 2), float64(0, 0.13, -0.13, 0.06, 0.25, NAN, null)),
    'fn.round: to tens': of(fn.round(col('h').mul(10), -1), float64(30, -30, 40, -10, 10, 150, null)),
    'fn.bround: a half to the even neighbour': of(fn.bround(col('h')), float64(2, -2, 4, -0, 1, 15, null)),
    'fn.pmod: never negative': of(fn.pmod(col('i'), 3), int64(1, 2, 0, 2, 0, 2, null)),
    'fn.pmod: by zero': of(fn.pmod(col('i'), 0), int64(null, null, null, null, null, null, null)),
    'fn.factorial: from 0 to 20': of(fn.factorial(col('i')), int64(24, null, 1, 2432902008176640000n, null, 120, null)),
    'fn.sin': of(
      fn.sin(col('u').mul(Math.PI / 6)),
      float64(0, 0.5, -0.5, Math.sin(Math.PI / 12), Math.sin(Math.PI / 3), NAN, null),
      LAST_DIGIT,
    ),
    'fn.cos: not-a-number of an infinity': of(
      fn.cos(col('x').sub(4)),
      float64(1, Math.cos(5), Math.cos(4), Math.cos(1.5), NAN, NAN, null),
      LAST_DIGIT,
    ),
    'fn.tan': of(
      fn.tan(col('u')),
      float64(0, Math.tan(1), Math.tan(-1), Math.tan(0.5), Math.tan(2), NAN, null),
      LAST_DIGIT,
    ),
    'fn.asin: not-a-number beyond 1': of(
      fn.asin(col('u')),
      float64(0, Math.PI / 2, -Math.PI / 2, Math.PI / 6, NAN, NAN, null),
      LAST_DIGIT,
    ),
    'fn.acos: not-a-number beyond 1': of(
      fn.acos(col('u')),
      float64(Math.PI / 2, 0, Math.PI, Math.PI / 3, NAN, NAN, null),
      LAST_DIGIT,
    ),
    'fn.atan': of(
      fn.atan(col('angle')),
      float64(0, Math.atan(Math.PI / 2), Math.atan(Math.PI), -Math.atan(Math.PI / 2), Math.PI / 2, Math.PI / 4, null),
      LAST_DIGIT,
    ),
    'fn.atan2: of y and x': of(
      fn.atan2(col('u'), col('u')),
      float64(0, Math.PI / 4, (-3 * Math.PI) / 4, Math.PI / 4, Math.PI / 4, NAN, null),
      LAST_DIGIT,
    ),
    'fn.sinh': of(
      fn.sinh(col('u')),
      float64(0, Math.sinh(1), -Math.sinh(1), Math.sinh(0.5), Math.sinh(2), NAN, null),
      LAST_DIGIT,
    ),
    'fn.cosh': of(
      fn.cosh(col('u')),
      float64(1, Math.cosh(1), Math.cosh(1), Math.cosh(0.5), Math.cosh(2), NAN, null),
      LAST_DIGIT,
    ),
    'fn.tanh': of(fn.tanh(col('x')), float64(Math.tanh(4), Math.tanh(-1), 0, Math.tanh(2.5), NAN, 1, null), LAST_DIGIT),
    'fn.degrees': of(fn.degrees(col('angle')), float64(0, 90, 180, -90, INFINITY, 180 / Math.PI, null), LAST_DIGIT),
    'fn.radians': of(
      fn.radians(col('u').mul(180)),
      float64(0, Math.PI, -Math.PI, Math.PI / 2, 2 * Math.PI, NAN, null),
      LAST_DIGIT,
    ),
    'fn.widthBucket': of(fn.widthBucket(col('i'), 0, 20, 4), int64(1, 0, 1, 5, 5, 2, null)),
    'fn.abs: of decimals': of(fn.abs(col('m')), decimal(6, 2)('2.50', '2.50', '0.01', '0.01', '99.99', '0.00', null)),
  },
);
