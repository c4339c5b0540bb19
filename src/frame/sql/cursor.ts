import { InframeError } from '../errors.js';
import { isReserved } from './keywords.js';
import { positionOf, type Token } from './tokens.js';

/** Reads the tokens of one statement from left to right. */
export class Cursor {
  readonly source: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  /** How the statement at hand is written; ends every complaint. */
  #form = '';

  /** @param tokens of one statement, with a token of kind `end` behind them */
  constructor(source: string, tokens: readonly Token[]) {
    this.source = source;
    this.#tokens = tokens;
  }

  /** Says what is being read: `COPY (query) TO 'path'`. */
  reading(form: string): void {
    this.#form = form;
  }

  /** The token `ahead` of the next one. */
  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)]!;
  }

  take(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.#at += 1;
    return token;
  }

  /** Where the token taken last ends. */
  get behind(): number {
    return this.#tokens[this.#at - 1]?.end ?? 0;
  }

  get atEnd(): boolean {
    return this.peek().kind === 'end';
  }

  /** True if the next tokens are these words, in any case. */
  sees(...words: readonly string[]): boolean {
    return words.every((word, ahead) => isWord(this.peek(ahead), word));
  }

  /** Takes these words if they are next. */
  accept(...words: readonly string[]): boolean {
    if (!this.sees(...words)) return false;
    this.#at += words.length;
    return true;
  }

  acceptSymbol(symbol: string): boolean {
    if (!isSymbol(this.peek(), symbol)) return false;
    this.#at += 1;
    return true;
  }

  expect(word: string): void {
    if (!this.accept(word)) throw this.unexpected(word);
  }

  expectSymbol(symbol: string): void {
    if (!this.acceptSymbol(symbol)) throw this.unexpected(`'${symbol}'`);
  }

  expectEnd(): void {
    if (!this.atEnd) throw this.unexpected('the end');
  }

  /** A text in quotes. */
  expectText(what: string): string {
    if (this.peek().kind !== 'text') throw this.unexpected(what);
    return this.take().value;
  }

  /** A name of one part: bare and not reserved, or in double quotes. */
  expectName(what: string): string {
    const token = this.peek();
    const bare = token.kind === 'word' && !isReserved(token.value);
    if ((!bare && token.kind !== 'quoted') || token.value === '') throw this.unexpected(what);
    this.take();
    if (isSymbol(this.peek(), '.')) {
      throw this.refuse(token, `name '${token.value}' has a schema`, 'names of a session have one part; leave it out');
    }
    return token.value;
  }

  /** What is left, as it is written; takes it. */
  rest(): string {
    const first = this.peek();
    const last = this.#tokens.at(-2);
    this.#at = this.#tokens.length - 1;
    return last === undefined || last.end < first.start ? '' : this.source.slice(first.start, last.end);
  }

  /** What stands between the parenthesis that is next and the one that closes it, as it is written; takes both. */
  parenthesised(what: string): string {
    const open = this.peek();
    if (!isSymbol(open, '(')) throw this.unexpected(what);
    let depth = 0;
    for (let token = this.take(); ; token = this.take()) {
      if (token.kind === 'end') throw this.refuse(open, "'(' is not closed", 'close it');
      if (isSymbol(token, '(')) depth += 1;
      if (isSymbol(token, ')')) depth -= 1;
      if (depth === 0) return this.source.slice(open.end, token.start).trim();
    }
  }

  /** The complaint that something else stands where `expected` should. */
  unexpected(expected: string): InframeError {
    const token = this.peek();
    return this.refuse(
      token,
      `${token.kind === 'end' ? 'the end' : `'${clip(token.text)}'`} stands where ${expected} is expected`,
      `write ${this.#form}`,
    );
  }

  /** A complaint of a place. */
  refuse(token: Token, problem: string, remedy: string): InframeError {
    const { line, column } = positionOf(this.source, token.start);
    const message = `statement cannot be read at line ${line}, column ${column}: ${problem}; ${remedy}`;
    return new InframeError('STATEMENT_INVALID', message, { line, column });
  }
}

export function isWord(token: Token, word: string): boolean {
  return token.kind === 'word' && token.value.toUpperCase() === word;
}

export function isSymbol(token: Token, symbol: string): boolean {
  return token.kind === 'symbol' && token.text === symbol;
}

function clip(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}
