import { byteTokens } from './byte-tokens.js';
import { damaged } from './json.js';
import type { LibraryUnigram, TrieNode } from './library.js';
import type { Pieces } from './word-models.js';

/**
 * The likeliest way to write a word (Viterbi; Kudo, "Subword Regularization", 2018), with the library's vocabulary, scores
 * and trie. Its lattice is not used: it makes several objects of every character, which a word of 1 MB cannot afford.
 * Here the best way to every place is three numbers.
 */
export class UnigramWords {
  readonly #model: LibraryUnigram;
  readonly #bytes: readonly number[] | undefined;

  constructor(model: LibraryUnigram, byteFallback: boolean) {
    this.#model = model;
    this.#bytes = byteFallback ? byteTokens(model.tokens_to_ids) : undefined;
  }

  readonly pieces = (word: string): Pieces => {
    const model = this.#model;
    const unknown = model.unk_token_id ?? -1;
    const length = word.length;
    const best = new Float64Array(length + 1);
    // Of the best way to each place: where its last token begins, and its id; -1 where no way leads.
    const begins = new Int32Array(length + 1).fill(-1);
    const tokens = new Int32Array(length + 1);
    for (let at = 0; at < length; ) {
      const first = at + (isPair(word, at) ? 2 : 1);
      const soFar = best[at]!;
      let single = false;
      let node: TrieNode = model.trie.root;
      for (let to = at; to < length; ) {
        const behind = to + (isPair(word, to) ? 2 : 1);
        const next = node.children.get(word.slice(to, behind));
        if (next === undefined) break;
        node = next;
        to = behind;
        if (!node.is_leaf) continue;
        single ||= to === first;
        const id = model.tokens_to_ids.get(word.slice(at, to))!;
        const score = soFar + model.scores[id]!;
        // Of ways that are as good the one with the longest last token stays.
        if (begins[to]! >= 0 && score <= best[to]!) continue;
        best[to] = score;
        begins[to] = at;
        tokens[to] = id;
      }
      if (!single) {
        const score = soFar + model.unk_score;
        if (begins[first]! < 0 || score > best[first]!) {
          best[first] = score;
          begins[first] = at;
          tokens[first] = unknown;
        }
      }
      at = first;
    }
    return this.#read(word, begins, tokens, unknown);
  };

  /** The best way to the end, from its end. Unknown characters side by side are one. */
  #read(word: string, begins: Int32Array, tokens: Int32Array, unknown: number): Pieces {
    const ids: number[] = [];
    const starts: number[] = [];
    const ends: number[] = [];
    for (let to = word.length; to > 0; ) {
      const id = tokens[to]!;
      let from = begins[to]!;
      while (id === unknown && from > 0 && tokens[from] === unknown) from = begins[from]!;
      // Of pieces without a token the bytes stand, but not of the text of the unknown token itself.
      if (id !== unknown || this.#bytes === undefined || this.#model.tokens_to_ids.has(word.slice(from, to))) {
        if (id === -1)
          throw damaged(`its vocabulary has no token for unknown characters, as in '${word.slice(from, to)}'`);
        ids.push(id);
        starts.push(from);
        ends.push(to);
      } else {
        for (const byte of Buffer.from(word.slice(from, to), 'utf8').reverse()) {
          ids.push(this.#bytes[byte]!);
          starts.push(from);
          ends.push(to);
        }
      }
      to = from;
    }
    return { ids: ids.reverse(), starts: starts.reverse(), ends: ends.reverse() };
  }
}

function isPair(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xd800 && code < 0xdc00 && at + 1 < text.length;
}
