import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from '../../../../src/udf/adapters/text/options.js';
import { type EncodedText, openTokenizer, type TextTokenizer } from '../../../../src/udf/adapters/text/tokenizer.js';

/*
 * Small tokenizers and what the Python package `tokenizers` 0.23.3 makes of hard texts with them. Both were made by a
 * script: trained on the messages of fixtures/tables/sms.tsv and some lines in other scripts, saved with `to_str()`, then
 * `e = t.encode(text)` (and `t.encode(text, pair)`), its `ids`, `type_ids`, `special_tokens_mask`, and `offsets` with
 * code points counted as UTF-16 units; -1 for special tokens. `truncated`: after `t.enable_truncation(length, direction)`.
 *
 * bert-uncased, bert-cased: WordPiece. roberta, gpt2, llama3, clip: byte-level BPE. llama: BPE with byte fallback and no
 * pre-tokenizer. chars: BPE with unknown characters. t5, xlm-roberta: Unigram, with SentencePiece's table of characters and
 * with byte fallback. words: WordLevel.
 */

export const FOLDER = 'test/udf/adapters/text/data';

export const NAMES = [
  'bert-uncased',
  'bert-cased',
  'roberta',
  'gpt2',
  'llama3',
  'clip',
  'llama',
  'chars',
  't5',
  'xlm-roberta',
  'words',
] as const;

/** Ids, token types, special tokens (a digit a token), and offsets (two numbers a token). */
export type Expected = readonly [ids: number[], types: string, special: string, offsets: number[]];

export interface Golden {
  readonly single: readonly Expected[];
  readonly pair: readonly Expected[];
  /** The first texts without special tokens. */
  readonly plain: readonly number[][];
  readonly truncated: readonly {
    readonly length: number;
    readonly side: 'start' | 'end';
    /** Of the texts from the sixth on. */
    readonly single: readonly number[][];
    readonly pair: readonly number[][];
  }[];
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, 'golden', `${name}.json`), 'utf8'));
}

export function golden(name: string): Golden {
  return read(name) as Golden;
}

export function goldenOf<T>(name: string): T {
  return read(name) as T;
}

export const { texts, pairs } = read('texts') as {
  readonly texts: readonly string[];
  readonly pairs: readonly (readonly [string, string])[];
};

type Options = Partial<Parameters<typeof text>[0]>;

export function opened(name: string, options: Options = {}): TextTokenizer {
  return openTokenizer(text({ tokenizer: join(FOLDER, `${name}.json`), maxLength: 1_000_000, ...options }));
}

export function encoded(tokenizer: TextTokenizer, ...of: readonly [string, string?]): EncodedText {
  const result = tokenizer.encode(...of);
  if ('failure' in result) throw new Error(result.failure);
  return result;
}

export function idsOf(tokenizer: TextTokenizer, ...of: readonly [string, string?]): number[] {
  return [...encoded(tokenizer, ...of).ids];
}
