import { decoder } from '@audio/decode-mp3';
import { ValueError } from '../value-error.js';
import { checkSize, decodeQuietly, Pieces, type Sound, text } from './limits.js';

/*
 * Sources: ISO/IEC 11172-3, 2.4.1.3, and 13818-3, 2.4.2.3 (frame headers); https://id3.org/id3v2.4.0-structure (tags);
 * LAME's "Mp3 Info Tag" (the frame that counts the others).
 *
 * The frames are counted before they are decoded: this tells how long the sound is, and the decoder is given frames only,
 * in which there is nothing for it to look for.
 */

const CHUNK = 65_536;

/** Kilobits a second of layer III, by the header's number: of MPEG 1, and of MPEG 2 and 2.5. */
const BITRATES = [
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
] as const;
const RATES = [44_100, 48_000, 32_000] as const;

interface FrameHeader {
  readonly length: number;
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  /** Samples a channel. */
  readonly samples: 576 | 1152;
}

/** Where an ID3v2 tag at the beginning ends; 0 where there is none. May lie behind the end of a file that is cut off. */
export function tagEnd(bytes: Uint8Array): number {
  let at = 0;
  while (text(bytes, at, 3) === 'ID3' && at + 10 <= bytes.length) {
    const size = bytes.subarray(at + 6, at + 10).reduce((sum, byte) => sum * 128 + (byte & 127), 0);
    const footer = (bytes[at + 5]! & 0x10) === 0 ? 0 : 10;
    at += 10 + size + footer;
  }
  return at;
}

/** What a frame's header says; undefined where there is no frame of MP3. */
export function frameHeader(bytes: Uint8Array, at: number): FrameHeader | undefined {
  if (at + 4 > bytes.length || bytes[at] !== 0xff) return undefined;
  const [second, third, fourth] = [bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!];
  const version = (second >> 3) & 3;
  // 11 bits that are set, layer III, and a version: 3 is MPEG 1, 2 MPEG 2, 0 MPEG 2.5.
  if (second < 0xe0 || ((second >> 1) & 3) !== 1 || version === 1) return undefined;
  const bitrate = BITRATES[version === 3 ? 0 : 1][third >> 4];
  const rate = RATES[(third >> 2) & 3];
  if (bitrate === undefined || bitrate === 0 || rate === undefined) return undefined;
  const sampleRate = version === 3 ? rate : rate / (version === 2 ? 2 : 4);
  const samples = version === 3 ? 1152 : 576;
  const length = Math.floor((samples / 8) * ((bitrate * 1000) / sampleRate)) + ((third >> 1) & 1);
  return { length, sampleRate, channels: fourth >> 6 === 3 ? 1 : 2, samples };
}

/**
 * @param bytes that begin with a frame
 * @throws ValueError
 */
export async function decodeMp3(bytes: Uint8Array, maxSeconds: number): Promise<Sound> {
  const { first, frames, end } = countFrames(bytes);
  const { sampleRate, channels } = first;
  // The encoder's delay and what fills the last frame are not sound, and are dropped: as much as two frames and more.
  checkSize(Math.max(0, frames * first.samples - 4 * 1152), channels, sampleRate, maxSeconds);
  const own = await decoder();
  const pieces = new Pieces(channels);
  try {
    for (let at = 0; at < end; at += CHUNK) {
      const piece = decodeQuietly(() => own.decode(bytes.subarray(at, Math.min(at + CHUNK, end))));
      if ((piece.channelData[0]?.length ?? 0) === 0) continue;
      if (piece.sampleRate !== sampleRate) throw new ValueError('the sound is damaged');
      pieces.add(piece.channelData);
    }
  } finally {
    own.free();
  }
  if (pieces.frames === 0) throw new ValueError('the sound has no samples');
  checkSize(pieces.frames, channels, sampleRate, maxSeconds);
  return { channels: pieces.joined(1), sampleRate };
}

/** The frames of a file, one behind another; `end` is where the last one does. */
function countFrames(bytes: Uint8Array): {
  readonly first: FrameHeader;
  readonly frames: number;
  readonly end: number;
} {
  const first = frameHeader(bytes, 0)!;
  const declared = declaredFrames(bytes, first);
  let frames = 0;
  let at = 0;
  for (;;) {
    const header = frameHeader(bytes, at);
    if (header === undefined) break;
    if (at + header.length > bytes.length) throw new ValueError('the sound is cut off');
    if (header.sampleRate !== first.sampleRate || header.channels !== first.channels) {
      throw new ValueError('the sound changes its rate or channels, which is not decoded');
    }
    at += header.length;
    frames++;
  }
  // The frame that counts is not counted.
  if (declared !== undefined && frames - 1 < declared) {
    throw new ValueError(`the sound is cut off or damaged: it has ${frames - 1} of ${declared} frames`);
  }
  if (!isTail(bytes, at)) throw new ValueError(`the sound is damaged at byte ${at}`);
  return { first, frames, end: at };
}

/** What may stand behind the last frame: tags, and zeros. */
function isTail(bytes: Uint8Array, at: number): boolean {
  const known = [/^TAG/, /^APETAGEX/, /^LYRICSBEGIN/, /^ID3/, /^3DI/];
  const rest = text(bytes, at, 16);
  return known.some(each => each.test(rest)) || bytes.subarray(at).every(byte => byte === 0);
}

/** The number of frames that a first frame of LAME's says; undefined where there is none. */
function declaredFrames(bytes: Uint8Array, { channels, samples }: FrameHeader): number | undefined {
  const side = samples === 1152 ? { 1: 17, 2: 32 } : { 1: 9, 2: 17 };
  const at = 4 + side[channels];
  const name = text(bytes, at, 4);
  if ((name !== 'Xing' && name !== 'Info') || at + 12 > bytes.length || (bytes[at + 7]! & 1) === 0) return undefined;
  return new DataView(bytes.buffer, bytes.byteOffset + at + 8, 4).getUint32(0);
}
