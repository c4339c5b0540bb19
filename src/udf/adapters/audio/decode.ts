import { ValueError } from '../value-error.js';
import { decodeFlac } from './flac.js';
import { type Sound, text } from './limits.js';
import { decodeMp3, frameHeader, tagEnd } from './mp3.js';
import { decodeWav } from './wav.js';

/**
 * Decodes a file of WAV, MP3 or FLAC, told apart by its first bytes. Loaded by workers only.
 *
 * @param bytes a whole file, by a stranger
 * @param maxSeconds longer sound is not decoded
 * @returns samples from -1 to 1, channel by channel
 * @throws ValueError for anything that is no sound, or too much of it
 */
export async function decodeAudio(bytes: Uint8Array, maxSeconds: number): Promise<Sound> {
  if (bytes.length === 0) throw new ValueError('the content is empty');
  if (text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 4) === 'WAVE') return decodeWav(bytes, maxSeconds);
  const begin = tagEnd(bytes);
  // A tag of pictures and titles, and the sound behind it is missing.
  if (begin > 0 && begin >= bytes.length) throw new ValueError('the sound is cut off');
  const sound = bytes.subarray(begin);
  if (text(sound, 0, 4) === 'fLaC') return decodeFlac(sound, maxSeconds);
  if (frameHeader(sound, 0) !== undefined) return decodeMp3(sound, maxSeconds);
  throw new ValueError(`the content is no WAV, MP3 or FLAC (it begins with ${beginning(sound)})`);
}

/** The first bytes, as letters where they are. */
function beginning(bytes: Uint8Array): string {
  const first = bytes.subarray(0, 4);
  if (first.every(byte => byte >= 0x20 && byte < 0x7f)) return `'${text(first, 0, 4)}'`;
  return Array.from(first, byte => byte.toString(16).padStart(2, '0')).join(' ');
}
