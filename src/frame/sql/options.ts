import type { Cursor } from './cursor.js';
import { isSymbol } from './cursor.js';
import type { Token } from './tokens.js';

/** A value in the options of a statement. */
export type OptionValue =
  | null
  | boolean
  | number
  | string
  | readonly OptionValue[]
  | { readonly [name: string]: OptionValue };

/** One `key = value`, with its place for complaints. */
export interface Option {
  readonly token: Token;
  /** As written. */
  readonly key: string;
  /** Undefined where only the key is written. */
  readonly value: OptionValue | undefined;
}

/**
 * Options in parentheses: `(key = value, ...)`, or without the sign where the statement's habit is `(FORMAT csv)`.
 *
 * @param assigned true if `=` must stand between key and value
 */
export function parseOptions(cursor: Cursor, assigned: boolean): readonly Option[] {
  cursor.expectSymbol('(');
  const options: Option[] = [];
  do {
    const token = cursor.peek();
    if (token.kind !== 'word' && token.kind !== 'quoted') throw cursor.unexpected('the name of an option');
    cursor.take();
    const twice = options.some(({ key }) => foldKey(key) === foldKey(token.value));
    if (twice) throw cursor.refuse(token, `option '${token.value}' is given twice`, 'give it once');
    let value: OptionValue | undefined;
    if (assigned) {
      cursor.expectSymbol('=');
      value = parseValue(cursor);
    } else if (cursor.acceptSymbol('=') || !(isSymbol(cursor.peek(), ',') || isSymbol(cursor.peek(), ')'))) {
      value = parseValue(cursor);
    }
    options.push({ token, key: token.value, value });
  } while (cursor.acceptSymbol(','));
  cursor.expectSymbol(')');
  return options;
}

/** A key without regard to case and underscores: `batch_size` and `batchSize` are one. */
export function foldKey(key: string): string {
  return key.replaceAll('_', '').toLowerCase();
}

/** Far more than any option needs; an endless row of brackets ends here. */
const MOST_DEPTH = 16;

/**
 * A value: a text or bare word, a number, `true`, `false`, `null`, a list in brackets or parentheses, or names with values
 * in braces or parentheses.
 */
function parseValue(cursor: Cursor, depth = 0): OptionValue {
  const token = cursor.peek();
  if (depth > MOST_DEPTH)
    throw cursor.refuse(token, 'the value is nested too deeply', `nest at most ${MOST_DEPTH} levels`);
  if (token.kind === 'text' || token.kind === 'quoted') return cursor.take().value;
  if (token.kind === 'word') {
    cursor.take();
    const word = token.value.toLowerCase();
    if (word === 'null') return null;
    return word === 'true' || word === 'false' ? word === 'true' : token.value;
  }
  const sign = isSymbol(token, '-') || isSymbol(token, '+');
  const digits = sign ? cursor.peek(1) : token;
  if (digits.kind === 'number') {
    if (sign) cursor.take();
    const value = Number(cursor.take().text.replaceAll('_', ''));
    return isSymbol(token, '-') ? -value : value;
  }
  if (isSymbol(token, '[')) return parseList(cursor, ']', depth);
  if (isSymbol(token, '{')) return parseRecord(cursor, '}', depth);
  if (isSymbol(token, '(')) {
    const named = isSymbol(cursor.peek(2), '=') || isSymbol(cursor.peek(2), ':');
    return named ? parseRecord(cursor, ')', depth) : parseList(cursor, ')', depth);
  }
  throw cursor.unexpected('a value');
}

function parseList(cursor: Cursor, close: string, depth: number): OptionValue {
  cursor.take();
  const values: OptionValue[] = [];
  if (cursor.acceptSymbol(close)) return values;
  do values.push(parseValue(cursor, depth + 1));
  while (cursor.acceptSymbol(','));
  cursor.expectSymbol(close);
  return values;
}

function parseRecord(cursor: Cursor, close: string, depth: number): OptionValue {
  cursor.take();
  const entries: [string, OptionValue][] = [];
  if (cursor.acceptSymbol(close)) return {};
  do {
    const token = cursor.peek();
    if (!['word', 'quoted', 'text'].includes(token.kind)) throw cursor.unexpected('a name');
    cursor.take();
    if (entries.some(([name]) => name === token.value)) {
      throw cursor.refuse(token, `name '${token.value}' is given twice`, 'give it once');
    }
    if (!cursor.acceptSymbol('=')) cursor.expectSymbol(':');
    entries.push([token.value, parseValue(cursor, depth + 1)]);
  } while (cursor.acceptSymbol(','));
  cursor.expectSymbol(close);
  return Object.fromEntries(entries);
}
