import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { audio } from '../../../src/index.js';
import { graph } from '../../../src/udf/onnx/build.js';
import { serializeModel } from '../../../src/udf/onnx/file.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';

/** A WAV file of one channel: 16-bit PCM, https://www.mmsp.ece.mcgill.ca/Documents/AudioFormats/WAVE/WAVE.html. */
function wav(samples: readonly number[], sampleRate: number): Uint8Array {
  const bytes = Buffer.alloc(44 + samples.length * 2);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(36 + samples.length * 2, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(sampleRate, 24);
  bytes.writeUInt32LE(sampleRate * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((value, at) => {
    bytes.writeInt16LE(Math.round(value * 32767), 44 + at * 2);
  });
  return new Uint8Array(bytes);
}

function sine(frequency: number, sampleRate: number, seconds: number): readonly number[] {
  return Array.from(
    { length: Math.round(sampleRate * seconds) },
    (_, at) => Math.sin((2 * Math.PI * frequency * at) / sampleRate) / 2,
  );
}

/** A network that gives the mean square of a waveform [N, L]. */
function power(folder: string, length: number | string): string {
  const path = join(folder, `power-${length}.onnx`);
  writeFileSync(
    path,
    serializeModel(
      graph({
        inputs: [{ name: 'wave', dtype: 'float32', dims: ['N', length] }],
        outputs: [{ name: 'y', dtype: 'float32', dims: ['N', 1] }],
        nodes: [
          { op: 'Mul', inputs: ['wave', 'wave'], outputs: ['square'] },
          { op: 'ReduceMean', inputs: ['square'], outputs: ['y'], attributes: { axes: [1], keepdims: 1 } },
        ],
      }),
    ),
  );
  return path;
}

test('sound of any rate and length reaches the network; what is no sound is a failed row', async t => {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers: 2, threads: 1 });
  const model = await session.model(power(folder, 'L'), { inputs: { wave: audio({ sampleRate: 8000 }) } });
  const sounds = [
    wav(sine(440, 8000, 0.5), 8000),
    wav(sine(440, 44100, 1), 44100),
    wav(new Array(800).fill(0), 8000),
    wav([], 8000),
    new Uint8Array(Buffer.from('no sound')),
    null,
  ];
  const rows = await session
    .fromRows(
      sounds.map(sound => ({ audio: sound })),
      { audio: { kind: 'binary' } },
    )
    .withColumn('power', model())
    .collect();
  const found = rows.map(({ power: value }) => value as number | null);
  // The mean square of a sine of amplitude 1/2 is 1/8.
  assert.ok(Math.abs(found[0]! - 1 / 8) < 1e-3);
  assert.ok(Math.abs(found[1]! - 1 / 8) < 1e-3);
  assert.deepEqual(found.slice(2), [0, null, null, null]);
});

test('a fixed length cuts and fills, files are found by their paths, and rows can be normalised', async t => {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers: 1, threads: 1 });
  writeFileSync(join(folder, 'half.wav'), wav(sine(440, 8000, 0.5), 8000));
  const fixed = await session.model(power(folder, 8000), { inputs: { wave: audio({ sampleRate: 8000, folder }) } });
  const normal = await session.model(power(folder, 8000), {
    inputs: { wave: audio({ sampleRate: 8000, folder, normalize: true }) },
  });
  const frame = session.fromRows([{ path: 'half.wav' }, { path: '../half.wav' }]);
  const rows = await frame.withColumn('fixed', fixed('path')).withColumn('normal', normal('path')).collect();
  // Half of the second is silence.
  assert.ok(Math.abs(Number(rows[0]!['fixed']) - 1 / 16) < 1e-3);
  assert.ok(Math.abs(Number(rows[0]!['normal']) - 1) < 1e-3);
  assert.equal(rows[1]!['fixed'], null);
});

test('a network behind a spectrogram: the loudest band is the one that holds the tone', async t => {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers: 1, threads: 1 });
  const path = join(folder, 'loudest.onnx');
  writeFileSync(
    path,
    serializeModel(
      graph({
        inputs: [{ name: 'mel', dtype: 'float32', dims: ['N', 20, 'T'] }],
        outputs: [{ name: 'y', dtype: 'int64', dims: ['N'] }],
        nodes: [
          { op: 'ReduceMean', inputs: ['mel'], outputs: ['mean'], attributes: { axes: [2], keepdims: 0 } },
          { op: 'ArgMax', inputs: ['mean'], outputs: ['y'], attributes: { axis: 1, keepdims: 0 } },
        ],
      }),
    ),
  );
  const mel = { fftSize: 256, hop: 128, bands: 20, low: 0, high: 4000, scale: 'htk', power: 2, log: 'none' } as const;
  const model = await session.model(path, { inputs: { mel: audio({ sampleRate: 8000, mel }) } });
  const tones = [300, 1000, 3000];
  const rows = await session
    .fromRows(
      tones.map(tone => ({ audio: wav(sine(tone, 8000, 1), 8000) })),
      { audio: { kind: 'binary' } },
    )
    .withColumn('band', model())
    .collect();
  // Centres of HTK's bands: equal steps of 2595 log10(1 + f / 700), 21 of them from 0 to 4000 Hz.
  const height = (f: number): number => 2595 * Math.log10(1 + f / 700);
  rows.forEach(({ band }, index) => {
    const nearest = Math.round((height(tones[index]!) / height(4000)) * 21) - 1;
    assert.ok(
      Math.abs(Number(band) - nearest) <= 1,
      `${tones[index]} Hz is loudest in band ${band}, expected ${nearest}`,
    );
  });
});
