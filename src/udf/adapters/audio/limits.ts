import { ValueError } from '../value-error.js';

/** Sound as a file holds it: samples from -1 to 1, channel by channel, all of one length. */
export interface Sound {
  readonly channels: readonly Float32Array[];
  /** Samples a second. */
  readonly sampleRate: number;
}

/** Samples of all channels together; as float32 they take half a gibibyte. */
const MOST_VALUES = 2 ** 27;

/**
 * Called with what a header says, before anything is decoded, and with what has been decoded so far.
 *
 * @param frames samples a channel
 * @throws ValueError for a sound that is too long, too large, or of a rate that no sound has
 */
export function checkSize(frames: number, channels: number, sampleRate: number, maxSeconds: number): void {
  if (sampleRate < 1000 || sampleRate > 768_000) {
    throw new ValueError(`the sound has ${sampleRate} samples a second; 1000 to 768000 are decoded`);
  }
  if (channels < 1 || channels > 64) throw new ValueError(`the sound has ${channels} channels; 1 to 64 are decoded`);
  if (frames > maxSeconds * sampleRate) {
    const seconds = Math.ceil((frames / sampleRate) * 100) / 100;
    throw new ValueError(`the sound lasts ${seconds} s, more than the limit of ${maxSeconds}`);
  }
  if (frames * channels > MOST_VALUES) {
    throw new ValueError(`the sound holds ${frames * channels} samples, more than the limit of ${MOST_VALUES}`);
  }
}

/**
 * Runs a decoder that reports damage on the console, and goes on: here damage is the row's failure.
 *
 * Throwing out of the report also ends the loop in which the decoder of MP3 would read a damaged frame for ever. The
 * console is replaced only while `decode` runs, which is synchronous.
 *
 * @throws ValueError for whatever goes wrong
 */
export function decodeQuietly<T>(decode: () => T): T {
  const { error } = console;
  console.error = () => {
    throw new ValueError('the sound is damaged');
  };
  try {
    return decode();
  } catch (reason) {
    if (reason instanceof ValueError) throw reason;
    throw new ValueError('the sound is damaged');
  } finally {
    console.error = error;
  }
}

/** Pieces of sound, one after another, as channels. */
export class Pieces {
  readonly #pieces: (readonly Float32Array[])[] = [];
  readonly #channels: number;
  frames = 0;

  constructor(channels: number) {
    this.#channels = channels;
  }

  /** @throws ValueError for a piece of other channels than the header says */
  add(piece: readonly Float32Array[]): void {
    const length = piece[0]?.length ?? 0;
    if (length === 0) return;
    if (piece.length < this.#channels) throw new ValueError('the sound is damaged');
    this.#pieces.push(piece);
    this.frames += length;
  }

  /** @param scale what every sample is multiplied by */
  joined(scale: number): Float32Array[] {
    return Array.from({ length: this.#channels }, (_, channel) => {
      const whole = new Float32Array(this.frames);
      let at = 0;
      for (const piece of this.#pieces) {
        whole.set(piece[channel]!, at);
        at += piece[channel]!.length;
      }
      if (scale !== 1) for (let index = 0; index < whole.length; index++) whole[index]! *= scale;
      return whole;
    });
  }
}

/** Characters of a file's header. */
export function text(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
