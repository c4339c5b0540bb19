import { DataFrame } from './dataframe.js';
import { InframeError, listNames, shown } from './errors.js';
import type { FileFormat } from './file-formats.js';
import { type CsvOptions, type Format, READ_FORMATS, type ReadFormat } from './plan.js';
import {
  type FileReader,
  filesPlan,
  type ReadFileOptions,
  type ReadImageOptions,
  type ReadTextOptions,
} from './read-files.js';
import type { AnySession } from './session.js';
import type { Unchecked } from './typed/row.js';

const ENDINGS: Readonly<Record<string, Format>> = {
  parquet: 'parquet',
  pq: 'parquet',
  csv: 'csv',
  tsv: 'csv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  json: 'jsonl',
  arrow: 'arrow',
  feather: 'arrow',
  ipc: 'arrow',
};

/** Endings of files that are rows. */
const FILE_ENDINGS: Readonly<Record<string, FileFormat>> = {
  jpg: 'images',
  jpeg: 'images',
  jpe: 'images',
  jfif: 'images',
  png: 'images',
  webp: 'images',
  gif: 'images',
  tif: 'images',
  tiff: 'images',
  avif: 'images',
  wav: 'audio',
  wave: 'audio',
  mp3: 'audio',
  flac: 'audio',
};

/**
 * Reads tables from files. A path may be a file, a folder (all files of the format below it; `name=value` folders become
 * columns) or a glob; several paths are read one after the other.
 *
 * Names that begin with `_` or `.` are passed over, as Spark and Hive do: what is not finished hides behind them.
 */
export class DataFrameReader {
  readonly #session: AnySession;

  constructor(session: AnySession) {
    this.#session = session;
    Object.freeze(this);
  }

  parquet<S = Unchecked>(...paths: readonly string[]): DataFrame<S> {
    return this.#scan('parquet', paths, {});
  }

  csv<S = Unchecked>(paths: string | readonly string[], options: CsvOptions = {}): DataFrame<S> {
    return this.#scan('csv', typeof paths === 'string' ? [paths] : paths, options);
  }

  /** JSON lines: one object a line. */
  jsonl<S = Unchecked>(...paths: readonly string[]): DataFrame<S> {
    return this.#scan('jsonl', paths, {});
  }

  /** Arrow IPC, files or streams. */
  arrow<S = Unchecked>(...paths: readonly string[]): DataFrame<S> {
    return this.#scan('arrow', paths, {});
  }

  /**
   * Pictures, a row each: `path`, `modified`, `size` and `image`, its bytes. Of folders, files with the endings of JPEG, PNG,
   * WebP, GIF, TIFF and AVIF.
   *
   * @example
   * session.read.images('photos', { properties: true }).filter(col('width').gt(1000));
   */
  images<S = Unchecked>(paths: string | readonly string[], options: ReadImageOptions = {}): DataFrame<S> {
    return this.#files('images', paths, options);
  }

  /** Sound, a row a file: `path`, `modified`, `size` and `audio`, its bytes. Of folders, files that end in wav, mp3 and flac. */
  audio<S = Unchecked>(paths: string | readonly string[], options: ReadFileOptions = {}): DataFrame<S> {
    return this.#files('audio', paths, options);
  }

  /** Any files, a row each: `path`, `modified`, `size` and `content`. */
  binaryFiles<S = Unchecked>(paths: string | readonly string[], options: ReadFileOptions = {}): DataFrame<S> {
    return this.#files('binaryFiles', paths, options);
  }

  /**
   * Text, a row a line: `path`, `line` (counted from 1 in each file) and `text`; with `wholeFiles`, a row a file: `path`,
   * `modified`, `size` and `text`. Files that end in `.gz` and `.zst` are unpacked where they are read by lines.
   */
  text<S = Unchecked>(paths: string | readonly string[], options: ReadTextOptions = {}): DataFrame<S> {
    return this.#files('text', paths, options);
  }

  #files(reader: FileReader, paths: string | readonly string[], options: object): DataFrame {
    const list = checkPaths(typeof paths === 'string' ? [paths] : paths);
    return new DataFrame(this.#session, filesPlan(reader, list, { ...options }, `read.${reader}()`));
  }

  /**
   * Any of the formats, told by the file's ending; a folder is taken as Parquet unless `format` says otherwise.
   *
   * @throws InframeError FORMAT_UNKNOWN
   */
  table<S = Unchecked>(path: string, format: ReadFormat = readFormatOf(path) ?? 'parquet'): DataFrame<S> {
    if (!READ_FORMATS.includes(format)) {
      throw new InframeError(
        'FORMAT_UNKNOWN',
        `format '${format}' is not known; there are: ${listNames(READ_FORMATS)}`,
      );
    }
    return this.#scan(format, [path], {});
  }

  #scan(format: ReadFormat, paths: readonly string[], csv: CsvOptions): DataFrame {
    return new DataFrame(this.#session, { kind: 'scan', format, paths: [...checkPaths(paths)], csv });
  }
}

function checkPaths(paths: readonly string[]): readonly string[] {
  if (!Array.isArray(paths) || paths.length === 0 || paths.some(path => typeof path !== 'string' || path === '')) {
    const wrong = Array.isArray(paths) && paths.length === 1 ? paths[0] : paths;
    throw new InframeError('ARGUMENT_INVALID', `path ${shown(wrong)} is not a path; name a file, folder or glob`);
  }
  return paths;
}

/** The format a file's ending tells, of pictures and sound too. */
export function readFormatOf(path: string): ReadFormat | undefined {
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  return formatOf(path) ?? (Object.hasOwn(FILE_ENDINGS, ending) ? FILE_ENDINGS[ending] : undefined);
}

/** The format a file's ending tells (`.gz` and `.zst` of text formats are looked through), if any. */
export function formatOf(path: string): Format | undefined {
  const ending = /\.([a-z]+)(?:\.(?:gz|zst))?$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending] : undefined;
}
