/**
 * What can go wrong, as stable codes. A program switches on `code`; the sentence in `message` is for a person.
 *
 * The command line turns `ARGUMENT_INVALID` and its like (see {@link isWrongUse}) into exit code 2.
 */
export type ErrorCode =
  | 'ARGUMENT_INVALID'
  | 'COLUMN_NOT_FOUND'
  | 'COLUMN_DUPLICATE'
  | 'DISK_FULL'
  | 'EXPRESSION_INVALID'
  | 'FORMAT_UNKNOWN'
  | 'FUNCTION_CHANGED'
  | 'FUNCTION_FAILED'
  | 'FUNCTION_INVALID'
  | 'FUNCTION_NOT_FOUND'
  | 'INTERNAL'
  | 'JOB_ABORTED'
  | 'MODEL_CALL_MISPLACED'
  | 'MODEL_CHANGED'
  | 'MODEL_EXTERNAL_DATA'
  | 'MODEL_INVALID'
  | 'MODEL_NOT_FOUND'
  | 'MODEL_RUN_FAILED'
  | 'MODEL_UNSUPPORTED'
  | 'NAME_TAKEN'
  | 'QUERY_FAILED'
  | 'SESSION_CLOSED'
  | 'SHAPE_MISMATCH'
  | 'SOURCE_CHANGED'
  | 'SOURCE_EMPTY'
  | 'SOURCE_NOT_FOUND'
  | 'SOURCE_UNREADABLE'
  | 'STATEMENT_INVALID'
  | 'STATEMENT_UNSUPPORTED'
  | 'TABLE_NOT_FOUND'
  | 'TARGET_BUSY'
  | 'TARGET_EXISTS'
  | 'TARGET_NOT_WRITABLE'
  | 'TYPE_MISMATCH'
  | 'VIEW_RECURSIVE'
  | 'WORKER_FAILED';

/** What an error says beside its sentence: plain values only, so that it travels between threads and into JSON. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | readonly string[] | null>>;

/**
 * The one error a user of inframe sees (Rule 7). Its message begins with the noun, gives the offending value, what
 * exists, and what to do.
 *
 * @example
 * try { await session.read.parquet('sales.parquet').select('pricee').collect(); }
 * catch (error) { if (error instanceof InframeError && error.code === 'COLUMN_NOT_FOUND') console.log(error.message); }
 * // column 'pricee' is not in the table; it has: carat, price (did you mean 'price'?)
 */
export class InframeError extends Error {
  override readonly name = 'InframeError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = Object.freeze({ ...details });
  }

  /** A plain object that survives a message channel and JSON; {@link InframeError.fromJSON} is its inverse. */
  toJSON(): SerializedError {
    return { name: 'InframeError', code: this.code, message: this.message, details: this.details };
  }

  static fromJSON(value: SerializedError): InframeError {
    return new InframeError(value.code, value.message, value.details);
  }
}

/** The form an {@link InframeError} has on its way out of a worker. */
export interface SerializedError {
  readonly name: 'InframeError';
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: ErrorDetails;
}

const WRONG_USE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'ARGUMENT_INVALID',
  'COLUMN_NOT_FOUND',
  'COLUMN_DUPLICATE',
  'EXPRESSION_INVALID',
  'FORMAT_UNKNOWN',
  'FUNCTION_INVALID',
  'FUNCTION_NOT_FOUND',
  'MODEL_CALL_MISPLACED',
  'MODEL_NOT_FOUND',
  'NAME_TAKEN',
  'SHAPE_MISMATCH',
  'SOURCE_NOT_FOUND',
  'STATEMENT_INVALID',
  'STATEMENT_UNSUPPORTED',
  'TABLE_NOT_FOUND',
  'TARGET_EXISTS',
  'TYPE_MISMATCH',
  'VIEW_RECURSIVE',
]);

/** True where the caller's words are off, rather than the job or its data. */
export function isWrongUse(error: InframeError): boolean {
  return WRONG_USE.has(error.code);
}

/** The message of anything thrown, on one line and without a stack. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n').find(line => line.trim() !== '') ?? 'unknown error').trim();
}

/**
 * The candidate nearest to `wrong` by edit distance, if it is near enough to be a slip of the finger: at most a third of
 * the letters differ (of two or three letters: one). Case does not count.
 *
 * Distance: Levenshtein, "Binary codes capable of correcting deletions, insertions, and reversals", 1966.
 */
export function nearest(wrong: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const distance = editDistance(wrong.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  // Of a name of one letter every other such name is one letter away: that is no slip.
  const most = Math.min(wrong.length - 1, Math.max(1, Math.floor(wrong.length / 3)));
  return bestDistance <= most ? best : undefined;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(previous[j]! + 1, row[j - 1]! + 1, substitution));
    }
    previous = row;
  }
  return previous[b.length]!;
}

/** Anything at all as a message shows it: short, on one line, and never a reason to fail again. */
export function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'symbol' || typeof value === 'number' || value === undefined) return String(value);
  let text: string;
  try {
    text = JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part)) ?? 'undefined';
  } catch {
    text = Object.prototype.toString.call(value);
  }
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** `a, b, c ... and 17 more`: a list short enough for a sentence. */
export function listNames(names: readonly string[], most = 20): string {
  if (names.length === 0) return '(none)';
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} ... and ${names.length - most} more` : shown;
}

/** How names begin that inframe gives to columns nobody sees. */
export const HIDDEN = '__inframe_';

/** The error for a column that the table does not have. */
export function columnNotFound(name: string, columns: readonly string[]): InframeError {
  const existing = columns.filter(column => !column.startsWith(HIDDEN));
  const guess = nearest(name, existing);
  const hint = guess === undefined ? '' : ` (did you mean '${guess}'?)`;
  return new InframeError(
    'COLUMN_NOT_FOUND',
    `column '${name}' is not in the table; it has: ${listNames(existing)}${hint}`,
    { column: name, existing },
  );
}
