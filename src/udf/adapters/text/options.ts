import { InframeError, shown } from '../../../frame/errors.js';
import type { TextAdapter } from '../adapter.js';
import { readTokenizerFile } from './tokenizer-file.js';

/** How texts become tokens. */
export interface TextOptions {
  /** Path of a Hugging Face `tokenizer.json`, or of the folder that holds one. */
  readonly tokenizer: string;
  /** Tokens a row at most, special tokens included; what the network or the tokenizer says where nothing is said, else 512. */
  readonly maxLength?: number;
  /** What of a longer text goes; what the tokenizer says where nothing is said. `'fail'`: such a row is a failed row. */
  readonly truncation?: 'end' | 'start' | 'fail';
  /** False to leave out what the tokenizer puts around texts (`[CLS]`, `[SEP]`). */
  readonly specialTokens?: boolean;
  /** The token id that pads shorter rows; the tokenizer's own where nothing is said. */
  readonly padId?: number;
}

const MEMBERS = ['tokenizer', 'maxLength', 'truncation', 'specialTokens', 'padId'];

const TRUNCATIONS = ['end', 'start', 'fail'] as const;

/**
 * Texts, or pairs of texts, as tokens; feeds token ids, attention mask and token types, as the network asks.
 *
 * @throws InframeError ARGUMENT_INVALID for options that cannot be; what `readTokenizerFile` throws for the file
 *
 * @example
 * const sentiment = await session.model('sentiment.onnx', { inputs: { input_ids: text({ tokenizer: 'sentiment/' }) } });
 */
export function text(options: TextOptions): TextAdapter {
  if (
    typeof options !== 'object' ||
    options === null ||
    typeof options.tokenizer !== 'string' ||
    options.tokenizer === ''
  ) {
    throw wrong(
      `tokenizer of text() is ${shown((options as TextOptions | null | undefined)?.tokenizer)}; give the path of a tokenizer.json`,
    );
  }
  const stranger = Object.keys(options).find(key => !MEMBERS.includes(key));
  if (stranger !== undefined)
    throw wrong(`option '${stranger}' of text() does not exist; there are: ${MEMBERS.join(', ')}`);
  const { maxLength, truncation, specialTokens, padId } = options;
  if (maxLength !== undefined && !(Number.isSafeInteger(maxLength) && maxLength >= 1)) {
    throw wrong(`maxLength of text() is ${shown(maxLength)}; it is a whole number of tokens from 1`);
  }
  if (truncation !== undefined && !TRUNCATIONS.includes(truncation)) {
    throw wrong(`truncation of text() is ${shown(truncation)}; it is one of: ${TRUNCATIONS.join(', ')}`);
  }
  if (specialTokens !== undefined && typeof specialTokens !== 'boolean') {
    throw wrong(`specialTokens of text() is ${shown(specialTokens)}; it is true or false`);
  }
  if (padId !== undefined && !(Number.isInteger(padId) && padId >= 0 && padId < 2 ** 31)) {
    throw wrong(`padId of text() is ${shown(padId)}; it is a token id`);
  }
  const file = readTokenizerFile(options.tokenizer);
  return Object.freeze({
    adapter: 'text',
    tokenizer: file.path,
    sha256: file.sha256,
    maxLength,
    truncation: truncation ?? file.truncationSide,
    specialTokens: specialTokens ?? true,
    padId,
  });
}

function wrong(message: string): InframeError {
  return new InframeError('ARGUMENT_INVALID', message);
}
