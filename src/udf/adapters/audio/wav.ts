import decode from '@audio/decode-wav';
import { ValueError } from '../value-error.js';
import { checkSize, decodeQuietly, type Sound, text } from './limits.js';

/*
 * Source: Microsoft, "Multiple Channel Audio Data and WAVE Files" (chunks, and the extensible format); RFC 2361 (numbers of
 * codings).
 *
 * The header is read here, and the decoder is given one that was written here: it is never shown a stranger's sizes, and
 * chunks of odd length, which are padded, do not put it off.
 */

const EXTENSIBLE = 0xfffe;
/** Behind its first two bytes, the number of the coding, the id of an extensible format reads so. */
const SUBFORMAT = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];
/** A size that was not known when the header was written. */
const UNKNOWN_SIZE = 0xffffffff;

/** Bits a sample may have, by coding: PCM, floating point, A-law, mu-law. */
const BITS: Readonly<Record<number, readonly number[]>> = {
  1: [8, 16, 24, 32],
  3: [32, 64],
  6: [8],
  7: [8],
};

interface WavFormat {
  readonly coding: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly bits: number;
}

/**
 * @param bytes that begin with RIFF and WAVE
 * @throws ValueError
 */
export function decodeWav(bytes: Uint8Array, maxSeconds: number): Sound {
  const { format, data } = readChunks(bytes);
  const { channels, sampleRate, bits } = format;
  const block = (channels * bits) / 8;
  const frames = Math.floor(data.length / block);
  checkSize(frames, channels, sampleRate, maxSeconds);
  if (frames === 0) throw new ValueError('the sound has no samples');
  const file = withHeader(format, data.subarray(0, frames * block));
  const { channelData } = decodeQuietly(() => decode(file));
  for (const channel of channelData) normalize(format, channel);
  return { channels: channelData, sampleRate };
}

function readChunks(bytes: Uint8Array): { readonly format: WavFormat; readonly data: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let format: WavFormat | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = text(bytes, at, 4);
    const size = view.getUint32(at + 4, true);
    const start = at + 8;
    if (name === 'data') {
      if (format === undefined) throw new ValueError('the WAV file does not say the format of its samples');
      const end = size === UNKNOWN_SIZE ? bytes.length : start + size;
      if (end > bytes.length) throw new ValueError('the sound is cut off');
      return { format, data: bytes.subarray(start, end) };
    }
    if (name === 'fmt ') {
      if (start + size > bytes.length) break;
      format = readFormat(new DataView(bytes.buffer, bytes.byteOffset + start, size));
    }
    at = start + size + (size % 2);
  }
  throw new ValueError('the sound is cut off');
}

function readFormat(view: DataView): WavFormat {
  if (view.byteLength < 16) throw new ValueError('the WAV file does not say the format of its samples');
  const [channels, sampleRate, block, bits] = [
    view.getUint16(2, true),
    view.getUint32(4, true),
    view.getUint16(12, true),
    view.getUint16(14, true),
  ];
  const coding = codingOf(view);
  const known = BITS[coding];
  if (known === undefined) {
    throw new ValueError(
      `the WAV file is of coding 0x${coding.toString(16)}, which is not decoded; PCM, floating point, A-law and mu-law are`,
    );
  }
  if (!known.includes(bits)) throw new ValueError(`the WAV file has samples of ${bits} bits, which are not decoded`);
  if (channels === 0 || block !== (channels * bits) / 8) throw new ValueError('the header of the WAV file is damaged');
  return { coding, channels, sampleRate, bits };
}

function codingOf(view: DataView): number {
  const coding = view.getUint16(0, true);
  if (coding !== EXTENSIBLE) return coding;
  if (view.byteLength < 40 || SUBFORMAT.some((byte, at) => view.getUint8(26 + at) !== byte)) {
    throw new ValueError('the WAV file is of a coding that is not decoded; PCM, floating point, A-law and mu-law are');
  }
  return view.getUint16(24, true);
}

function withHeader({ coding, channels, sampleRate, bits }: WavFormat, data: Uint8Array): Uint8Array {
  const file = new Uint8Array(44 + data.length);
  const view = new DataView(file.buffer);
  const block = (channels * bits) / 8;
  const write = (at: number, name: string): void => {
    for (let index = 0; index < name.length; index++) file[at + index] = name.charCodeAt(index);
  };
  write(0, 'RIFF');
  view.setUint32(4, 36 + data.length, true);
  write(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, coding, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * block, true);
  view.setUint16(32, block, true);
  view.setUint16(34, bits, true);
  write(36, 'data');
  view.setUint32(40, data.length, true);
  file.set(data, 44);
  return file;
}

/**
 * Puts right the scale: the decoder divides whole numbers above 0 by 2^(bits - 1) - 1, and networks were trained on all
 * divided by 2^(bits - 1), as libsndfile does.
 *
 * @throws ValueError for floating point that is not finite
 */
function normalize({ coding, bits }: WavFormat, channel: Float32Array): void {
  if (coding === 3) {
    if (channel.every(Number.isFinite)) return;
    throw new ValueError('the sound holds a sample that is not a number');
  }
  if (coding !== 1) return;
  const largest = 2 ** (bits - 1);
  const scale = (largest - 1) / largest;
  for (let at = 0; at < channel.length; at++) if (channel[at]! > 0) channel[at]! *= scale;
}
