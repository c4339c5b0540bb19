import { InframeError, listNames } from '../../../frame/errors.js';
import { describeTensor, type TensorInfo } from '../../signature.js';

/** An input of a network that tokens feed. */
export interface TextInput {
  readonly name: string;
  readonly dtype: 'int64' | 'int32';
}

/** The inputs of a network that one column of texts feeds. */
export interface TextInputs {
  readonly ids: TextInput;
  /** 1 for tokens, 0 for padding. */
  readonly mask: TextInput | undefined;
  /** 0 for the text, 1 for the second of a pair. */
  readonly types: TextInput | undefined;
  /** Tokens a row, where the network fixes them. */
  readonly length: number | undefined;
}

/** What the inputs are called in networks that Hugging Face's and older exporters write. */
const IDS = ['input_ids', 'ids', 'tokens'];
const MASKS = ['attention_mask', 'input_mask', 'mask'];
const TYPES = ['token_type_ids', 'segment_ids', 'token_types'];

/**
 * Which inputs a column of texts feeds.
 *
 * @param inputs those of the network that nothing else feeds
 * @param name the input that takes the token ids; the one with a usual name where nothing is said
 * @throws InframeError SHAPE_MISMATCH if there is none, if something is left over that texts do not feed, or if they take
 *   something else than whole numbers [rows, tokens]
 */
export function textInputs(inputs: readonly TensorInfo[], name?: string): TextInputs {
  const ids = name === undefined ? (named(inputs, IDS) ?? only(inputs)) : inputs.find(input => input.name === name);
  const names = listNames(inputs.map(input => input.name));
  if (ids === undefined) {
    throw mismatch(
      name === undefined
        ? `text() finds no input for token ids; the model has: ${names}; name the one that takes them`
        : `input '${name}' is not in the model; it has: ${names}`,
    );
  }
  const rest = inputs.filter(input => input !== ids);
  const mask = named(rest, MASKS);
  const types = named(rest, TYPES);
  const left = rest.find(input => input !== mask && input !== types);
  if (left !== undefined) throw mismatch(leftOver(left.name));
  return Object.freeze({
    ids: checked(ids),
    mask: mask && checked(mask),
    types: types && checked(types),
    length: lengthOf([ids, mask, types].filter(input => input !== undefined)),
  });
}

function named(inputs: readonly TensorInfo[], names: readonly string[]): TensorInfo | undefined {
  for (const name of names) {
    const found = inputs.find(input => input.name.toLowerCase() === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where there is but one, its name does not matter. */
function only(inputs: readonly TensorInfo[]): TensorInfo | undefined {
  return inputs.length === 1 ? inputs[0] : undefined;
}

function leftOver(name: string): string {
  const why = /^(decoder_|past_key_values|encoder_)/.test(name)
    ? 'the model writes text, token by token, which inframe does not run; export its encoder alone'
    : `text() feeds ${IDS[0]}, ${MASKS[0]} and ${TYPES[0]}; give '${name}' a column of its own`;
  return `input '${name}' of the model is not fed by a text: ${why}`;
}

function checked(input: TensorInfo): TextInput {
  const { name, dtype, dims } = input;
  if ((dtype === 'int64' || dtype === 'int32') && (dims === undefined || dims.length === 2)) return { name, dtype };
  throw mismatch(`input '${name}' takes ${describeTensor(input)}; texts feed int64 or int32 [rows, tokens]`);
}

function lengthOf(inputs: readonly TensorInfo[]): number | undefined {
  const fixed = inputs.flatMap(({ name, dims }) => (typeof dims?.[1] === 'number' ? [{ name, length: dims[1] }] : []));
  const other = fixed.find(({ length }) => length !== fixed[0]!.length);
  if (other !== undefined) {
    throw mismatch(
      `input '${other.name}' takes ${other.length} tokens a row and '${fixed[0]!.name}' takes ${fixed[0]!.length}; ` +
        'texts feed all inputs alike',
    );
  }
  return fixed[0]?.length;
}

function mismatch(message: string): InframeError {
  return new InframeError('SHAPE_MISMATCH', message);
}
