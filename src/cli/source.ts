import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { listNames } from '../frame/errors.js';
import { readFormatOf } from '../frame/reader.js';
import type { DataFrame, InframeSession, ReadFormat } from '../index.js';
import { InframeError } from '../index.js';
import { wrongUse } from './failure.js';

/** The tables that a command line names, as one frame. */
export async function readTables(
  session: InframeSession,
  paths: readonly string[],
  given: ReadFormat | undefined,
): Promise<DataFrame> {
  switch (await formatOfInputs(paths, given)) {
    case 'parquet':
      return session.read.parquet(...paths);
    case 'csv':
      return session.read.csv(paths);
    case 'jsonl':
      return session.read.jsonl(...paths);
    case 'arrow':
      return session.read.arrow(...paths);
    case 'images':
      return session.read.images(paths);
    case 'audio':
      return session.read.audio(paths);
    case 'binary':
      return session.read.binaryFiles(paths);
    case 'text':
      return session.read.text(paths, { wholeFiles: true });
    case 'lines':
      return session.read.text(paths);
  }
}

/** The format of tables: the one that is given, or that of all of them. */
export async function formatOfInputs(paths: readonly string[], given: ReadFormat | undefined): Promise<ReadFormat> {
  return given ?? (await commonFormat(paths));
}

async function commonFormat(paths: readonly string[]): Promise<ReadFormat> {
  const formats = await Promise.all(paths.map(formatByName));
  const [first] = formats;
  const other = formats.findIndex(format => format !== first);
  if (first === undefined) throw wrongUse('INPUT is missing; name a file, a folder or a glob');
  if (other < 0) return first;
  const examples = [0, other].map(index => `${paths[index]} (${formats[index]})`);
  throw wrongUse(`inputs are of several formats: ${listNames(examples)}; read them one format at a time`);
}

/** By the ending; of a folder, by the endings of its files. A file that does not say is not guessed at. */
async function formatByName(path: string): Promise<ReadFormat> {
  const known = readFormatOf(path);
  if (known !== undefined) return known;
  const info = await stat(path).catch(() => undefined);
  if (info?.isDirectory()) return (await formatInside(path)) ?? 'parquet';
  if (!info?.isFile()) return 'parquet';
  throw new InframeError(
    'FORMAT_UNKNOWN',
    path.endsWith('.onnx')
      ? `file '${path}' is a model, not a table; look at it with inframe inspect`
      : `file '${path}' has no ending that tells its format; say it: --input-format csv (or parquet, jsonl, arrow, images, audio, binary, text, lines)`,
  );
}

/** Files looked at before a folder is taken as what it has shown so far. */
const MOST_FILES = 1000;

/** The format of a folder's files, if they are of one. */
async function formatInside(folder: string): Promise<ReadFormat | undefined> {
  const formats = new Set<ReadFormat>();
  let seen = 0;
  for await (const name of visibleFiles(folder)) {
    const format = readFormatOf(name);
    if (format !== undefined) formats.add(format);
    if (++seen >= MOST_FILES) break;
  }
  return formats.size === 1 ? [...formats][0] : undefined;
}

/** Names of files below a folder; as everywhere, `_` and `.` hide what is not finished. */
async function* visibleFiles(folder: string): AsyncGenerator<string, void, undefined> {
  // A folder that cannot be listed is the engine's to complain of.
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (/^[_.]/.test(entry.name)) continue;
    if (entry.isDirectory()) yield* visibleFiles(join(folder, entry.name));
    else yield entry.name;
  }
}
