import { InframeError } from '../errors.js';

/** A piece of a statement; white space and comments are between tokens. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'text' | 'number' | 'parameter' | 'symbol' | 'end';
  /** As it is written. */
  readonly text: string;
  /** What it means: a text without its quotes, a name as it was spelt. */
  readonly value: string;
  /** Where it begins and ends in the source, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

/** What a scan of a text has found. */
export interface Scan {
  /** The last one is of kind `end`, unless something is open. */
  readonly tokens: readonly Token[];
  /** A quote or comment that is not closed, and where it begins. */
  readonly open: { readonly what: string; readonly start: number } | undefined;
}

const SPACE = /\s+/y;
const LINE_COMMENT = /--[^\n\r]*/y;
const COMMENT_EDGE = /\/\*|\*\//g;
const ESCAPE_TEXT = /[eE]'/y;
const DOLLAR_TAG = /\$(?:(?:[A-Za-z_]|[\u0080-\uffff])(?:[A-Za-z0-9_]|[\u0080-\uffff])*)?\$/y;
const PARAMETER = /\$(?:\d+|(?:[A-Za-z_]|(?!\s)[\u0080-\uffff])(?:[A-Za-z0-9_]|(?!\s)[\u0080-\uffff])*)|\?\d*/y;
const WORD = /(?:[A-Za-z_]|(?!\s)[\u0080-\uffff])(?:[A-Za-z0-9_$]|(?!\s)[\u0080-\uffff])*/y;
const NUMBER = /(?:0[xX][0-9a-fA-F_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?)/y;
/** Behind a text with escapes: a text on a later line continues it, by the same rules. */
const CONTINUATION = /(?:[^\S\n\r]|--[^\n\r]*)*[\n\r](?:\s|--[^\n\r]*[\n\r])*'/y;

/**
 * Cuts a text into tokens by the rules of DuckDB's (that is, PostgreSQL's) lexer.
 *
 * Rules: PostgreSQL documentation, section "Lexical Structure"; comments nest, `$tag$` quotes, `E''` has escapes.
 */
export function scan(source: string): Scan {
  const tokens: Token[] = [];
  const add = (kind: Token['kind'], start: number, end: number, value?: string): number => {
    const text = source.slice(start, end);
    tokens.push({ kind, text, value: value ?? text, start, end });
    return end;
  };
  const match = (pattern: RegExp, at: number): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  let at = 0;
  while (at < source.length) {
    const skipped = match(SPACE, at) ?? match(LINE_COMMENT, at);
    if (skipped !== undefined) {
      at += skipped.length;
      continue;
    }
    const character = source[at]!;
    if (source.startsWith('/*', at)) {
      const end = endOfComment(source, at);
      if (end === undefined) return { tokens, open: { what: 'comment /*', start: at } };
      at = end;
    } else if (character === "'" || character === '"') {
      const end = endOfQuoted(source, at);
      if (end === undefined) return { tokens, open: { what: `quote ${character}`, start: at } };
      const value = source.slice(at + 1, end - 1).replaceAll(character + character, character);
      at = add(character === "'" ? 'text' : 'quoted', at, end, value);
    } else if (match(ESCAPE_TEXT, at) !== undefined) {
      const end = endOfEscaped(source, at + 1);
      if (end === undefined) return { tokens, open: { what: `quote ${source.slice(at, at + 2)}`, start: at } };
      at = add('text', at, end, escapedValue(source.slice(at + 2, end - 1)));
    } else {
      const tag = match(DOLLAR_TAG, at);
      if (tag !== undefined) {
        const close = source.indexOf(tag, at + tag.length);
        if (close < 0) return { tokens, open: { what: `quote ${tag}`, start: at } };
        at = add('text', at, close + tag.length, source.slice(at + tag.length, close));
        continue;
      }
      const parameter = match(PARAMETER, at);
      const word = parameter === undefined ? match(WORD, at) : undefined;
      const number = parameter === undefined && word === undefined ? match(NUMBER, at) : undefined;
      if (parameter !== undefined) at = add('parameter', at, at + parameter.length, parameter.slice(1));
      else if (word !== undefined) at = add('word', at, at + word.length);
      else if (number !== undefined) at = add('number', at, at + number.length);
      else at = add('symbol', at, at + 1);
    }
  }
  add('end', at, at);
  return { tokens, open: undefined };
}

/** The tokens of a whole text. @throws InframeError STATEMENT_INVALID where a quote or comment is not closed */
export function tokenize(source: string): readonly Token[] {
  const { tokens, open } = scan(source);
  if (open === undefined) return tokens;
  const { line, column } = positionOf(source, open.start);
  throw new InframeError(
    'STATEMENT_INVALID',
    `${open.what} at line ${line}, column ${column} is not closed; close it, or double it if it is part of a text`,
    { line, column },
  );
}

/** Line and column of a place, both counted from 1, the column in characters. */
export function positionOf(source: string, offset: number): { readonly line: number; readonly column: number } {
  const before = source.slice(0, offset).split(/\r\n|\n|\r/);
  return { line: before.length, column: [...before.at(-1)!].length + 1 };
}

function endOfComment(source: string, start: number): number | undefined {
  COMMENT_EDGE.lastIndex = start;
  let depth = 0;
  for (let edge = COMMENT_EDGE.exec(source); edge !== null; edge = COMMENT_EDGE.exec(source)) {
    depth += edge[0] === '/*' ? 1 : -1;
    if (depth === 0) return COMMENT_EDGE.lastIndex;
  }
  return undefined;
}

/** Behind the closing quote; a doubled quote is part of the text. */
function endOfQuoted(source: string, start: number): number | undefined {
  const quote = source[start]!;
  for (let at = source.indexOf(quote, start + 1); at >= 0; at = source.indexOf(quote, at + 2)) {
    if (source[at + 1] !== quote) return at + 1;
  }
  return undefined;
}

/** Of a text with escapes, from its quote on. */
function endOfEscaped(source: string, start: number): number | undefined {
  for (let at = start + 1; at < source.length; at++) {
    if (source[at] === '\\') at += 1;
    else if (source[at] === "'" && source[at + 1] === "'") at += 1;
    else if (source[at] === "'") {
      CONTINUATION.lastIndex = at + 1;
      const gap = CONTINUATION.exec(source)?.[0];
      if (gap === undefined) return at + 1;
      at += gap.length;
    }
  }
  return undefined;
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function escapedValue(text: string): string {
  return text.replace(
    /''|\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|([\s\S]))/g,
    (all: string, hex?: string, octal?: string, character?: string) => {
      if (all === "''") return "'";
      if (character !== undefined) return ESCAPES[character] ?? character;
      return String.fromCodePoint(hex === undefined ? Number.parseInt(octal!, 8) : Number.parseInt(hex, 16));
    },
  );
}
