import { InframeError, shown } from '../errors.js';
import type { Column } from '../expr.js';
import {
  binary,
  callOf,
  choose,
  FLOAT64,
  INT32,
  INT64,
  keeping,
  type Like,
  labelled,
  NAN,
  type Numeric,
  type Plain,
  toColumn,
  typed,
  unary,
  whole,
} from './declare.js';

/*
 * Where a function is not defined (the root of -1) Spark gives not-a-number or null and DuckDB fails; these give what Spark
 * gives, so that one bad row does not stop a job.
 */

/** A function that is defined for some numbers alone. */
const where =
  (name: string, defined: (value: Column) => Column, otherwise: number | null) =>
  (value: Column): Column =>
    choose(value.isNull().or(defined(value)), callOf(name, value), otherwise === null ? undefined : otherwise);

const finite = (value: Column): Column => callOf('isfinite', value.cast(FLOAT64));
const positive = (value: Column): Column => value.gt(0);
const unit = (value: Column): Column => value.between(-1, 1);

export const numbers = {
  /** `abs(value)`: without its sign. */
  abs: keeping<Numeric>('abs'),

  /** `sign(value)`: -1, 0 or 1. */
  sign: unary<Numeric, number>('sign', value =>
    choose(callOf('isnan', value.cast(FLOAT64)), NAN, callOf('sign', value).cast(FLOAT64)),
  ),

  /** `sqrt(value)`: the square root; not-a-number of what is below 0. */
  sqrt: unary<Numeric, number>(
    'sqrt',
    where('sqrt', value => value.ge(0), NAN),
  ),

  /** `cbrt(value)`: the cube root. */
  cbrt: unary<Numeric, number>('cbrt'),

  /** `exp(value)`: e to the power of it. */
  exp: unary<Numeric, number>('exp'),

  /** `log(value)`: the natural logarithm; null of what is not above 0. */
  log: unary<Numeric, number | null>('log', where('ln', positive, null)),

  /** `log2(value)`: the logarithm to base 2; null of what is not above 0. */
  log2: unary<Numeric, number | null>('log2', where('log2', positive, null)),

  /** `log10(value)`: the logarithm to base 10; null of what is not above 0. */
  log10: unary<Numeric, number | null>('log10', where('log10', positive, null)),

  /** `pow(base, exponent)`: a power, as a float64. */
  pow: binary<Numeric, Numeric, number>('pow', (base, exponent) => callOf('pow', base.cast(FLOAT64), exponent)),

  /** `hypot(x, y)`: the root of the sum of the squares. */
  hypot: binary<Numeric, Numeric, number>('hypot', (x, y) => {
    const [a, b] = [x.cast(FLOAT64), y.cast(FLOAT64)];
    return callOf('sqrt', a.mul(a).add(b.mul(b)));
  }),

  /** `floor(value)`: the next whole number below; of a float it stays a float. */
  floor: unary<Numeric, number>('floor'),

  /** `ceil(value)`: the next whole number above; of a float it stays a float. */
  ceil: unary<Numeric, number>('ceil'),

  /** `round(value, digits = 0)`: to so many digits behind the point, a half away from 0; with digits below 0, to tens, hundreds ... */
  round: typed<[value: Numeric, digits?: Plain<number>], Like<'first'>>((value, digits = 0) =>
    labelled('round', [value, digits], callOf('round', value, whole('round', 'digits', digits))),
  ),

  /** `bround(value, digits = 0)`: as `round`, but a half goes to the even neighbour. */
  bround: typed<[value: Numeric, digits?: Plain<number>], number>((value, digits = 0) =>
    labelled('bround', [value, digits], callOf('round_even', value, whole('bround', 'digits', digits))),
  ),

  /** `pmod(value, divisor)`: what is left of a division, never negative for a positive divisor; null for divisor 0. */
  pmod: binary<Numeric, Numeric, Numeric | null>('pmod', (value, divisor) => {
    const left = value.mod(divisor);
    return choose(left.lt(0), left.add(divisor).mod(divisor), left);
  }),

  /** `factorial(value)`: of 0 to 20, as a 64-bit integer; null of others. */
  factorial: unary<Numeric, bigint | null>('factorial', value =>
    choose(value.between(0, 20), callOf('factorial', value.tryCast(INT32))).cast(INT64),
  ),

  /** `sin(angle)`: the sine of radians; not-a-number of an infinity. */
  sin: unary<Numeric, number>('sin', where('sin', finite, NAN)),

  /** `cos(angle)`: the cosine of radians; not-a-number of an infinity. */
  cos: unary<Numeric, number>('cos', where('cos', finite, NAN)),

  /** `tan(angle)`: the tangent of radians; not-a-number of an infinity. */
  tan: unary<Numeric, number>('tan', where('tan', finite, NAN)),

  /** `asin(value)`: the angle in radians whose sine it is; not-a-number beyond -1 and 1. */
  asin: unary<Numeric, number>('asin', where('asin', unit, NAN)),

  /** `acos(value)`: the angle in radians whose cosine it is; not-a-number beyond -1 and 1. */
  acos: unary<Numeric, number>('acos', where('acos', unit, NAN)),

  /** `atan(value)`: the angle in radians whose tangent it is. */
  atan: unary<Numeric, number>('atan'),

  /** `atan2(y, x)`: the angle in radians of the point (x, y), from -pi to pi. */
  atan2: binary<Numeric, Numeric, number>('atan2'),

  /** `sinh(value)`: the hyperbolic sine. */
  sinh: unary<Numeric, number>('sinh'),

  /** `cosh(value)`: the hyperbolic cosine. */
  cosh: unary<Numeric, number>('cosh'),

  /** `tanh(value)`: the hyperbolic tangent. */
  tanh: unary<Numeric, number>('tanh'),

  /** `degrees(angle)`: radians as degrees. */
  degrees: unary<Numeric, number>('degrees'),

  /** `radians(angle)`: degrees as radians. */
  radians: unary<Numeric, number>('radians'),

  /** `widthBucket(value, low, high, buckets)`: which of so many equal parts from low to high it falls in, from 1; 0 below, one more above. */
  widthBucket: typed<[value: Numeric, low: Plain<number>, high: Plain<number>, buckets: Plain<number>], bigint | null>(
    (value, low, high, buckets) => {
      if (!Number.isFinite(low) || !Number.isFinite(high) || low === high) {
        throw new InframeError(
          'ARGUMENT_INVALID',
          `range ${shown(low)} to ${shown(high)} of widthBucket() is not possible; give two different numbers`,
        );
      }
      const parts = whole('widthBucket', 'number of buckets', buckets, 1);
      const number = toColumn(value).cast(FLOAT64);
      const at = callOf(
        'floor',
        number
          .sub(low)
          .mul(parts)
          .div(high - low),
      );
      const bucket = callOf('least', callOf('greatest', at, -1), parts)
        .add(1)
        .cast(INT64);
      const known = number.isNotNull().and(callOf('isnan', number).not());
      return labelled('widthBucket', [value, low, high, buckets], choose(known, bucket));
    },
  ),
};
