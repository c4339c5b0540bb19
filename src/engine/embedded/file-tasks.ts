import { isFileFormat } from '../../frame/file-formats.js';
import { mapInputs, type Relation, type SourceFile } from '../../frame/relation.js';
import type { Slice } from './tasks.js';

/*
 * How files that are rows are divided into tasks. Pure, and a function of the files alone, so that a job that is started
 * again finds its tasks again; a file that has changed changes its own task only.
 */

/** What is in a task's files may be in memory as a whole: so many bytes, unless one file alone has more. */
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_FILES = 256;
/** Enough that workers finish together whatever their number, and few enough that a task's own cost does not show. */
const WANTED_TASKS = 48;

/**
 * Whole files, in order, as tasks.
 *
 * @param limit only these files, if not all are wanted
 */
export function planFileTasks(
  files: readonly SourceFile[],
  limit: { readonly count: number; readonly offset: number } | undefined,
): readonly Slice[] {
  const wanted = limit === undefined ? files : files.slice(limit.offset, limit.offset + limit.count);
  const most = filesATask(wanted.length);
  const slices: Slice[] = [];
  let open: SourceFile[] = [];
  let bytes = 0;
  const close = (): void => {
    if (open.length > 0) slices.push({ files: open, range: undefined, rows: open.length });
    open = [];
    bytes = 0;
  };
  for (const file of wanted) {
    if (open.length >= most || bytes + file.bytes > MOST_BYTES) close();
    open.push(file);
    bytes += file.bytes;
  }
  close();
  return taper(slices);
}

/** In powers of two, so that a file more does not cut all others anew. */
function filesATask(files: number): number {
  return Math.min(MOST_FILES, 2 ** Math.ceil(Math.log2(Math.max(1, files / WANTED_TASKS))));
}

/** The last tasks in halves: workers then finish at nearly the same time. */
function taper(slices: readonly Slice[]): readonly Slice[] {
  if (slices.length < 8) return slices;
  const whole = slices.length - Math.max(2, Math.ceil(slices.length / 16));
  return slices.flatMap((slice, index) => (index < whole ? [slice] : halve(slice)));
}

function halve({ files }: Slice): readonly Slice[] {
  const middle = Math.ceil(files.length / 2);
  return [files.slice(0, middle), files.slice(middle)]
    .filter(part => part.length > 0)
    .map(part => ({ files: part, range: undefined, rows: part.length }));
}

/** True of a scan whose rows are files, or lines of files. */
export function holdsFiles(relation: Relation): boolean {
  return relation.kind === 'scan' && isFileFormat(relation.format);
}

/** A relation of which no more than the first `rows` rows are wanted: of files that are rows, the others are not even named. */
export function firstFiles(relation: Relation, rows: number): Relation {
  if (relation.kind === 'project') return mapInputs(relation, input => firstFiles(input, rows));
  const oneEach = relation.kind === 'scan' && isFileFormat(relation.format) && relation.format !== 'lines';
  return oneEach && relation.files.length > rows ? { ...relation, files: relation.files.slice(0, rows) } : relation;
}
