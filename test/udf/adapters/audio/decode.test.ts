import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeAudio } from '../../../../src/udf/adapters/audio/decode.js';
import { ValueError } from '../../../../src/udf/adapters/value-error.js';
import { FLAC_16, FLAC_24, MP3, sine, wav16, wavFile } from './sounds.js';

async function refusal(bytes: Uint8Array, maxSeconds = 600): Promise<string> {
  try {
    await decodeAudio(bytes, maxSeconds);
  } catch (error) {
    assert.ok(error instanceof ValueError, String(error));
    return error.message;
  }
  return assert.fail('it was decoded');
}

function bytesOf(values: { readonly buffer: ArrayBufferLike }): Uint8Array {
  return new Uint8Array(values.buffer);
}

/** What the fixtures hold, as multiples of 2^-15. */
const X = Array.from(
  { length: 192 },
  (_, n) => [0, 8192, -8192, 16_384, -32_768, 32_735, 3277, -3277][n % 8]! / 32_768,
);

test('WAV of 16 bits: every value is itself divided by 32768, to the last bit', async () => {
  const all = Int16Array.from({ length: 65_536 }, (_, at) => at - 32_768);
  const { channels, sampleRate } = await decodeAudio(wavFile(bytesOf(all)), 600);
  assert.equal(sampleRate, 16_000);
  assert.equal(channels.length, 1);
  all.forEach((value, at) => {
    if (channels[0]![at] !== value / 32_768) assert.fail(`${value} became ${channels[0]![at]! * 32_768}`);
  });
});

test('WAV of 8, 24 and 32 bits, and floating point', async () => {
  const eight = await decodeAudio(wavFile(Uint8Array.of(0, 64, 128, 192, 255), { bits: 8 }), 600);
  assert.deepEqual([...eight.channels[0]!], [-1, -0.5, 0, 0.5, Math.fround(127 / 128)]);
  const three = [0x00, 0x00, 0x80, 0x00, 0x00, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x40];
  const twentyFour = await decodeAudio(wavFile(Uint8Array.from(three), { bits: 24 }), 600);
  assert.deepEqual([...twentyFour.channels[0]!], [-1, -0.5, 0, 0.5]);
  const whole = Int32Array.of(-(2 ** 31), -(2 ** 30), 0, 2 ** 30);
  const thirtyTwo = await decodeAudio(wavFile(bytesOf(whole), { bits: 32 }), 600);
  assert.deepEqual([...thirtyTwo.channels[0]!], [-1, -0.5, 0, 0.5]);
  for (const [values, bits] of [
    [Float32Array.of(-1.5, 0, 0.25), 32],
    [Float64Array.of(-1.5, 0, 0.25), 64],
  ] as const) {
    const floating = await decodeAudio(wavFile(bytesOf(values), { coding: 3, bits }), 600);
    assert.deepEqual([...floating.channels[0]!], [-1.5, 0, 0.25]);
  }
});

test('WAV of A-law and mu-law: the ends and the middle, as ITU-T G.711 has them', async () => {
  // G.711, tables 1 and 2: the largest decoded value is 4032 of 4096 in A-law, and 8031 of 8192 in mu-law.
  const a = await decodeAudio(wavFile(Uint8Array.of(0xaa, 0x2a, 0xd5, 0x55), { coding: 6, bits: 8 }), 600);
  assert.deepEqual([...a.channels[0]!], [4032 / 4096, -4032 / 4096, 1 / 4096, -1 / 4096]);
  const mu = await decodeAudio(wavFile(Uint8Array.of(0x80, 0x00, 0xff, 0xfe), { coding: 7, bits: 8 }), 600);
  assert.deepEqual([...mu.channels[0]!], [8031 / 8192, -8031 / 8192, 0, 2 / 8192]);
});

test('channels apart, an extensible format, a chunk of odd length before, a size that is not known', async () => {
  const samples = [0.5, -0.5, 0.25, -0.25, 0.125, -0.125];
  for (const options of [{}, { extensible: true }, { before: 7 }, { dataSize: 0xffffffff }]) {
    const { channels, sampleRate } = await decodeAudio(
      wav16(samples, { channels: 2, sampleRate: 44_100, ...options }),
      600,
    );
    assert.equal(sampleRate, 44_100);
    assert.deepEqual(
      channels.map(channel => [...channel]),
      [
        [0.5, 0.25, 0.125],
        [-0.5, -0.25, -0.125],
      ],
    );
  }
});

test('FLAC of 16 and 24 bits is lossless', async () => {
  const two = await decodeAudio(FLAC_16, 600);
  assert.equal(two.sampleRate, 8000);
  assert.deepEqual(
    two.channels.map(channel => [...channel]),
    [X, X.toReversed()],
  );
  const one = await decodeAudio(FLAC_24, 600);
  assert.deepEqual(
    one.channels.map(channel => [...channel]),
    [X],
  );
});

test('MP3: as libsndfile decodes it, and without what the encoder put before and behind', async () => {
  const { channels, sampleRate } = await decodeAudio(MP3, 600);
  assert.equal(sampleRate, 16_000);
  assert.deepEqual([channels.length, channels[0]!.length], [1, 1600]);
  // sf.read(f)[0][800:806]
  const expected = [0.0013724416, 0.0873023868, 0.1706477106, 0.2488842309, 0.3197111785, 0.3810087442];
  expected.forEach((value, at) => {
    assert.ok(Math.abs(channels[0]![800 + at]! - value) < 1e-6);
  });
  const wave = sine(440, 16_000, 1600);
  for (let n = 300; n < 1300; n++) assert.ok(Math.abs(channels[0]![n]! - wave[n]! / 2) < 0.02);
});

test('tags before and behind are no sound', async () => {
  const id3 = Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\x01\x02', 'latin1'), Buffer.alloc(130, 'x')]);
  const id3v1 = Buffer.concat([Buffer.from('TAG'), Buffer.alloc(125, 'y')]);
  const plain = await decodeAudio(MP3, 600);
  const tagged = await decodeAudio(new Uint8Array(Buffer.concat([id3, MP3, id3v1])), 600);
  assert.deepEqual(tagged, plain);
  assert.deepEqual(
    await decodeAudio(new Uint8Array(Buffer.concat([id3, FLAC_16])), 600),
    await decodeAudio(FLAC_16, 600),
  );
});

test('what is no sound is told by how it begins', async () => {
  assert.equal(await refusal(new Uint8Array()), 'the content is empty');
  assert.equal(
    await refusal(Buffer.from('OggS and more')),
    "the content is no WAV, MP3 or FLAC (it begins with 'OggS')",
  );
  assert.equal(await refusal(Uint8Array.of(0, 1, 2)), 'the content is no WAV, MP3 or FLAC (it begins with 00 01 02)');
});

test('cut off anywhere, no file is taken for a whole one', async () => {
  const wav = wav16(X);
  for (const file of [wav, FLAC_16, MP3]) {
    for (let length = 1; length < file.length; length += 7) {
      assert.match(await refusal(file.slice(0, length)), /cut off|is no WAV, MP3 or FLAC|no samples/);
    }
  }
  assert.equal(await refusal(wav.slice(0, 100)), 'the sound is cut off');
});

test('no samples', async () => {
  assert.equal(await refusal(wav16([])), 'the sound has no samples');
});

test('more than the limit is not decoded', async () => {
  assert.equal(await refusal(wav16(new Float32Array(16_001)), 1), 'the sound lasts 1.01 s, more than the limit of 1');
  assert.equal(await refusal(wav16(new Float32Array(32_000)), 1), 'the sound lasts 2 s, more than the limit of 1');
  assert.match(await refusal(FLAC_16, 0.01), /the sound lasts 0.03 s/);
  assert.match(await refusal(MP3, 0.05), /the sound lasts 0.1 s/);
});

test('a FLAC file that says more than it holds, or holds more than it says', async () => {
  // The total of samples are the last 36 bits of the 8 bytes from byte 18 on.
  const more = Uint8Array.from(FLAC_16);
  more[25]! += 1;
  assert.equal(await refusal(more), 'the sound is cut off or damaged: it has 192 of 193 samples');
  const fewer = Uint8Array.from(FLAC_16);
  fewer[25]! -= 1;
  assert.equal(await refusal(fewer), 'the sound is damaged');
  const endless = Uint8Array.from(FLAC_16);
  endless[21]! |= 15;
  assert.match(await refusal(endless), /lasts \d+(\.\d+)? s, more than the limit of 600/);
  const unknown = Uint8Array.from(FLAC_16);
  unknown[25] = 0;
  assert.equal((await decodeAudio(unknown, 600)).channels[0]!.length, 192);
  assert.match(await refusal(unknown, 0.01), /lasts 0.03 s/);
});

for (const [name, bytes, says] of [
  ['ADPCM', wavFile(new Uint8Array(64), { coding: 2, bits: 8 }), /of coding 0x2, which is not decoded/],
  ['20 bits', wavFile(new Uint8Array(60), { bits: 20, channels: 2 }), /samples of 20 bits/],
  ['no channels', wavFile(new Uint8Array(64), { channels: 0 }), /header of the WAV file is damaged/],
  ['65 channels', wavFile(new Uint8Array(65 * 2), { channels: 65 }), /has 65 channels/],
  ['a rate of 1', wavFile(new Uint8Array(64), { sampleRate: 1 }), /has 1 samples a second/],
  ['NaN', wavFile(bytesOf(Float32Array.of(0, Number.NaN)), { coding: 3, bits: 32 }), /not a number/],
  ['infinity', wavFile(bytesOf(Float64Array.of(Infinity)), { coding: 3, bits: 64 }), /not a number/],
] as const) {
  test(`a WAV file of ${name} is refused`, async () => {
    assert.match(await refusal(bytes), says);
  });
}

test('an MP3 file with something else in the middle', async () => {
  const damaged = Uint8Array.from(MP3);
  damaged.fill(0x55, 700, 1000);
  assert.match(await refusal(damaged), /cut off or damaged: it has \d+ of \d+ frames/);
});
