import { decoder } from '@audio/decode-flac';
import { ValueError } from '../value-error.js';
import { type FlacFrame, findFrames } from './flac-frames.js';
import { checkSize, decodeQuietly, Pieces, type Sound } from './limits.js';

/*
 * Source: RFC 9639, "Free Lossless Audio Codec (FLAC)", 8 (metadata blocks, STREAMINFO) and 9 (frames).
 */

/** Samples of all channels that are decoded at a time, and bytes: silence takes few bytes, noise many. */
const RUN_VALUES = 2 ** 20;
const RUN_BYTES = 2 ** 18;

interface StreamInfo {
  readonly sampleRate: number;
  readonly channels: number;
  readonly bits: number;
  /** 0 where it was not known when the header was written. */
  readonly frames: number;
  /** Where the metadata end. */
  readonly end: number;
}

/**
 * @param bytes that begin with fLaC
 * @throws ValueError
 */
export async function decodeFlac(bytes: Uint8Array, maxSeconds: number): Promise<Sound> {
  const { sampleRate, channels, bits, frames, end } = readStreamInfo(bytes);
  checkSize(frames, channels, sampleRate, maxSeconds);
  const found = findFrames(bytes, end);
  const length = found.reduce((sum, { samples }) => sum + samples, 0);
  checkSize(length, channels, sampleRate, maxSeconds);
  if (frames > 0 && length < frames) {
    throw new ValueError(`the sound is cut off or damaged: it has ${length} of ${frames} samples`);
  }
  if (frames > 0 && length > frames) throw new ValueError('the sound is damaged');
  if (length === 0) throw new ValueError('the sound has no samples');
  const own = await decoder();
  const pieces = new Pieces(channels);
  const take = (decode: () => { readonly channelData: Float32Array[]; readonly sampleRate: number }): void => {
    const piece = decodeQuietly(decode);
    if ((piece.channelData[0]?.length ?? 0) === 0) return;
    if (piece.sampleRate !== sampleRate || piece.channelData.length !== channels) {
      throw new ValueError('the sound is damaged');
    }
    pieces.add(piece.channelData);
  };
  try {
    take(() => own.decode(bytes.subarray(0, end)));
    for (const [begin, until] of runs(found, channels)) take(() => own.decode(bytes.subarray(begin, until)));
    take(() => own.flush());
  } finally {
    own.free();
  }
  if (pieces.frames !== length) throw new ValueError('the sound is damaged');
  // The decoder divides by 2^(bits - 1) - 1; libsndfile, after which networks were trained, by 2^(bits - 1).
  const largest = 2 ** (bits - 1);
  return { channels: pieces.joined((largest - 1) / largest), sampleRate };
}

/** Whole frames, as many at a time as are decoded together: the decoder is never given a part of one. */
function* runs(frames: readonly FlacFrame[], channels: number): Generator<readonly [begin: number, end: number]> {
  let first = 0;
  let samples = 0;
  for (let at = 0; at < frames.length; at++) {
    samples += frames[at]!.samples;
    const [begin, end] = [frames[first]!.begin, frames[at]!.end];
    if (at < frames.length - 1 && samples * channels < RUN_VALUES && end - begin < RUN_BYTES) continue;
    yield [begin, end];
    first = at + 1;
    samples = 0;
  }
}

function readStreamInfo(bytes: Uint8Array): StreamInfo {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 42) throw new ValueError('the sound is cut off');
  if ((bytes[4]! & 127) !== 0 || (view.getUint32(4) & 0xffffff) !== 34) {
    throw new ValueError('the header of the FLAC file is damaged');
  }
  // 20 bits of the rate, 3 of channels - 1, 5 of bits - 1, 36 of the samples a channel.
  const packed = view.getUint32(18);
  return {
    sampleRate: packed >>> 12,
    channels: ((packed >>> 9) & 7) + 1,
    bits: ((packed >>> 4) & 31) + 1,
    frames: (packed & 15) * 2 ** 32 + view.getUint32(22),
    end: metadataEnd(view),
  };
}

function metadataEnd(view: DataView): number {
  for (let at = 4; at + 4 <= view.byteLength; ) {
    const header = view.getUint32(at);
    at += 4 + (header & 0xffffff);
    if (at > view.byteLength) break;
    if (header >>> 31 === 1) return at;
  }
  throw new ValueError('the sound is cut off');
}
