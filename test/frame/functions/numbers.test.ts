import { numbers } from '../../../src/frame/functions/numbers.js';
import { col, fn } from '../../../src/index.js';
import { each, testUses } from './table.js';

const SOURCE = `SELECT x::DOUBLE AS x, k::INTEGER AS k FROM (VALUES
  (4.0, 5),
  (-2.5, -7),
  (0.0, 0),
  (NULL, NULL),
  ('nan'::DOUBLE, 1),
  ('inf'::DOUBLE, 2)) v(x, k)`;

const X = [4, -2.5, 0, null, Number.NaN, Number.POSITIVE_INFINITY];
const x = col('x');
const k = col('k');
const all = (value: unknown): readonly unknown[] => each(value, 6);
const by = (compute: (value: number) => number | null): readonly unknown[] =>
  X.map(value => (value === null ? null : compute(value)));
const positive =
  (compute: (value: number) => number) =>
  (value: number): number | null =>
    value <= 0 ? null : compute(value);

testUses('functions of numbers', numbers, SOURCE, {
  abs: [
    [fn.abs(x), by(Math.abs)],
    [fn.abs(k), [5, 7, 0, null, 1, 2]],
  ],
  sign: [
    [fn.sign(x), by(Math.sign)],
    [fn.sign(k), [1, -1, 0, null, 1, 1]],
  ],
  sqrt: [
    [fn.sqrt(x), by(Math.sqrt)],
    [fn.sqrt(k), [Math.sqrt(5), Number.NaN, 0, null, 1, Math.SQRT2]],
  ],
  cbrt: [[fn.cbrt(x), by(Math.cbrt)]],
  exp: [[fn.exp(x), by(Math.exp)]],
  log: [
    [fn.log(x), by(positive(Math.log))],
    [fn.log(k), [Math.log(5), null, null, null, 0, Math.LN2]],
  ],
  log2: [[fn.log2(x), by(positive(Math.log2))]],
  log10: [
    [fn.log10(x), by(positive(Math.log10))],
    [fn.log10(1000), all(3)],
  ],
  pow: [
    [fn.pow(x, 2), by(value => value ** 2)],
    [fn.pow(2, k), [32, 2 ** -7, 1, null, 2, 4]],
    [fn.pow(0, -1), all(Number.POSITIVE_INFINITY)],
    [fn.pow(-8, 1 / 3), all(Number.NaN)],
    [fn.pow(x, 0), [1, 1, 1, null, 1, 1]],
  ],
  hypot: [
    [fn.hypot(3, 4), all(5)],
    [fn.hypot(x, k), [Math.sqrt(41), Math.sqrt(55.25), 0, null, Number.NaN, Number.POSITIVE_INFINITY]],
  ],
  floor: [
    [fn.floor(x), by(Math.floor)],
    [fn.floor(-0.1), all(-1)],
  ],
  ceil: [
    [fn.ceil(x), by(Math.ceil)],
    [fn.ceil(0.1), all(1)],
  ],
  round: [
    [fn.round(x), [4, -3, 0, null, Number.NaN, Number.POSITIVE_INFINITY]],
    [fn.round(2.5), all(3)],
    [fn.round(1234.567, 2), all(1234.57)],
    [fn.round(k, -1), [10, -10, 0, null, 0, 0]],
  ],
  bround: [
    [fn.bround(x), [4, -2, 0, null, Number.NaN, Number.POSITIVE_INFINITY]],
    [fn.bround(2.5), all(2)],
    [fn.bround(3.5), all(4)],
    [fn.bround(25, -1), all(20)],
  ],
  pmod: [
    [fn.pmod(k, 3), [2, 2, 0, null, 1, 2]],
    [fn.pmod(x, 3), [1, 0.5, 0, null, Number.NaN, Number.NaN]],
    [fn.pmod(7, -3), all(1)],
    [fn.pmod(-7, -3), all(-1)],
    [fn.pmod(k, 0), all(null)],
  ],
  factorial: [
    [fn.factorial(k), [120n, null, 1n, null, 1n, 2n]],
    [fn.factorial(20), all(2432902008176640000n)],
    [fn.factorial(21), all(null)],
  ],
  sin: [[fn.sin(x), by(Math.sin)]],
  cos: [[fn.cos(x), by(Math.cos)]],
  tan: [[fn.tan(x), by(Math.tan)]],
  asin: [
    [fn.asin(x), by(Math.asin)],
    [fn.asin(-1), all(-Math.PI / 2)],
  ],
  acos: [
    [fn.acos(x), by(Math.acos)],
    [fn.acos(-1), all(Math.PI)],
  ],
  atan: [[fn.atan(x), by(Math.atan)]],
  atan2: [
    [fn.atan2(x, 1), by(value => Math.atan2(value, 1))],
    [fn.atan2(-1, -1), all((-3 / 4) * Math.PI)],
  ],
  sinh: [[fn.sinh(x), by(Math.sinh)]],
  cosh: [[fn.cosh(x), by(Math.cosh)]],
  tanh: [[fn.tanh(x), by(Math.tanh)]],
  degrees: [
    [fn.degrees(Math.PI), all(180)],
    [fn.degrees(x), by(value => (value * 180) / Math.PI)],
  ],
  radians: [[fn.radians(x), by(value => (value * Math.PI) / 180)]],
  widthBucket: [
    [fn.widthBucket(5.3, 0.2, 10.6, 5), all(3n)],
    [fn.widthBucket(-2.1, 1.3, 3.4, 3), all(0n)],
    [fn.widthBucket(8.1, 0, 5.7, 4), all(5n)],
    [fn.widthBucket(-0.9, 5.2, 0.5, 2), all(3n)],
    [fn.widthBucket(x, -2.5, 4, 13), [14n, 1n, 6n, null, null, 14n]],
  ],
});
