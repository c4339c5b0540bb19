import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeAudio } from '../../src/udf/adapters/audio/decode.js';
import { ValueError } from '../../src/udf/adapters/value-error.js';
import { FLAC_16, FLAC_24, MP3, sine, wav16, wavFile } from '../udf/adapters/audio/sounds.js';

/*
 * npm run fuzz:audio
 *
 * Files of sound that a stranger has damaged: each gives samples or a ValueError, and nothing else happens. INFRAME_FUZZ_COUNT says how many,
 * INFRAME_FUZZ_SEED which.
 */

const COUNT = Number(process.env['INFRAME_FUZZ_COUNT'] ?? 20_000);
const SEED = Number(process.env['INFRAME_FUZZ_SEED'] ?? 1);

/** Mulberry32 by Tommy Ettinger, public domain: the same numbers every time. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Bits turned, bytes of headers written over, ends cut off, parts of one file in another. */
function damaged(seeds: readonly Uint8Array[], next: () => number): Uint8Array {
  const below = (count: number): number => Math.floor(next() * count);
  const bytes = new Uint8Array(seeds[below(seeds.length)]!);
  const kind = below(5);
  if (kind === 0) return bytes.subarray(0, below(bytes.length + 1));
  if (kind === 1) {
    const other = seeds[below(seeds.length)]!;
    const at = below(bytes.length);
    return new Uint8Array([...bytes.subarray(0, at), ...other.subarray(below(other.length))]);
  }
  const reach = kind === 2 ? Math.min(64, bytes.length) : bytes.length;
  for (let times = 1 + below(8); times > 0; times--) {
    const at = below(reach);
    bytes[at] = kind === 3 ? bytes[at]! ^ (1 << below(8)) : below(256);
  }
  return bytes;
}

test(`${COUNT} damaged files of sound`, async () => {
  const bytes = new Uint8Array(240).map((_, at) => (at * 37) % 256);
  const wavs = [8, 16, 24, 32].map(bits => wavFile(bytes, { bits }));
  const other = [
    wavFile(bytes, { bits: 32, coding: 3 }),
    wavFile(bytes, { bits: 8, coding: 7 }),
    wavFile(bytes, { extensible: true }),
  ];
  const seeds = [FLAC_16, FLAC_24, MP3, wav16(sine(440, 16_000, 200)), ...wavs, ...other];
  const next = random(SEED);
  const tally = { decoded: 0, refused: 0 };
  for (let index = 0; index < COUNT; index++) {
    const bytes = damaged(seeds, next);
    try {
      const { channels, sampleRate } = await decodeAudio(bytes, 60);
      assert.ok(channels.length >= 1 && sampleRate >= 1, `file ${index}`);
      assert.ok(
        channels.every(channel => channel.length === channels[0]!.length && channel.length > 0),
        `file ${index}`,
      );
      tally.decoded += 1;
    } catch (error) {
      assert.ok(
        error instanceof ValueError,
        `file ${index} of seed ${SEED}: ${error instanceof Error ? error.stack : error}`,
      );
      tally.refused += 1;
    }
  }
  console.log(JSON.stringify(tally));
  assert.ok(tally.decoded > 0 && tally.refused > 0);
});
