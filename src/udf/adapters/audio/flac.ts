import { decoder } from '@audio/decode-flac';
import { ValueError } from '../value-error.js';
import { checkSize, decodeQuietly, Pieces, type Sound } from './limits.js';

/*
 * Source: RFC 9639, "Free Lossless Audio Codec (FLAC)", 8 (metadata blocks, STREAMINFO) and 9 (frames).
 */

/** So few that silence, of which a frame of 65 535 samples in 8 channels takes 40 bytes, does not fill the memory at once. */
const CHUNK = 2048;
/** A frame is smaller than this; the decoder would look for its end through all of the file. */
const LARGEST_FRAME = 3 * 2 ** 20;

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
  const own = await decoder();
  const pieces = new Pieces(channels);
  const take = (decode: () => { readonly channelData: Float32Array[]; readonly sampleRate: number }): boolean => {
    const piece = decodeQuietly(decode);
    if ((piece.channelData[0]?.length ?? 0) === 0) return false;
    if (piece.sampleRate !== sampleRate || piece.channelData.length !== channels) {
      throw new ValueError('the sound is damaged');
    }
    pieces.add(piece.channelData);
    checkSize(pieces.frames, channels, sampleRate, maxSeconds);
    return true;
  };
  try {
    let lastTaken = end;
    take(() => own.decode(bytes.subarray(0, end)));
    for (let at = end; at < bytes.length; at += CHUNK) {
      if (take(() => own.decode(bytes.subarray(at, at + CHUNK)))) lastTaken = at;
      else if (at - lastTaken > LARGEST_FRAME) throw new ValueError('the sound is damaged');
    }
    take(() => own.flush());
  } finally {
    own.free();
  }
  if (frames > 0 && pieces.frames < frames) {
    throw new ValueError(`the sound is cut off or damaged: it has ${pieces.frames} of ${frames} samples`);
  }
  if (frames > 0 && pieces.frames > frames) throw new ValueError('the sound is damaged');
  if (pieces.frames === 0) throw new ValueError('the sound has no samples');
  // The decoder divides by 2^(bits - 1) - 1; libsndfile, after which networks were trained, by 2^(bits - 1).
  const largest = 2 ** (bits - 1);
  return { channels: pieces.joined((largest - 1) / largest), sampleRate };
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
