import type { DataType, Field } from './types.js';

/*
 * Files as rows: pictures, sound, bytes and text. They are read, never written.
 */

/** What becomes of files that hold no table: a row a file, or (`lines`) a row a line. */
export type FileFormat = 'images' | 'audio' | 'binary' | 'text' | 'lines';

export const FILE_FORMATS: readonly FileFormat[] = Object.freeze(['images', 'audio', 'binary', 'text', 'lines']);

export function isFileFormat(format: string): format is FileFormat {
  return FILE_FORMATS.some(known => known === format);
}

const STRING: DataType = Object.freeze({ kind: 'string' });
const BINARY: DataType = Object.freeze({ kind: 'binary' });

/** The column that holds what is in a file. */
const CONTENT: Readonly<Record<FileFormat, Field>> = Object.freeze({
  images: { name: 'image', type: BINARY },
  audio: { name: 'audio', type: BINARY },
  binary: { name: 'content', type: BINARY },
  text: { name: 'text', type: STRING },
  lines: { name: 'text', type: STRING },
});

/** The column that holds what is in a file, or in a line of it. */
export function contentColumn(format: FileFormat): Field {
  return CONTENT[format];
}

const INSTANT: DataType = Object.freeze({ kind: 'timestamp', unit: 'us', zone: true });

/** The columns of files as rows. @param folders names of `name=value` folders, whose values are texts */
export function fileColumns(format: FileFormat, folders: readonly string[]): readonly Field[] {
  const path: Field = { name: 'path', type: STRING };
  const parts = folders.map((name): Field => ({ name, type: STRING }));
  if (format === 'lines') return [path, contentColumn(format), ...parts];
  return [
    path,
    { name: 'modified', type: INSTANT },
    { name: 'size', type: { kind: 'int64' } },
    contentColumn(format),
    ...parts,
  ];
}
