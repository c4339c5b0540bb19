import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { MelOptions } from '../../../../src/udf/adapters/adapter.js';
import { melFilters } from '../../../../src/udf/onnx/adapt/mel-filters.js';
import {
  leastSamples,
  melFrames,
  melInput,
  melSamples,
  waveformNormalizeInput,
} from '../../../../src/udf/onnx/adapt/sound.js';
import type { Dim } from '../../../../src/udf/onnx/dims.js';
import { describeTensor, signatureOf } from '../../../../src/udf/signature.js';
import { assertClose, float32, inframeError, noise, run } from '../../../support/onnx.js';
import { OPSETS, passing } from './nets.js';

/*
 * Numbers of spectrograms come from numpy in float64, the filters from librosa 0.11 (htk: htk=True, norm=None):
 *   x = 0.5 sin(2 pi 440 t) + 0.1 sin(2 pi 3000 t) + 0.02 (noise - 0.5)
 *   if center: x = np.pad(x, fft // 2, mode='reflect')
 *   w = 0.5 - 0.5 cos(2 pi n / fft); S = |rfft(frames * w)| ** power; M = librosa.filters.mel(...) @ S.T
 *   whisper: M without the last frame; l = log10(max(M, 1e-10)); l = max(l, l.max() - 8); (l + 4) / 4
 */

function signal(count: number, sampleRate: number, seed: number): Float32Array {
  const random = noise(count, seed);
  return Float32Array.from(random, (value, index) => {
    const t = index / sampleRate;
    return 0.5 * Math.sin(2 * Math.PI * 440 * t) + 0.1 * Math.sin(2 * Math.PI * 3000 * t) + 0.02 * (value - 0.5);
  });
}

const WHISPER: MelOptions = {
  fftSize: 400,
  hop: 160,
  bands: 80,
  low: 0,
  high: 8000,
  scale: 'slaney',
  power: 2,
  log: 'whisper',
  layout: 'bands-first',
  center: true,
};

/** Elements of a matrix, at every pair of these rows and columns. */
function at(matrix: ArrayLike<number>, width: number, rows: readonly number[], columns: readonly number[]): number[] {
  return rows.flatMap(row => columns.map(column => matrix[row * width + column]!));
}

test('filters are those of librosa', () => {
  const slaney = melFilters({ fftSize: 400, bands: 80, low: 0, high: 8000, scale: 'slaney' }, 16000);
  assert.equal(slaney.length, 80 * 201);
  assert.equal(slaney.filter(weight => weight > 0).length, 391);
  assertClose([slaney.reduce((sum, weight) => sum + weight)], [1.9990241029178577], 1e-12);
  assertClose(at(slaney, 201, [0], [1]), [0.02486259], 1e-8);
  assertClose(at(slaney, 201, [10], [11]), [0.00495438], 1e-8);
  assertClose(at(slaney, 201, [79], [195]), [0.0022438], 1e-8);
  const htk = melFilters({ fftSize: 256, bands: 20, low: 50, high: 4000, scale: 'htk' }, 8000);
  assert.equal(htk.filter(weight => weight > 0).length, 238);
  assertClose([htk.reduce((sum, weight) => sum + weight)], [119.0186630512446], 1e-10);
  assertClose(at(htk, 129, [0], [3]), [0.63874407], 1e-8);
  assertClose(at(htk, 129, [5], [20]), [0.49898941], 1e-8);
  assertClose(at(htk, 129, [19], [120]), [0.63563289], 1e-8);
});

test("Whisper's spectrogram is what numpy computes, in every opset, row by row", async () => {
  const one = signal(1600, 16000, 1);
  const quiet = one.map(value => value / 100);
  for (const opset of OPSETS) {
    const model = melInput(passing(['N', 80, 'frames'], { opset }), 'x', WHISPER, 16000);
    assert.equal(describeTensor(signatureOf(model).inputs[0]!), 'float32[N, samples]');
    const { y } = await run(model, { x: float32([2, 1600], [...quiet, ...one]) });
    assert.deepEqual(y!.dims, [2, 80, 10]);
    assertClose(
      at((y!.data as Float32Array).subarray(800), 10, [0, 4, 9, 30, 60, 79], [0, 5, 9]),
      [
        [0.98839, 0.16786, 0.49538, 1.03127, -0.16253, 0.51115, 1.30966, 1.15978, 1.16579],
        [0.52758, 0.07934, 0.13759, 0.44041, -0.0769, 0.07155, 0.18477, 0.05979, 0.02832],
      ].flat(),
      1e-4,
    );
    // A hundredth of the amplitude is 4 less in log10 of the energy, and its own limit.
    const [low, high] = [y!.data.slice(0, 800), y!.data.slice(800)] as [Float32Array, Float32Array];
    assertClose(
      low,
      high.map(value => value - 1),
      2e-3,
    );
  }
});

test('magnitudes of the HTK scale in natural logarithms, frame after frame, not centred', async () => {
  const mel: MelOptions = {
    fftSize: 256,
    hop: 100,
    bands: 20,
    low: 50,
    high: 4000,
    scale: 'htk',
    power: 1,
    log: 'ln',
    layout: 'frames-first',
    center: false,
  };
  for (const opset of [7, 13, 18]) {
    for (const [dims, shape] of [
      [
        ['N', 'frames', 20],
        [1, 8, 20],
      ],
      [
        ['N', 1, undefined, 20],
        [1, 1, 8, 20],
      ],
      [
        ['N', 8, 20, 1],
        [1, 8, 20, 1],
      ],
    ] as readonly (readonly [readonly Dim[], readonly number[]])[]) {
      const model = melInput(passing(dims, { opset }), 'x', mel, 8000);
      // A network of 8 frames states the samples it takes.
      const [, samples] = signatureOf(model).inputs[0]!.dims!;
      assert.equal(samples, dims[1] === 8 ? 956 : 'samples');
      const count = typeof samples === 'number' ? samples : 1000;
      const { y } = await run(model, { x: float32([1, count], signal(1000, 8000, 3).subarray(0, count)) });
      assert.deepEqual(y!.dims, shape);
      assertClose(
        at(y!.data as Float32Array, 20, [0, 3, 7], [0, 9, 19]),
        [-2.40215, -1.01589, -0.81158, -1.99116, -1.06366, -0.43082, -2.22363, -1.56614, -0.63652],
        1e-4,
      );
    }
  }
});

test('an odd transform, cubes of magnitudes and half floats', async () => {
  const mel: MelOptions = { ...WHISPER, fftSize: 101, hop: 37, bands: 8, high: 4000, power: 3, log: 'log10' };
  const given = { x: float32([1, 700], signal(700, 8000, 5)) };
  const expected = [0.42546, 0.47359, 0.47484, -2.36546, -6.1192, -3.91925, -1.9075, -1.65564, -1.64793];
  for (const [dtype, tolerance] of [
    ['float32', 1e-4],
    ['float64', 1e-4],
    ['float16', 5e-3],
  ] as const) {
    const net = passing(['N', 8, 'frames'], { dtype, gives: 'float32' });
    const { y } = await run(melInput(net, 'x', mel, 8000), given);
    assert.deepEqual(y!.dims, [1, 8, 19]);
    assertClose(at(y!.data as Float32Array, 19, [0, 3, 7], [0, 10, 18]), expected, tolerance);
  }
  const plain = melInput(passing(['N', 8, 'frames']), 'x', { ...mel, log: 'none' }, 8000);
  const energies = (await run(plain, given))['y']!.data as Float32Array;
  assertClose(at(energies, 19, [0], [0]).map(Math.log10), [0.42546], 1e-4);
});

test('frames and samples are counted as the graph counts them, whatever the options', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: 40 }),
      fc.integer({ min: 1, max: 30 }),
      fc.boolean(),
      fc.constantFrom('whisper' as const, 'ln' as const),
      fc.integer({ min: 1, max: 12 }),
      async (fftSize, hop, center, log, wanted) => {
        const mel: MelOptions = { ...WHISPER, fftSize, hop, bands: 3, high: 4000, center, log };
        const samples = melSamples(mel, wanted);
        assert.ok(samples >= leastSamples(mel));
        if (samples > leastSamples(mel)) {
          assert.equal(melFrames(mel, samples), wanted);
          assert.equal(melFrames(mel, samples - 1), wanted - 1);
        }
        const open = melInput(passing(['N', 3, 'frames']), 'x', mel, 8000);
        const { y } = await run(open, { x: float32([1, samples], noise(samples)) });
        assert.deepEqual(y!.dims, [1, 3, melFrames(mel, samples)]);
        const fixed = melInput(passing([1, 3, wanted]), 'x', mel, 8000);
        assert.equal(describeTensor(signatureOf(fixed).inputs[0]!), `float32[1, ${samples}]`);
        const result = await run(fixed, { x: float32([1, samples], noise(samples)) });
        assert.deepEqual(result['y']!.dims, [1, 3, wanted]);
      },
    ),
    { numRuns: 40 },
  );
  assert.equal(melSamples(WHISPER, 3000), 480_000);
});

test('silence is the floor', async () => {
  const silent = { x: float32([1, 800], new Float32Array(800)) };
  const y = async (log: MelOptions['log']) => {
    const model = melInput(passing(['N', 80, 'frames']), 'x', { ...WHISPER, log }, 16000);
    return new Set((await run(model, silent))['y']!.data as Float32Array);
  };
  assertClose([...(await y('log10'))], [-10], 1e-5);
  assertClose([...(await y('ln'))], [Math.log(1e-10)], 1e-5);
  assertClose([...(await y('whisper'))], [-1.5], 1e-5);
  assert.deepEqual(await y('none'), new Set([0]));
});

test('a waveform is brought to zero mean and unit variance, row by row', async () => {
  // numpy: (w - w.mean()) / np.sqrt(w.var() + 1e-7)
  const wave = signal(1000, 8000, 3);
  const expected = [-0.01411, 0.66897, 0.0014, -0.65845];
  const loud = wave.map(value => value * 3 + 5);
  for (const opset of OPSETS) {
    const model = waveformNormalizeInput(passing(['N', 'samples'], { opset }), 'x');
    const { y } = await run(model, { x: float32([3, 1000], [...loud, ...wave, ...new Float32Array(1000).fill(7)]) });
    assertClose(at(y!.data as Float32Array, 1000, [1], [0, 1, 500, 999]), expected, 2e-5);
    assertClose(at(y!.data as Float32Array, 1000, [0], [0, 1, 500, 999]), expected, 1e-4);
    assertClose((y!.data as Float32Array).slice(2000), new Float32Array(1000), 0);
  }
  const half = waveformNormalizeInput(passing([1, 1, 1000], { dtype: 'float16', gives: 'float32' }), 'x');
  assert.equal(describeTensor(signatureOf(half).inputs[0]!), 'float32[1, 1, 1000]');
  const { y } = await run(half, { x: float32([1, 1, 1000], wave) });
  assertClose(at(y!.data as Float32Array, 1000, [0], [0, 1, 500, 999]), expected, 2e-3);
});

test('bad calls are refused', () => {
  const net = passing(['N', 80, 3000]);
  const invalid = (change: Partial<MelOptions>, word: string, rate = 16000) =>
    assert.throws(
      () => melInput(net, 'x', { ...WHISPER, ...change }, rate),
      inframeError('ARGUMENT_INVALID', 'mel spectrogram cannot be made', word),
    );
  invalid({ fftSize: 1 }, 'fftSize 1');
  invalid({ fftSize: 1e9 }, 'from 2 to 4096');
  invalid({ hop: 0 }, 'hop 0');
  invalid({ bands: 2.5 }, 'bands 2.5');
  invalid({ high: 9000 }, 'half the sample rate, 8000');
  invalid({ low: 8000 }, 'must rise');
  invalid({ low: -1 }, 'frequencies -1');
  invalid({ power: 0 }, 'power 0');
  invalid({}, 'sample rate 0', 0);
  invalid({}, 'sample rate NaN', Number.NaN);
  const refuse = (model: typeof net, change: Partial<MelOptions> = {}) =>
    assert.throws(
      () => melInput(model, 'x', { ...WHISPER, ...change }, 16000),
      inframeError('MODEL_UNSUPPORTED', "input 'x'", describeTensor(signatureOf(model).inputs[0]!)),
    );
  refuse(passing(['N', 64, 'frames']));
  refuse(passing(['N', 3, 80, 'frames']));
  refuse(passing(['N', 80]));
  refuse(passing(undefined));
  refuse(net, { layout: 'frames-first' });
  refuse(passing(['N', 80, 'frames'], { dtype: 'int64' }));
  assert.throws(() => melInput(net, 'z', WHISPER, 16000), inframeError('ARGUMENT_INVALID', "input 'z'"));
  const sound = (model: typeof net) => () => waveformNormalizeInput(model, 'x');
  assert.throws(sound(passing(['N'])), inframeError('MODEL_UNSUPPORTED', 'float32[N]', 'waveform'));
  assert.throws(sound(passing(undefined)), inframeError('MODEL_UNSUPPORTED', 'waveform'));
  assert.throws(sound(passing(['N', 5], { dtype: 'int64' })), inframeError('MODEL_UNSUPPORTED', 'floats'));
});
