import { InframeError } from '../../../frame/errors.js';
import type { AlignedText } from './aligned-text.js';

/*
 * SentencePiece's normaliser: a table of replacements, compiled to a double-array trie
 * (https://github.com/google/sentencepiece/blob/master/src/normalizer.cc). The bytes are: the trie's size (32 bits, little
 * endian), the trie (units of 32 bits), then the replacements in UTF-8, each ended by a NUL. A unit holds (Darts-clone):
 * bits 0 to 7 and 31 its label, bit 8 whether it ends a key, bits 10 to 30 (times 256 where bit 9 is set) the offset of its
 * children; the unit of a value holds the value in bits 0 to 30.
 */

/** Graphemes of more bytes are looked up character by character, as the original does. */
const LONGEST_GRAPHEME = 5;

/** The segmenter takes quadratic time for long texts; starting anew at the border of two graphemes changes none. */
const WINDOW = 256;

export class CharsMap {
  readonly #units: Uint32Array;
  readonly #replacements: Uint8Array;
  readonly #known = new Map<string, string | undefined>();
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();
  readonly #graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

  /** @param base64 `precompiled_charsmap` of a tokenizer.json */
  constructor(base64: string) {
    const bytes = Buffer.from(base64, 'base64');
    const size = bytes.length < 4 ? 0 : bytes.readUInt32LE(0);
    if (size === 0 || size % 4 !== 0 || size + 4 > bytes.length) {
      throw new InframeError(
        'MODEL_INVALID',
        `tokenizer's table of characters (precompiled_charsmap) is damaged: its ${bytes.length} bytes hold no trie of ${size}`,
      );
    }
    this.#units = Uint32Array.from({ length: size / 4 }, (_, index) => bytes.readUInt32LE(4 + index * 4));
    this.#replacements = bytes.subarray(4 + size);
  }

  normalize(text: AlignedText): AlignedText {
    const chars: string[] = [];
    const changes: number[] = [];
    let changed = false;
    const put = (part: string): boolean => {
      const replacement = this.#lookup(part);
      if (replacement === undefined) return false;
      changed = true;
      const old = [...part].length;
      const made = [...replacement];
      made.forEach((char, index) => {
        chars.push(char);
        changes.push(index < old ? 0 : 1);
      });
      if (made.length < old && changes.length > 0) changes[changes.length - 1]! += made.length - old;
      return true;
    };
    for (const grapheme of this.#split(text.text)) {
      if (byteLength(grapheme) <= LONGEST_GRAPHEME && put(grapheme)) continue;
      for (const char of grapheme) {
        if (put(char)) continue;
        chars.push(char);
        changes.push(0);
      }
    }
    return changed ? text.rewritten(chars, changes) : text;
  }

  /** Graphemes. Between two characters of ASCII is always a border (but in CR LF), so the slow way is for the others. */
  *#split(text: string): Generator<string> {
    let from = 0;
    while (from < text.length) {
      let to = from;
      while (isPlain(text, to)) to++;
      for (; from < to; from++) yield text[from]!;
      while (to < text.length && !isPlain(text, to)) to++;
      for (let length = WINDOW; from < to; ) {
        const window = text.slice(from, Math.min(from + length, to));
        const segments = [...this.#graphemes.segment(window)];
        // The last may go on behind the window; one that fills it asks for a larger one.
        const whole = from + window.length === to ? segments.length : segments.length - 1;
        for (const { segment } of segments.slice(0, whole)) {
          yield segment;
          from += segment.length;
        }
        length = whole === 0 ? length * 2 : WINDOW;
      }
    }
  }

  /** What stands in the table for the shortest key that `part` begins with (so the original: its first match). */
  #lookup(part: string): string | undefined {
    if (this.#known.has(part)) return this.#known.get(part);
    const index = this.#firstMatch(this.#encoder.encode(part));
    let replacement: string | undefined;
    if (index !== undefined && index < this.#replacements.length) {
      const end = this.#replacements.indexOf(0, index);
      replacement = this.#decoder.decode(this.#replacements.subarray(index, end < 0 ? undefined : end));
    }
    if (this.#known.size >= 10_000) this.#known.clear();
    this.#known.set(part, replacement);
    return replacement;
  }

  #firstMatch(key: Uint8Array): number | undefined {
    const units = this.#units;
    let at = offsetOf(units[0]!);
    for (const byte of key) {
      if (byte === 0) return undefined;
      at ^= byte;
      const unit = units[at];
      if (unit === undefined || (unit & 0x800000ff) >>> 0 !== byte) return undefined;
      at ^= offsetOf(unit);
      if ((unit & 0x100) !== 0) {
        const value = units[at];
        return value === undefined ? undefined : value & 0x7fffffff;
      }
    }
    return undefined;
  }
}

function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6);
}

function byteLength(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** True for a character of ASCII that is a grapheme whatever follows within ASCII, and with what follows too. */
function isPlain(text: string, at: number): boolean {
  if (at >= text.length) return false;
  const code = text.charCodeAt(at);
  if (code > 127 || code === 13 || code === 10) return false;
  return at + 1 >= text.length || text.charCodeAt(at + 1) <= 127;
}
