import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeAudio } from '../../../../src/udf/adapters/audio/waveform.js';
import { ValueError } from '../../../../src/udf/adapters/value-error.js';
import { sine, wav16 } from './sounds.js';

const settings = { sampleRate: 16_000, samples: undefined, maxSeconds: 600 };

test('two channels of 16 kHz: their mean, as long as it is', async () => {
  const waveform = await encodeAudio(wav16([0.5, 0.25, -0.5, 0], { channels: 2 }), settings);
  assert.deepEqual([...waveform], [0.375, -0.25]);
});

test('cut, and filled with silence', async () => {
  const file = wav16([0.5, -0.5, 0.25]);
  assert.deepEqual([...(await encodeAudio(file, { ...settings, samples: 2 }))], [0.5, -0.5]);
  assert.deepEqual([...(await encodeAudio(file, { ...settings, samples: 5 }))], [0.5, -0.5, 0.25, 0, 0]);
});

test('another rate is resampled, and cut behind that', async () => {
  const file = wav16(
    sine(500, 8000, 8000).map(value => value / 2),
    { sampleRate: 8000 },
  );
  const expected = sine(500, 16_000, 16_000);
  const waveform = await encodeAudio(file, settings);
  assert.equal(waveform.length, 16_000);
  for (let at = 1000; at < 15_000; at++) assert.ok(Math.abs(waveform[at]! - expected[at]! / 2) < 1e-3);
  const part = await encodeAudio(file, { ...settings, samples: 4000 });
  assert.deepEqual(part, waveform.slice(0, 4000));
});

test('a waveform too large to hold is the failure of its row', async () => {
  const file = wav16(new Float32Array(800_000), { sampleRate: 1000 });
  const large = { sampleRate: 192_000, samples: undefined, maxSeconds: 86_400 };
  await assert.rejects(encodeAudio(file, large), ValueError);
});
