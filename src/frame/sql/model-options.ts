import { listNames, nearest, shown } from '../errors.js';
import type { Cursor } from './cursor.js';
import { foldKey, isOptionCall, type Option, type OptionValue } from './options.js';

/** What `CREATE MODEL ... WITH` knows, and the form of each value. What a value may be beyond that is the model's to check. */
const KINDS = {
  batchSize: 'number',
  onError: 'word',
  nulls: 'word',
  inputs: 'columns or adapters by input',
  outputs: 'names, or adapters by output',
  task: 'text',
  variant: 'text',
  cache: 'text',
} as const;

export type ModelOptionName = keyof typeof KINDS;

export const MODEL_OPTIONS: readonly ModelOptionName[] = Object.freeze(Object.keys(KINDS) as ModelOptionName[]);

const REMEDIES: Readonly<Record<(typeof KINDS)[ModelOptionName], string>> = {
  number: 'give a whole number from 1, such as 64',
  word: "give a text, such as 'fail'",
  text: "give a text, such as 'image-classification' for a task",
  'names, or adapters by output':
    "give a list of names, such as ['label'], or adapters by output, such as { label: classification(top = 5) }",
  'columns or adapters by input':
    "give columns or adapters by input, such as { x: ['carat', 'depth'] } or { x: image(width = 224) }",
};

/** The options of `session.model()`, in camelCase. @throws InframeError STATEMENT_INVALID */
export function modelOptions(cursor: Cursor, options: readonly Option[]): Readonly<Record<string, OptionValue>> {
  const result: Record<string, OptionValue> = {};
  for (const { token, key, value } of options) {
    const name = MODEL_OPTIONS.find(known => foldKey(known) === foldKey(key));
    if (name === undefined) {
      const known = MODEL_OPTIONS.map(snakeCase);
      const guess = nearest(key, known);
      const hint = guess === undefined ? '' : ` (did you mean '${guess}'?)`;
      throw cursor.refuse(token, `option '${key}' of a model is not known`, `there are: ${listNames(known)}${hint}`);
    }
    const fitting = fit(KINDS[name], value);
    if (fitting === undefined) {
      throw cursor.refuse(token, `option '${key}' is ${shown(value)}`, REMEDIES[KINDS[name]]);
    }
    if (fitting !== null) result[name] = fitting;
  }
  return Object.freeze(result);
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
}

/** The value in the form the option has; null where it says nothing, undefined where it does not fit. */
function fit(kind: (typeof KINDS)[ModelOptionName], value: OptionValue | undefined): OptionValue | undefined {
  // `nulls = null` names the policy of that name.
  if (value === null) return kind === 'word' ? 'null' : null;
  switch (kind) {
    case 'number':
      return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 ? value : undefined;
    case 'word':
      return typeof value === 'string' ? value.toLowerCase() : undefined;
    case 'text':
      return typeof value === 'string' && value !== '' ? value : undefined;
    case 'names, or adapters by output':
      if (typeof value === 'string') return [value];
      return isNames(value) || isRecordOf(value, isOptionCall) ? value : undefined;
    case 'columns or adapters by input':
      return isRecordOf(value, feed => isNames(feed) || typeof feed === 'string' || isOptionCall(feed))
        ? value
        : undefined;
  }
}

function isRecordOf(
  value: OptionValue | undefined,
  fits: (member: OptionValue) => boolean,
): value is { readonly [name: string]: OptionValue } {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isOptionCall(value)) return false;
  return Object.values(value).every(fits);
}

function isNames(value: OptionValue | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every(name => typeof name === 'string');
}
