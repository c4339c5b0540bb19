import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeAudio } from '../../../../src/udf/adapters/audio/decode.js';
import { findFrames } from '../../../../src/udf/adapters/audio/flac-frames.js';
import { ValueError } from '../../../../src/udf/adapters/value-error.js';

/*
 * Files of many small frames, written here as RFC 9639 says (verbatim and constant subframes of 16 bits, one channel), so that
 * every piece of the file holds places where a decoder that reads in pieces could go wrong.
 */

const HEADER_BYTES = 42;

/** Bit by bit, as the RFC defines it. */
function crc(bytes: readonly number[], bits: 8 | 16, polynomial: number): number {
  let rest = 0;
  for (const byte of bytes) {
    rest ^= byte << (bits - 8);
    for (let bit = 0; bit < 8; bit++) {
      rest = rest & (1 << (bits - 1)) ? ((rest << 1) ^ polynomial) & (2 ** bits - 1) : rest << 1;
    }
  }
  return rest;
}

/**
 * @param subframe what follows the header, whole bytes
 * @param rate the code of 8000 samples a second; 0 for what the file's header says
 */
function frame(number: number, samples: number, subframe: readonly number[], rate = 4): readonly number[] {
  // As UTF-8 writes a character of up to 11 bits.
  const coded = number < 128 ? [number] : [0xc0 | (number >> 6), 0x80 | (number & 63)];
  // Block size in 16 bits (7), 8 kHz (4), one channel (0), 16 bits a sample (4).
  const header = [0xff, 0xf8, 0x70 | rate, 0x08, ...coded, (samples - 1) >> 8, (samples - 1) & 255];
  const all = [...header, crc(header, 8, 0x07), ...subframe];
  const footer = crc(all, 16, 0x8005);
  return [...all, footer >> 8, footer & 255];
}

function verbatim(values: readonly number[]): readonly number[] {
  return [0x02, ...values.flatMap(value => [(value >> 8) & 255, value & 255])];
}

/** @param total samples that the header says; 0 for unknown */
function file(frames: readonly (readonly number[])[], block: number, total: number): Uint8Array {
  const info = Buffer.alloc(34);
  info.writeUInt16BE(block, 0);
  info.writeUInt16BE(block, 2);
  // 20 bits of the rate, 3 of channels - 1, 5 of bits - 1, then 36 of the total.
  info.writeUInt32BE(8000 * 4096 + 15 * 16, 10);
  info.writeUInt32BE(total, 14);
  const parts = frames.map(each => Buffer.from(each));
  return new Uint8Array(Buffer.concat([Buffer.from('fLaC'), Buffer.from([0x80, 0, 0, 34]), info, ...parts]));
}

const BLOCK = 16;
const COUNT = 600;
const VALUES = Array.from({ length: BLOCK * COUNT }, (_, n) => ((n * 7919) % 65_536) - 32_768);
const FRAMES = Array.from({ length: COUNT }, (_, n) =>
  frame(n, BLOCK, verbatim(VALUES.slice(n * BLOCK, (n + 1) * BLOCK))),
);
const KNOWN = file(FRAMES, BLOCK, VALUES.length);
const STREAMED = file(FRAMES, BLOCK, 0);

async function refusal(bytes: Uint8Array, maxSeconds = 600): Promise<string> {
  const error = await decodeAudio(bytes, maxSeconds).then(
    ({ channels }) => assert.fail(`decoded: ${channels[0]!.length} samples`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ValueError, String(error));
  return error.message;
}

for (const [name, bytes] of [
  ['whose header says how many', KNOWN],
  ['of a stream, whose header does not say it', STREAMED],
] as const) {
  test(`every sample of a file of ${COUNT} frames ${name}`, async () => {
    const { channels, sampleRate } = await decodeAudio(bytes, 600);
    assert.equal(sampleRate, 8000);
    assert.equal(channels.length, 1);
    assert.deepEqual(
      Array.from(channels[0]!, value => value * 32_768),
      VALUES,
    );
  });
}

test('frames are found where they were put', () => {
  let begin = HEADER_BYTES;
  const expected = FRAMES.map(each => {
    const end = begin + each.length;
    const placed = { begin, end, samples: BLOCK };
    begin = end;
    return placed;
  });
  assert.deepEqual(findFrames(KNOWN, HEADER_BYTES), expected);
});

test('a frame that looks like the beginning of another one inside', async () => {
  // A whole frame as the values of a frame around it.
  const inner = frame(200, 17, verbatim(Array.from({ length: 17 }, (_, at) => at)));
  assert.equal(inner.length % 2, 0);
  const values = Array.from(
    { length: inner.length / 2 },
    (_, at) => ((inner[at * 2]! << 24) >> 16) | inner[at * 2 + 1]!,
  );
  const three = [0, 1, 2].map(number => frame(number, values.length, verbatim(values)));
  const { channels } = await decodeAudio(file(three, values.length, 0), 600);
  assert.deepEqual(
    Array.from(channels[0]!, value => value * 32_768),
    [...values, ...values, ...values],
  );
});

test('one bit turned anywhere in a stream is noticed', async () => {
  const short = file(FRAMES.slice(0, 40), BLOCK, 0);
  for (let at = HEADER_BYTES; at < short.length; at++) {
    const damaged = Uint8Array.from(short);
    damaged[at]! ^= 1 << (at % 8);
    assert.match(await refusal(damaged), /damaged/, `byte ${at}`);
  }
});

test('a stream that ends inside a frame is cut off', async () => {
  const short = file(FRAMES.slice(0, 10), BLOCK, 0);
  const ends = new Set(findFrames(short, HEADER_BYTES).map(({ end }) => end));
  for (let length = HEADER_BYTES + 1; length < short.length; length++) {
    // Where a frame ends, nothing tells that another one is missing.
    if (!ends.has(length)) assert.match(await refusal(short.slice(0, length)), /cut off/, `${length} bytes`);
  }
});

test('silence of hours in a small file is refused before it is decoded', async () => {
  const silent = Array.from({ length: 2000 }, (_, n) => frame(n, 65_535, [0x00, 0, 0]));
  const bomb = file(silent, 65_535, 0);
  assert.ok(bomb.length < 32_000);
  assert.match(await refusal(bomb), /the sound lasts 16383.75 s, more than the limit of 600/);
});

test('frames that do not say their own rate are told from damaged ones', async () => {
  const bytes = file([frame(0, BLOCK, verbatim(VALUES.slice(0, BLOCK)), 0)], BLOCK, BLOCK);
  assert.equal(
    await refusal(bytes),
    'the FLAC file says the rate or size of its samples in its header only, which is not decoded',
  );
});

test('tags and zeros behind the frames are no sound', async () => {
  for (const tail of [Buffer.concat([Buffer.from('TAG'), Buffer.alloc(125, 'y')]), Buffer.alloc(9)]) {
    const { channels } = await decodeAudio(new Uint8Array(Buffer.concat([STREAMED, tail])), 600);
    assert.equal(channels[0]!.length, VALUES.length);
  }
  assert.match(await refusal(new Uint8Array(Buffer.concat([STREAMED, Buffer.from('junk')]))), /damaged/);
});
