import { ValueError } from '../value-error.js';

/*
 * Where the frames of a FLAC file begin and end, found before anything is decoded: it tells how long the sound is, and that
 * none of it is damaged. The decoder's own search loses a frame whose header lies across two of the pieces it is given, and
 * passes over damaged ones in silence.
 *
 * Source: RFC 9639, "Free Lossless Audio Codec (FLAC)", 9.1 (frame header: sync code, codes of block size and rate, coded
 * number, CRC-8) and 9.3 (footer: CRC-16 over the whole frame).
 */

/** A frame is smaller than this: 65 535 samples of 32 bits in 8 channels are 2 MiB. */
const LARGEST_FRAME = 3 * 2 ** 20;

/** Remainders of x^8 + x^2 + x + 1, by byte. */
const CRC8 = Uint8Array.from({ length: 256 }, (_, byte) => remainder(byte, 8, 0x07));
/** Remainders of x^16 + x^15 + x^2 + 1, by byte. */
const CRC16 = Uint16Array.from({ length: 256 }, (_, byte) => remainder(byte << 8, 16, 0x8005));

export interface FlacFrame {
  readonly begin: number;
  readonly end: number;
  /** Samples a channel. */
  readonly samples: number;
}

/**
 * The frames of a file, one behind another to its end.
 *
 * @param start where the metadata end
 * @throws ValueError where what stands there is no whole frame: damaged, or cut off
 */
export function findFrames(bytes: Uint8Array, start: number): readonly FlacFrame[] {
  const frames: FlacFrame[] = [];
  for (let begin = start; !isTail(bytes, begin); ) {
    const header = frameHeader(bytes, begin);
    const end = header && frameEnd(bytes, begin, begin + header.length);
    if (end === undefined) throw new ValueError(`the sound is cut off or damaged at byte ${begin}`);
    frames.push({ begin, end, samples: header!.samples });
    begin = end;
  }
  return frames;
}

/** Where the frame's CRC comes out even, and another frame or the file's end follows. */
function frameEnd(bytes: Uint8Array, begin: number, body: number): number | undefined {
  const last = Math.min(bytes.length, begin + LARGEST_FRAME);
  let crc = 0;
  for (let at = begin; at < last; at++) {
    crc = (CRC16[(crc >> 8) ^ bytes[at]!]! ^ (crc << 8)) & 0xffff;
    const end = at + 1;
    if (crc === 0 && end > body && (isTail(bytes, end) || frameHeader(bytes, end) !== undefined)) return end;
  }
  return undefined;
}

/** What the header of a frame says; undefined where there is none. @throws ValueError for one that does not say all */
function frameHeader(bytes: Uint8Array, at: number): { readonly length: number; readonly samples: number } | undefined {
  if (at + 6 > bytes.length || bytes[at] !== 0xff || (bytes[at + 1]! & 0xfe) !== 0xf8) return undefined;
  const sizeCode = bytes[at + 2]! >> 4;
  const rateCode = bytes[at + 2]! & 15;
  // Behind four bytes of codes stands a number, written as UTF-8 writes a character: its first byte tells how long it is.
  const ones = Math.clz32(~(bytes[at + 4]! << 24));
  if (sizeCode === 0 || rateCode === 15 || ones === 1 || ones === 8) return undefined;
  const sizeAt = at + 4 + Math.max(1, ones);
  const rateAt = sizeAt + (sizeCode === 6 ? 1 : sizeCode === 7 ? 2 : 0);
  const crcAt = rateAt + (rateCode === 12 ? 1 : rateCode === 13 || rateCode === 14 ? 2 : 0);
  if (crcAt >= bytes.length) return undefined;
  let crc = 0;
  for (let index = at; index <= crcAt; index++) crc = CRC8[crc ^ bytes[index]!]!;
  if (crc !== 0) return undefined;
  // The decoder is shown frames, and not the file's header.
  if (rateCode === 0 || ((bytes[at + 3]! >> 1) & 7) === 0) {
    throw new ValueError('the FLAC file says the rate or size of its samples in its header only, which is not decoded');
  }
  return { length: crcAt + 1 - at, samples: blockSize(sizeCode, bytes, sizeAt) };
}

function blockSize(code: number, bytes: Uint8Array, at: number): number {
  if (code === 1) return 192;
  if (code <= 5) return 144 << code;
  if (code === 6) return bytes[at]! + 1;
  if (code === 7) return bytes[at]! * 256 + bytes[at + 1]! + 1;
  return 1 << code;
}

/** What may stand behind the last frame: nothing, a tag of ID3v1, or zeros. */
function isTail(bytes: Uint8Array, at: number): boolean {
  if (at >= bytes.length) return true;
  if (bytes[at] === 0) return bytes.subarray(at).every(byte => byte === 0);
  return bytes[at] === 0x54 && bytes[at + 1] === 0x41 && bytes[at + 2] === 0x47 && bytes.length - at === 128;
}

/** The remainder of a polynomial over GF(2), eight steps on. */
function remainder(value: number, bits: number, polynomial: number): number {
  const top = 1 << (bits - 1);
  let rest = value;
  for (let step = 0; step < 8; step++) rest = (rest & top) === 0 ? rest << 1 : (rest << 1) ^ polynomial;
  return rest & (2 ** bits - 1);
}
