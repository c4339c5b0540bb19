import * as tokenizers from '@huggingface/tokenizers';
import type { JsonObject } from './json.js';

/*
 * The one file that imports the tokenizers library; only workers load it. The library's declarations name their files
 * without an ending, which TypeScript does not resolve for modules of Node: what is used of it is declared here.
 */

/** What the library's models have in common. */
export interface LibraryModel {
  readonly config: JsonObject;
  readonly tokens_to_ids: ReadonlyMap<string, number>;
  readonly unk_token_id: number | undefined;
  readonly unk_token: string | undefined;
}

export interface LibraryWordPiece extends LibraryModel {
  /** The tokens of words, one after the other. */
  encode(words: readonly string[]): string[];
}

export interface LibraryBpe extends LibraryModel {
  readonly merges: readonly (readonly [left: string, right: string])[];
  readonly end_of_word_suffix: string | null | undefined;
  readonly byte_fallback: boolean;
  readonly fuse_unk: boolean;
  readonly ignore_merges: boolean;
  /** Words shorter than this are remembered; the cache grows slow once it is full. */
  max_length_to_cache: number;
  /** The tokens of one word; the last ends in the suffix. */
  bpe(word: string): readonly string[];
}

export interface TrieNode {
  readonly is_leaf: boolean;
  readonly children: ReadonlyMap<string, TrieNode>;
}

export interface LibraryUnigram extends LibraryModel {
  readonly scores: readonly number[];
  readonly unk_score: number;
  /** Of the pieces, by code points. */
  readonly trie: { readonly root: TrieNode };
}

interface Library {
  readonly WordPiece: new (config: JsonObject) => LibraryWordPiece;
  readonly BPE: new (config: JsonObject) => LibraryBpe;
  readonly Unigram: new (config: JsonObject, endOfText: string) => LibraryUnigram;
  readonly SplitPreTokenizer: new (config: JsonObject) => { readonly pattern: RegExp | null };
}

// The cast is what the comment above is about.
export const library = tokenizers as unknown as Library;
