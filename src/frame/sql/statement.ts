import { InframeError } from '../errors.js';
import type { Format } from '../plan.js';
import type { WriteOptions } from '../writer.js';
import { parseCopy } from './copy.js';
import { parseCreate, parseDrop } from './create.js';
import { Cursor, isSymbol } from './cursor.js';
import type { OptionValue } from './options.js';
import { atQuery, tableQuery } from './query-text.js';
import { positionOf, type Token, tokenize } from './tokens.js';
import { unsupported } from './unsupported.js';

/** What one statement asks for, as frozen plain data. Queries are the engine's to read, and stand here as text. */
export type Statement =
  /** Anything that gives rows. */
  | { readonly kind: 'query'; readonly text: string }
  | CreateModel
  | { readonly kind: 'dropModel'; readonly name: string; readonly ifExists: boolean }
  | { readonly kind: 'showModels' }
  | { readonly kind: 'describeModel'; readonly name: string }
  | Copy
  | CreateRelation
  | { readonly kind: 'dropTable' | 'dropView'; readonly name: string; readonly ifExists: boolean }
  | { readonly kind: 'showTables' }
  | { readonly kind: 'describe'; readonly query: string }
  | { readonly kind: 'explain'; readonly statement: Statement };

/** `CREATE MODEL`. Options are those of `session.model()`, in camelCase. */
export interface CreateModel {
  readonly kind: 'createModel';
  readonly name: string;
  readonly path: string;
  readonly options: Readonly<Record<string, OptionValue>>;
  readonly replace: boolean;
  readonly ifNotExists: boolean;
}

/** `COPY ... TO`. */
export interface Copy {
  readonly kind: 'copy';
  readonly query: string;
  readonly path: string;
  readonly format: Format;
  readonly options: Pick<WriteOptions, 'mode' | 'compression' | 'partitionBy'>;
}

/** `CREATE TABLE ... AS`, `CREATE VIEW ... AS`. */
export interface CreateRelation {
  readonly kind: 'createTable' | 'createView';
  readonly name: string;
  /** Said, or not: all that a session makes ends with it. */
  readonly temporary: boolean;
  readonly replace: boolean;
  readonly ifNotExists: boolean;
  /** Names for the first columns of the query; undefined where the query's own stay. */
  readonly columns: readonly string[] | undefined;
  readonly query: string;
}

/** A statement and where it stands in its script. */
export interface ScriptStatement {
  readonly statement: Statement;
  /** As it is written, without what is around it. */
  readonly text: string;
  /** Counted from 1. */
  readonly line: number;
  /** Parameters it names, without their sign: `1`, `name`; an empty text for each `?`. */
  readonly parameters: readonly string[];
}

/** The statements of a script, as they are written; empty ones are left out. @throws InframeError STATEMENT_INVALID */
export function splitStatements(source: string): readonly string[] {
  return splitTokens(tokenize(source)).map(tokens => textOf(source, tokens));
}

/**
 * Reads a script.
 *
 * @throws InframeError STATEMENT_INVALID for what cannot be read, STATEMENT_UNSUPPORTED for statements that there are not
 */
export function parseScript(source: string): readonly ScriptStatement[] {
  return splitTokens(tokenize(source)).map(tokens => parseTokens(source, tokens));
}

function parseTokens(source: string, tokens: readonly Token[]): ScriptStatement {
  return Object.freeze({
    statement: parse(new Cursor(source, tokens)),
    text: textOf(source, tokens),
    line: positionOf(source, tokens[0]!.start).line,
    parameters: tokens.filter(({ kind }) => kind === 'parameter').map(({ value }) => value),
  });
}

/** Reads exactly one statement. @throws InframeError as {@link parseScript} does; ARGUMENT_INVALID for several */
export function parseStatement(source: string): ScriptStatement {
  if (typeof source !== 'string') {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `statement ${String(source)} is not a text; give SQL, such as 'SELECT 1'`,
    );
  }
  const [first, ...others] = splitTokens(tokenize(source));
  if (first === undefined)
    throw new InframeError('STATEMENT_INVALID', 'statement is empty; write a query, such as SELECT 1');
  if (others.length > 0) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `text holds ${others.length + 1} statements, and session.sql takes one; run them with session.execute(script)`,
    );
  }
  return parseTokens(source, first);
}

/** The tokens of each statement, each list with an end behind it; statements without tokens are left out. */
function splitTokens(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const statements: (readonly Token[])[] = [];
  let current: Token[] = [];
  for (const token of tokens) {
    const ends = token.kind === 'end' || isSymbol(token, ';');
    if (!ends) current.push(token);
    else if (current.length > 0) {
      statements.push([...current, { kind: 'end', text: '', value: '', start: token.start, end: token.start }]);
      current = [];
    }
  }
  return statements;
}

function textOf(source: string, tokens: readonly Token[]): string {
  return source.slice(tokens[0]!.start, tokens.at(-2)!.end);
}

function parse(cursor: Cursor): Statement {
  return Object.freeze(parseKind(cursor));
}

function parseKind(cursor: Cursor): Statement {
  if (atQuery(cursor)) return { kind: 'query', text: cursor.rest() };
  if (cursor.sees('CREATE')) return parseCreate(cursor);
  if (cursor.sees('DROP')) return parseDrop(cursor);
  if (cursor.accept('COPY')) return parseCopy(cursor);
  if (cursor.accept('EXPLAIN')) return parseExplain(cursor);
  if (cursor.accept('DESCRIBE') || cursor.accept('DESC')) return parseDescribe(cursor);
  if (cursor.accept('SHOW')) return parseShow(cursor);
  throw unsupported(cursor);
}

function parseExplain(cursor: Cursor): Statement {
  cursor.reading('EXPLAIN SELECT ...');
  if (cursor.atEnd) throw cursor.unexpected('a statement');
  const token = cursor.peek();
  if (cursor.sees('ANALYZE')) {
    throw cursor.refuse(token, 'EXPLAIN ANALYZE runs the statement', 'write EXPLAIN without ANALYZE');
  }
  const statement = parse(cursor);
  if ('query' in statement || statement.kind === 'query') return { kind: 'explain', statement };
  throw cursor.refuse(token, 'the statement has no query to explain', 'write EXPLAIN SELECT ...');
}

function parseDescribe(cursor: Cursor): Statement {
  cursor.reading('DESCRIBE table, DESCRIBE SELECT ... or DESCRIBE MODEL name');
  if (cursor.sees('MODEL') && cursor.peek(1).kind !== 'end') {
    cursor.take();
    const name = cursor.expectName('the name of a model');
    cursor.expectEnd();
    return { kind: 'describeModel', name };
  }
  if (atQuery(cursor)) return { kind: 'describe', query: cursor.rest() };
  return { kind: 'describe', query: tableQuery(cursor) };
}

function parseShow(cursor: Cursor): Statement {
  cursor.reading('SHOW TABLES, SHOW MODELS or SHOW table');
  const last = cursor.peek(1).kind === 'end';
  if (last && cursor.accept('MODELS')) return { kind: 'showModels' };
  if (last && cursor.accept('TABLES')) return { kind: 'showTables' };
  return { kind: 'describe', query: tableQuery(cursor) };
}
