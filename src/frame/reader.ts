import { DataFrame } from './dataframe.js';
import { InframeError, listNames, shown } from './errors.js';
import { type CsvOptions, FORMATS, type Format } from './plan.js';
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

  #scan(format: Format, paths: readonly string[], csv: CsvOptions): DataFrame {
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
