import { Cursor, isSymbol } from './cursor.js';
import { type Token, tokenize } from './tokens.js';

/** A value in the options of a statement. */
export type OptionValue =
  | null
  | boolean
  | number
  | string
  | readonly OptionValue[]
  | { readonly [name: string]: OptionValue };

/**
 * `name(key = value, ...)`: an adapter in words. What the names stand for is `udf/`'s to know. An alias and not an interface,
 * so that it is a record of values like any other.
 */
export type OptionCall = {
  /** As written. */
  readonly call: string;
  /** What stands first, without a key: the `'imagenet'` of `image('imagenet', width = 256)`. */
  readonly arguments: readonly OptionValue[];
  /** By key, as written. */
  readonly options: { readonly [name: string]: OptionValue };
};

/** True of what `name(...)` was read as. */
export function isOptionCall(value: unknown): value is OptionCall {
  if (typeof value !== 'object' || value === null) return false;
  const { call, arguments: given, options } = value as Partial<OptionCall>;
  return typeof call === 'string' && Array.isArray(given) && typeof options === 'object' && options !== null;
}

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

/**
 * A call as flags of a shell have it: as in SQL, and a text needs no quotes if it has no space, comma or bracket, so that
 * `classification(labels=data/labels.txt, top=5)` stands as it is.
 *
 * @throws InframeError STATEMENT_INVALID
 */
export function parseOptionCall(text: string): OptionCall {
  const cursor = new Cursor(text, tokenize(text));
  cursor.reading('name(key=value, ...)');
  if (cursor.peek().kind !== 'word' || !isSymbol(cursor.peek(1), '(')) throw cursor.unexpected('name(');
  const call = parseCall(cursor, { depth: 0, bare: true });
  cursor.expectEnd();
  return call;
}

/** Where in a value the parser is. */
interface Place {
  readonly depth: number;
  /** True if texts may stand without quotes. */
  readonly bare: boolean;
}

/** Far more than any option needs; an endless row of brackets ends here. */
const MOST_DEPTH = 16;

/**
 * A value: a text or bare word, a number, `true`, `false`, `null`, a list in brackets or parentheses, names with values
 * in braces or parentheses, or a call.
 */
function parseValue(cursor: Cursor, place: Place = { depth: 0, bare: false }): OptionValue {
  const token = cursor.peek();
  if (place.depth > MOST_DEPTH)
    throw cursor.refuse(token, 'the value is nested too deeply', `nest at most ${MOST_DEPTH} levels`);
  if (token.kind === 'text' || token.kind === 'quoted') return cursor.take().value;
  if (token.kind === 'word' && isSymbol(cursor.peek(1), '(')) return parseCall(cursor, place);
  const bare = place.bare ? bareText(cursor) : undefined;
  if (bare !== undefined) return bare;
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
  if (isSymbol(token, '[')) return parseList(cursor, ']', place);
  if (isSymbol(token, '{')) return parseRecord(cursor, '}', place);
  if (isSymbol(token, '(')) {
    const named = isSymbol(cursor.peek(2), '=') || isSymbol(cursor.peek(2), ':');
    return named ? parseRecord(cursor, ')', place) : parseList(cursor, ')', place);
  }
  throw cursor.unexpected('a value');
}

function inside(place: Place): Place {
  return { ...place, depth: place.depth + 1 };
}

/** Tokens without space between them, up to a comma or bracket, as one text; undefined where they are one value as they are. */
function bareText(cursor: Cursor): string | undefined {
  const first = cursor.peek();
  if (['[', '{', '('].some(open => isSymbol(first, open))) return undefined;
  let length = 1;
  const ends = (token: Token, before: Token): boolean =>
    token.kind === 'end' || token.start !== before.end || [',', ')', ']', '}'].some(symbol => isSymbol(token, symbol));
  while (!ends(cursor.peek(length), cursor.peek(length - 1))) length += 1;
  const signed = (isSymbol(first, '-') || isSymbol(first, '+')) && cursor.peek(1).kind === 'number';
  if (length === 1 || (signed && length === 2)) return undefined;
  for (let taken = 0; taken < length; taken++) cursor.take();
  return cursor.source.slice(first.start, cursor.behind);
}

function parseCall(cursor: Cursor, place: Place): OptionCall {
  const call = cursor.take().value;
  cursor.take();
  const given: OptionValue[] = [];
  const entries: [string, OptionValue][] = [];
  if (!cursor.acceptSymbol(')')) {
    do {
      const token = cursor.peek();
      if (isSymbol(cursor.peek(1), '=') || isSymbol(cursor.peek(1), ':')) {
        entries.push(parseEntry(cursor, entries, place));
      } else if (entries.length > 0) {
        throw cursor.refuse(token, `a value without a key stands behind keys of ${call}()`, 'write key = value');
      } else {
        given.push(parseValue(cursor, inside(place)));
      }
    } while (cursor.acceptSymbol(','));
    cursor.expectSymbol(')');
  }
  const options = Object.freeze(Object.fromEntries(entries));
  return Object.freeze({ call, arguments: Object.freeze(given), options });
}

function parseList(cursor: Cursor, close: string, place: Place): OptionValue {
  cursor.take();
  const values: OptionValue[] = [];
  if (cursor.acceptSymbol(close)) return values;
  do values.push(parseValue(cursor, inside(place)));
  while (cursor.acceptSymbol(','));
  cursor.expectSymbol(close);
  return values;
}

function parseRecord(cursor: Cursor, close: string, place: Place): OptionValue {
  cursor.take();
  const entries: [string, OptionValue][] = [];
  if (cursor.acceptSymbol(close)) return {};
  do entries.push(parseEntry(cursor, entries, place));
  while (cursor.acceptSymbol(','));
  cursor.expectSymbol(close);
  return Object.fromEntries(entries);
}

/** `name = value`, `name: value` or `name := value`. */
function parseEntry(cursor: Cursor, before: readonly [string, OptionValue][], place: Place): [string, OptionValue] {
  const token = cursor.peek();
  if (!['word', 'quoted', 'text'].includes(token.kind)) throw cursor.unexpected('a name');
  cursor.take();
  if (before.some(([name]) => name === token.value)) {
    throw cursor.refuse(token, `name '${token.value}' is given twice`, 'give it once');
  }
  if (!cursor.acceptSymbol('=')) {
    cursor.expectSymbol(':');
    cursor.acceptSymbol('=');
  }
  return [token.value, parseValue(cursor, inside(place))];
}
