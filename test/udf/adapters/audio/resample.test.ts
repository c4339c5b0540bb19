import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { resample, resampledLength, toMono } from '../../../../src/udf/adapters/audio/resample.js';
import { sine } from './sounds.js';

/** 10 log10 of the energy of what is expected over that of the error, over the middle half. */
function decibels(expected: Float32Array, error: (at: number) => number): number {
  let [signal, noise] = [0, 0];
  for (let at = expected.length >> 2; at < (expected.length * 3) >> 2; at++) {
    signal += expected[at]! ** 2;
    noise += error(at) ** 2;
  }
  return 10 * Math.log10(signal / noise);
}

const RATES: readonly (readonly [from: number, to: number])[] = [
  [8000, 16_000],
  [16_000, 8000],
  [44_100, 16_000],
  [48_000, 16_000],
  [22_050, 48_000],
  [11_025, 16_000],
  [16_001, 16_000],
  [96_000, 44_101],
];

for (const [from, to] of RATES) {
  const nyquist = Math.min(from, to) / 2;
  test(`${from} to ${to}: what fits stays, what does not goes`, () => {
    for (const part of [0.05, 0.4, 0.8]) {
      const frequency = nyquist * part;
      const output = resample(sine(frequency, from, from, 0.3), from, to);
      const expected = sine(frequency, to, to, 0.3);
      assert.equal(output.length, to);
      const snr = decibels(expected, at => output[at]! - expected[at]!);
      assert.ok(snr > 60, `${frequency} Hz: ${snr} dB`);
    }
    if (from <= to) return;
    for (const frequency of [nyquist * 1.005, (nyquist + from / 2) / 2]) {
      const output = resample(sine(frequency, from, from, 0.3), from, to);
      const left = decibels(sine(frequency, from, to), at => output[at]!);
      assert.ok(from / to < 1.01 || left > 60, `${frequency} Hz: ${left} dB`);
    }
  });
}

test('a constant stays a constant, and lengths are right, whatever the rates', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1000, max: 96_000 }),
      fc.integer({ min: 1000, max: 96_000 }),
      fc.integer({ min: 0, max: 3000 }),
      (from, to, length) => {
        const output = resample(new Float32Array(length).fill(0.5), from, to);
        assert.equal(output.length, resampledLength(length, from, to));
        assert.equal(output.length, Math.ceil((length * to) / from));
        // Away from the ends, before and behind which is silence.
        const edge = Math.ceil(60 * Math.max(1, to / from));
        for (let at = edge; at < output.length - edge; at++) assert.ok(Math.abs(output[at]! - 0.5) < 1e-6);
      },
    ),
    { numRuns: 60 },
  );
});

test('a part of the output is the beginning of all of it', () => {
  const signal = sine(440, 44_100, 5000);
  assert.deepEqual(resample(signal, 44_100, 16_000, 100), resample(signal, 44_100, 16_000).slice(0, 100));
});

test('the same rate, and nothing', () => {
  const signal = sine(440, 16_000, 10);
  assert.equal(resample(signal, 16_000, 16_000), signal);
  assert.equal(resample(new Float32Array(), 8000, 16_000).length, 0);
  assert.equal(resample(Float32Array.of(1), 8000, 16_000).length, 2);
});

test('as scipy.signal.resample_poly', () => {
  /*
   * t = arange(2205) / 44100; x = .5 sin(2 pi 440 t) + .3 sin(2 pi 1234.5 t + 1), as float32
   * resample_poly(x, 160, 441, window=firwin(2 * 441 * 96 + 1, .92 / 441, window=('kaiser', 9)))[300:308]
   */
  const parts = [sine(440, 44_100, 2205), sine(1234.5, 44_100, 2205, 1)] as const;
  const signal = parts[0].map((value, at) => 0.5 * value + 0.3 * parts[1][at]!);
  const output = resample(signal, 44_100, 16_000);
  assert.equal(output.length, 800);
  [
    0.7816026424643556, 0.6935015217448504, 0.544423307238284, 0.3642854234379162, 0.18735186321076655,
    0.04455259185030688, -0.043351372600411275, -0.07019037678633516,
  ].forEach((value, at) => {
    assert.ok(Math.abs(output[300 + at]! - value) < 2e-4, `${output[300 + at]} ${value}`);
  });
});

test('channels become their mean', () => {
  assert.deepEqual([...toMono([Float32Array.of(1, 0.5), Float32Array.of(0, -0.5)])], [0.5, 0]);
  const alone = Float32Array.of(1);
  assert.equal(toMono([alone]), alone);
});
