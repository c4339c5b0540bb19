import { COMPRESSIONS } from '../engine.js';
import { InframeError, listNames, nearest, shown } from '../errors.js';
import { FORMATS, type Format } from '../plan.js';
import { formatOf } from '../reader.js';
import type { Cursor } from './cursor.js';
import { isSymbol } from './cursor.js';
import { quoteName } from './keywords.js';
import { foldKey, type Option, type OptionValue, parseOptions } from './options.js';
import { queryInParentheses } from './query-text.js';
import type { Copy } from './statement.js';

const OPTIONS = ['FORMAT', 'COMPRESSION', 'PARTITION_BY', 'OVERWRITE'] as const;

/** `COPY (query) TO 'path' (options)` or `COPY table TO ...`, behind its first word. */
export function parseCopy(cursor: Cursor): Copy {
  cursor.reading("COPY (SELECT ...) TO 'path' [(FORMAT parquet, COMPRESSION zstd, PARTITION_BY (column), OVERWRITE)]");
  const start = cursor.peek();
  const query = isSymbol(start, '(')
    ? queryInParentheses(cursor)
    : `SELECT * FROM ${quoteName(cursor.expectName('a query in parentheses or a table'))}`;
  if (cursor.sees('FROM')) {
    throw cursor.refuse(
      cursor.peek(),
      'COPY ... FROM would read a file into a table',
      "write CREATE TABLE name AS SELECT * FROM 'file'",
    );
  }
  cursor.expect('TO');
  const path = cursor.expectText("a path in quotes, such as 'folder'");
  const given = cursor.accept('WITH') || isSymbol(cursor.peek(), '(') ? parseOptions(cursor, false) : [];
  cursor.expectEnd();
  return { kind: 'copy', query, path, ...copyOptions(cursor, given, formatOf(path) ?? 'parquet') };
}

/** @param byEnding the format where none is named */
function copyOptions(cursor: Cursor, given: readonly Option[], byEnding: Format): Pick<Copy, 'format' | 'options'> {
  const unknown = given.find(({ key }) => !OPTIONS.some(name => foldKey(name) === foldKey(key)));
  if (unknown !== undefined) {
    const guess = nearest(unknown.key, OPTIONS);
    const hint = guess === undefined ? '' : ` (did you mean '${guess}'?)`;
    const problem = `option '${unknown.key}' of COPY is not known`;
    throw cursor.refuse(unknown.token, problem, `there are: ${listNames(OPTIONS)}${hint}`);
  }
  const find = (name: (typeof OPTIONS)[number]): Option | undefined =>
    given.find(({ key }) => foldKey(key) === foldKey(name));
  const [formatOption, compressionOption, partition, overwrite] = OPTIONS.map(find);
  const format = formatOption === undefined ? byEnding : formatNamed(formatOption.value);
  const compression = compressionOption && compressionNamed(compressionOption.value);
  if (compressionOption !== undefined && format !== 'parquet') {
    const problem = `option COMPRESSION is for Parquet files, and the format is ${format}`;
    throw cursor.refuse(compressionOption.token, problem, 'leave it out, or write FORMAT parquet');
  }
  const options: Copy['options'] = {
    ...(compression && { compression }),
    ...(partition && { partitionBy: columnsOf(cursor, partition) }),
    ...(overwrite && isTrue(cursor, overwrite) && { mode: 'overwrite' }),
  };
  return { format, options: Object.freeze(options) };
}

function formatNamed(value: OptionValue | undefined): Format {
  const text = typeof value === 'string' ? value.toLowerCase() : '';
  const found = FORMATS.find(format => format === (text === 'json' ? 'jsonl' : text));
  if (found !== undefined) return found;
  const guess = nearest(text, FORMATS);
  const hint = guess === undefined ? '' : ` (did you mean '${guess}'?)`;
  throw new InframeError(
    'FORMAT_UNKNOWN',
    `format ${shown(value)} is not known; there are: ${listNames(FORMATS)}${hint}`,
  );
}

function compressionNamed(value: OptionValue | undefined): (typeof COMPRESSIONS)[number] {
  const text = typeof value === 'string' ? value.toLowerCase() : '';
  const found = COMPRESSIONS.find(compression => compression === text);
  if (found !== undefined) return found;
  throw new InframeError(
    'ARGUMENT_INVALID',
    `compression ${shown(value)} is not known; there are: ${listNames(COMPRESSIONS)}`,
  );
}

function columnsOf(cursor: Cursor, { token, value }: Option): readonly string[] {
  const columns = Array.isArray(value) ? (value as readonly OptionValue[]) : [value];
  const names = columns.filter(column => typeof column === 'string');
  if (names.length === columns.length && names.length > 0) return names;
  throw cursor.refuse(token, `option PARTITION_BY is ${shown(value)}`, 'give columns, such as PARTITION_BY (year)');
}

function isTrue(cursor: Cursor, { token, value }: Option): boolean {
  if (value === undefined || value === true || value === 1) return true;
  if (value === false || value === 0) return false;
  throw cursor.refuse(token, `option OVERWRITE is ${shown(value)}`, 'write OVERWRITE, or leave it out');
}
