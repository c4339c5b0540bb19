import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { InframeError } from '../../../../src/frame/errors.js';
import { type AudioOptions, audio } from '../../../../src/udf/adapters/audio/options.js';

/** The message of the refusal. */
function refusal(options: unknown): string {
  try {
    // What a caller without types may give.
    audio(options as AudioOptions);
  } catch (error) {
    assert.ok(error instanceof InframeError && error.code === 'ARGUMENT_INVALID', String(error));
    return error.message;
  }
  return assert.fail('it was taken');
}

test('nothing said: a waveform of 16 kHz, as long as it is', () => {
  assert.deepEqual(audio(), {
    adapter: 'audio',
    sampleRate: 16_000,
    samples: undefined,
    normalize: false,
    mel: undefined,
    maxSeconds: 600,
    source: { folder: process.cwd(), hosts: [], maxBytes: 256 * 1024 * 1024 },
  });
});

test('presets, and parts of them changed', () => {
  const whisper = audio('whisper');
  assert.equal(whisper.samples, 480_000);
  assert.deepEqual(whisper.mel, {
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
  });
  assert.equal(audio({ preset: 'whisper', mel: { bands: 128 } }).mel?.bands, 128);
  assert.equal(audio({ preset: 'whisper', mel: { bands: 128 } }).mel?.log, 'whisper');
  const half = audio({ preset: 'whisper', sampleRate: 8000 });
  assert.deepEqual([half.samples, half.mel?.high], [240_000, 4000]);
  assert.equal(audio('wav2vec2').normalize, true);
  assert.equal(audio({ preset: 'wav2vec2', normalize: false }).normalize, false);
});

test('seconds are samples of the rate', () => {
  assert.equal(audio({ sampleRate: 8000, seconds: 1.5 }).samples, 12_000);
  assert.equal(audio({ mel: { low: 0, high: 4000 } }).mel?.high, 4000);
});

test('what it gives is frozen, all of it', () => {
  const adapter = audio({ preset: 'whisper', folder: 'sounds', hosts: ['Example.org'] });
  for (const part of [adapter, adapter.mel, adapter.source, adapter.source.hosts]) assert.ok(Object.isFrozen(part));
  assert.equal(adapter.source.folder, join(process.cwd(), 'sounds'));
  assert.deepEqual(adapter.source.hosts, ['example.org']);
});

test('what is not known is refused, with a guess', () => {
  assert.match(refusal({ samplerate: 8000 }), /option 'samplerate' .* \(did you mean 'sampleRate'\?\)/);
  assert.match(refusal({ mel: { band: 3 } }), /option 'mel.band' .* \(did you mean 'bands'\?\)/);
  assert.match(refusal('wisper'), /option 'preset' of audio\(\) is "wisper"; .*did you mean 'whisper'/);
  assert.match(refusal(null), /argument of audio\(\) is null/);
  assert.match(refusal([1]), /argument of audio\(\)/);
});

for (const [options, says] of [
  [{ sampleRate: 0 }, /'sampleRate'.* is 0; give a whole number from 1000 to 192000/],
  [{ sampleRate: 16_000.5 }, /'sampleRate'/],
  [{ sampleRate: '16000' }, /'sampleRate'/],
  [{ samples: -1 }, /'samples'/],
  [{ samples: 3, seconds: 1 }, /'seconds' .*give either/],
  [{ seconds: Number.NaN }, /'seconds'/],
  [{ seconds: Infinity }, /'seconds'/],
  [{ maxSeconds: 0 }, /'maxSeconds'/],
  [{ normalize: 1 }, /'normalize'.*true or false/],
  [{ mel: 80 }, /'mel'/],
  [{ mel: { high: 9000 } }, /'mel.high'/],
  [{ mel: { low: 5000, high: 4000 } }, /'mel.low'.*end at 4000 Hz/],
  [{ mel: { scale: 'htc' } }, /'mel.scale'.*did you mean 'htk'/],
  [{ mel: { log: 'log2' } }, /'mel.log'/],
  [{ mel: { hop: 0 } }, /'mel.hop'/],
  [{ folder: '' }, /'folder'/],
  [{ hosts: ['http://example.org'] }, /'hosts'/],
  [{ maxBytes: 2 ** 40 }, /'maxBytes'/],
] as const) {
  test(`refused: ${JSON.stringify(options)}`, () => {
    assert.match(refusal(options), says);
  });
}
