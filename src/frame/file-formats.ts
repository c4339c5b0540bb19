import { HIDDEN } from './errors.js';
import type { DataType, Field } from './types.js';

/*
 * Files as rows: pictures, sound, bytes and text. They are read, never written.
 */

/** What becomes of files that hold no table: a row each, or (`lines`) a row a line. */
export type FileFormat = 'images' | 'audio' | 'binary' | 'text' | 'lines';

export const FILE_FORMATS: readonly FileFormat[] = Object.freeze(['images', 'audio', 'binary', 'text', 'lines']);

/** What to do with a file that cannot be opened, or is no picture. */
export type UnreadablePolicy = 'keep' | 'drop' | 'fail';

export const UNREADABLE_POLICIES: readonly UnreadablePolicy[] = Object.freeze(['keep', 'drop', 'fail']);

/** What becomes of bytes that are not UTF-8: U+FFFD in their place, a null instead of the text, or an error. */
export type InvalidTextPolicy = 'replace' | 'null' | 'fail';

export const INVALID_TEXT_POLICIES: readonly InvalidTextPolicy[] = Object.freeze(['replace', 'null', 'fail']);

/** Why a file could not be opened: a column that no user sees. */
export const REASON = `${HIDDEN}reason`;

/** How files become rows; plain data that is part of a task's key. */
export interface ContentOptions {
  /** Of files that cannot be opened. */
  readonly onUnreadable?: UnreadablePolicy;
  /** True for one more column, {@link REASON}. */
  readonly reasons?: boolean;
  readonly onInvalid?: InvalidTextPolicy;
}

export function isFileFormat(format: string): format is FileFormat {
  return FILE_FORMATS.some(known => known === format);
}

const STRING: DataType = Object.freeze({ kind: 'string' });
const INT64: DataType = Object.freeze({ kind: 'int64' });
const BINARY: DataType = Object.freeze({ kind: 'binary' });
const INSTANT: DataType = Object.freeze({ kind: 'timestamp', unit: 'us', zone: true });

/** What the column of a file's content is called, and its type. */
const CONTENT: Readonly<Record<Exclude<FileFormat, 'lines'>, Field>> = Object.freeze({
  images: { name: 'image', type: BINARY },
  audio: { name: 'audio', type: BINARY },
  binary: { name: 'content', type: BINARY },
  text: { name: 'text', type: STRING },
});

/** The column that holds what is in a file. */
export function contentColumn(format: FileFormat): Field {
  return format === 'lines' ? CONTENT.text : CONTENT[format];
}

/** The columns of files as rows, without those of `name=value` folders. */
export function fileColumns(format: FileFormat, { reasons = false }: ContentOptions = {}): readonly Field[] {
  const path: Field = { name: 'path', type: STRING };
  if (format === 'lines') return [path, { name: 'line', type: INT64 }, contentColumn(format)];
  const columns = [path, { name: 'modified', type: INSTANT }, { name: 'size', type: INT64 }, contentColumn(format)];
  return reasons ? [...columns, { name: REASON, type: STRING }] : columns;
}
