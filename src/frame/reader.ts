import { DataFrame } from './dataframe.js';
import { HIDDEN, InframeError, listNames, shown } from './errors.js';
import { Column } from './expr.js';
import type { FileFormat } from './file-formats.js';
import { col } from './functions.js';
import { type CsvOptions, FORMATS, type Format, type ReadFormat } from './plan.js';
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

/** How pictures are read. */
export interface ImageFilesOptions {
  /** True for columns of what each file's header says. */
  readonly properties?: boolean;
  /** What becomes of a file that is no picture: a row like others (the default), no row, or the end of the job. */
  readonly onUnreadable?: 'keep' | 'drop' | 'fail';
}

const UNREADABLE: readonly string[] = ['keep', 'drop', 'fail'];

const PROPERTIES: readonly string[] = ['format', 'width', 'height', 'channels', 'orientation', 'error'];

const FOUND = `${HIDDEN}image_info`;

/** A function that every session has, over columns. */
function callBuiltIn(session: AnySession, name: string, columns: readonly string[]): Column {
  const model = session.engine.functions?.get(name);
  if (model === undefined) throw new InframeError('INTERNAL', `function '${name}' is not one of this engine`);
  const positional = columns.map(column => col(column).expr);
  return new Column({ kind: 'model', model, args: { positional, named: {} } });
}

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
   * Any of the formats, told by the file's ending; a folder is taken as Parquet unless `format` says otherwise.
   *
   * @throws InframeError FORMAT_UNKNOWN
   */
  table<S = Unchecked>(path: string, format: Format = formatOf(path) ?? 'parquet'): DataFrame<S> {
    if (!FORMATS.includes(format)) {
      throw new InframeError('FORMAT_UNKNOWN', `format '${format}' is not known; there are: ${listNames(FORMATS)}`);
    }
    return this.#scan(format, [path], {});
  }

  /**
   * Pictures, a row a file: `path` (string), `modified` (timestamp), `size` in bytes (int64) and `image` (binary). Of a folder,
   * its JPEG, PNG, WebP, GIF, TIFF and AVIF files.
   *
   * With `properties`, what the file's header says as well: `format`, `width`, `height` (as stored), `channels`, `orientation`
   * (EXIF, 1 to 8), and `error`: why it is no picture, null where it is one. They are found in the worker pool.
   *
   * @throws InframeError ARGUMENT_INVALID; when it runs, SOURCE_NOT_FOUND, SOURCE_EMPTY, and with `onUnreadable: 'fail'`
   *   FUNCTION_FAILED, naming the file
   * @example
   * await session.read.images('photos/**\/*.jpg', { properties: true }).drop('image').show();
   */
  images<S = Unchecked>(paths: string | readonly string[], options: ImageFilesOptions = {}): DataFrame<S> {
    const files = this.#files('images', paths);
    const { properties = false, onUnreadable = 'keep' } = options;
    if (!UNREADABLE.includes(onUnreadable)) {
      throw new InframeError(
        'ARGUMENT_INVALID',
        `onUnreadable ${shown(onUnreadable)} of read.images() is not possible; there are: ${listNames(UNREADABLE)}`,
      );
    }
    if (!properties && onUnreadable === 'keep') return files;
    const name = onUnreadable === 'fail' ? 'checked_image_info' : 'image_info';
    const found = callBuiltIn(this.#session, name, onUnreadable === 'fail' ? ['image', 'path'] : ['image']);
    const told = files.withColumn(FOUND, found);
    const kept = onUnreadable === 'drop' ? told.filter(col(FOUND).field('error').isNull()) : told;
    if (!properties)
      return onUnreadable === 'fail' ? kept.filter(col(FOUND).field('error').isNull()).drop(FOUND) : kept.drop(FOUND);
    return kept.withColumns(Object.fromEntries(PROPERTIES.map(each => [each, col(FOUND).field(each)]))).drop(FOUND);
  }

  /** Sound, a row a file: `path`, `modified`, `size` and `audio` (binary). Of a folder, its WAV, MP3 and FLAC files. */
  audio<S = Unchecked>(paths: string | readonly string[]): DataFrame<S> {
    return this.#files('audio', paths);
  }

  /** Files of any kind, a row a file: `path`, `modified`, `size` and `content` (binary). */
  binaryFiles<S = Unchecked>(paths: string | readonly string[]): DataFrame<S> {
    return this.#files('binary', paths);
  }

  /**
   * Text in UTF-8, a row a line: `text` and `path`. With `wholeFiles`, a row a file: `path`, `modified`, `size` and `text`.
   *
   * @throws InframeError when it runs, SOURCE_UNREADABLE or QUERY_FAILED for bytes that are not UTF-8
   */
  text<S = Unchecked>(
    paths: string | readonly string[],
    options: { readonly wholeFiles?: boolean } = {},
  ): DataFrame<S> {
    return this.#files(options.wholeFiles === true ? 'text' : 'lines', paths);
  }

  #files(format: FileFormat, paths: string | readonly string[]): DataFrame {
    return this.#scan(format, typeof paths === 'string' ? [paths] : paths, {});
  }

  #scan(format: ReadFormat, paths: readonly string[], csv: CsvOptions): DataFrame {
    if (!Array.isArray(paths) || paths.length === 0 || paths.some(path => typeof path !== 'string' || path === '')) {
      const wrong = Array.isArray(paths) && paths.length === 1 ? paths[0] : paths;
      throw new InframeError('ARGUMENT_INVALID', `path ${shown(wrong)} is not a path; name a file, folder or glob`);
    }
    return new DataFrame(this.#session, { kind: 'scan', format, paths: [...paths], csv });
  }
}

/** The format a file's ending tells (`.gz` and `.zst` of text formats are looked through), if any. */
export function formatOf(path: string): Format | undefined {
  const ending = /\.([a-z]+)(?:\.(?:gz|zst))?$/i.exec(path)?.[1];
  return ending === undefined ? undefined : ENDINGS[ending.toLowerCase()];
}
