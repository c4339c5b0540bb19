/**
 * A text on its way through a tokenizer, which knows where in the source each of its characters comes from.
 *
 * Places are UTF-16 indices of the source. A character that is put in comes from where its left neighbour comes from, as
 * in Hugging Face's `NormalizedString` (https://github.com/huggingface/tokenizers, tokenizers/src/tokenizer/normalizer.rs):
 * token ids do not depend on this, offsets do.
 */
export class AlignedText {
  readonly text: string;
  /** Where in the source this text begins. */
  readonly origin: number;
  /** One a UTF-16 unit; undefined where unit i comes from `origin + i`. */
  readonly #starts: Int32Array | undefined;
  readonly #ends: Int32Array | undefined;

  private constructor(text: string, origin: number, starts?: Int32Array, ends?: Int32Array) {
    this.text = text;
    this.origin = origin;
    this.#starts = starts;
    this.#ends = ends;
  }

  static of(source: string): AlignedText {
    return new AlignedText(source, 0);
  }

  startOf(unit: number): number {
    return this.#starts === undefined ? this.origin + unit : this.#starts[unit]!;
  }

  /** Of what stands before `unit`: the index in the source behind it. */
  endBefore(unit: number): number {
    return this.#ends === undefined ? this.origin + unit : this.#ends[unit - 1]!;
  }

  slice(from: number, to: number): AlignedText {
    if (from === 0 && to === this.text.length) return this;
    const text = this.text.slice(from, to);
    const origin = from < this.text.length ? this.startOf(from) : this.endBefore(from);
    return new AlignedText(text, origin, this.#starts?.subarray(from, to), this.#ends?.subarray(from, to));
  }

  /** Another text of the same length, unit by unit. */
  relabelled(text: string): AlignedText {
    return new AlignedText(text, this.origin, this.#starts, this.#ends);
  }

  /**
   * The text that these characters make.
   *
   * @param chars code points, each a string
   * @param changes of each: 0 where it stands for the next character of this text, 1 where it is put in, -n where it
   *   stands for the next and the n behind that go
   */
  rewritten(chars: readonly string[], changes: ArrayLike<number>): AlignedText {
    const old = this.text;
    let length = 0;
    for (const char of chars) length += char.length;
    const starts = new Int32Array(length);
    const ends = new Int32Array(length);
    let at = 0;
    let to = 0;
    for (let index = 0; index < chars.length; index++) {
      const change = changes[index]!;
      let start = this.origin;
      let end = this.origin;
      if (change <= 0) {
        const next = behind(old, at);
        start = this.startOf(at);
        end = this.endBefore(next);
        at = next;
        for (let gone = change; gone < 0; gone++) at = behind(old, at);
      } else if (at > 0) {
        start = this.startOf(before(old, at));
        end = this.endBefore(at);
      }
      for (const until = to + chars[index]!.length; to < until; to++) {
        starts[to] = start;
        ends[to] = end;
      }
    }
    return new AlignedText(chars.join(''), this.origin, starts, ends);
  }

  /** Each character replaced by what `change` gives for it: nothing, one or several, which all come from where it came from. */
  mapped(change: (char: string) => string): AlignedText {
    const old = this.text;
    const starts: number[] = [];
    const ends: number[] = [];
    let text = '';
    for (let at = 0; at < old.length; ) {
      const next = behind(old, at);
      const made = change(next - at === 1 ? old[at]! : old.slice(at, next));
      text += made;
      const start = this.startOf(at);
      const end = this.endBefore(next);
      for (let unit = 0; unit < made.length; unit++) {
        starts.push(start);
        ends.push(end);
      }
      at = next;
    }
    return text === old ? this : new AlignedText(text, this.origin, Int32Array.from(starts), Int32Array.from(ends));
  }

  /** With something before it, which comes from where the first character comes from. An empty text stays empty. */
  prepended(text: string): AlignedText {
    if (this.text === '') return this;
    const next = behind(this.text, 0);
    const first = this.text.slice(0, next);
    let at = 0;
    return this.mapped(char => (at++ === 0 ? text + first : char));
  }

  /** The matches replaced; what is put in comes from where the last character of its match comes from. */
  replaced(matches: readonly Match[], content: string): AlignedText {
    const length = this.text.length + matches.reduce((sum, [from, to]) => sum + content.length - (to - from), 0);
    const starts = new Int32Array(length);
    const ends = new Int32Array(length);
    let text = '';
    let at = 0;
    let to = 0;
    const copy = (until: number): void => {
      text += this.text.slice(at, until);
      for (; at < until; at++, to++) {
        starts[to] = this.startOf(at);
        ends[to] = this.#ends === undefined ? this.origin + at + 1 : this.#ends[at]!;
      }
    };
    for (const [from, behindMatch] of matches) {
      copy(from);
      const start = behindMatch === 0 ? this.origin : this.startOf(before(this.text, behindMatch));
      const end = behindMatch === 0 ? this.origin : this.endBefore(behindMatch);
      text += content;
      starts.fill(start, to, to + content.length);
      ends.fill(end, to, to + content.length);
      to += content.length;
      at = behindMatch;
    }
    copy(this.text.length);
    return new AlignedText(text, this.origin, starts, ends);
  }
}

/** A stretch of a text, in UTF-16 units. */
export type Match = readonly [from: number, to: number];

function behind(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xd800 && code < 0xdc00 ? at + 2 : at + 1;
}

function before(text: string, at: number): number {
  const code = text.charCodeAt(at - 1);
  return code >= 0xdc00 && code < 0xe000 ? at - 2 : at - 1;
}
