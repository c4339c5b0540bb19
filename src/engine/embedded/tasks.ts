import type { RowGroup } from '../../connectors/parquet.js';
import type { RowRange } from '../../connectors/scan.js';
import type { SourceFile } from '../../frame/relation.js';
import { sum } from './sum.js';

/*
 * How a stage's rows are divided into tasks. Pure, and a function of the source and the plan alone: not of workers, so
 * that a job that is started again with other settings finds its tasks again.
 */

/** Part of a file, or several whole files. */
export interface Slice {
  readonly files: readonly SourceFile[];
  /** Undefined where the files are read whole. */
  readonly range: RowRange | undefined;
  readonly rows: number;
}

/** What bounds a task. */
export interface TaskBounds {
  /** Bytes a row of outputs takes in memory until it is written. */
  readonly outputBytes: number;
  /** Bytes a row of the models' arguments takes; a stand-in for how long the network needs. */
  readonly inputBytes: number;
  /** Of the model files; with the arguments, a guess at whether the network or the reading takes longer. */
  readonly modelBytes: number;
}

/** Arguments of up to this size are read in one go, which is cheaper than chunk by chunk. */
const MOST_BUFFERED_BYTES = 24 * 1024 * 1024;

/** True if a slice's arguments may be in memory whole. */
export function isBuffered(rows: number, inputBytes: number): boolean {
  return rows * inputBytes <= MOST_BUFFERED_BYTES;
}

const LEAST_ROWS = 16_384;
const MOST_ROWS = 1_000_000;
const WANTED_TASKS = 48;
const MOST_OUTPUT_BYTES = 64 * 1024 * 1024;
const MOST_INPUT_BYTES = 1024 * 1024 * 1024;
const MOST_SOURCE_BYTES = 256 * 1024 * 1024;
/** DuckDB works in vectors of this many rows; slices begin where a vector does. */
const VECTOR = 2048;
const FILES_A_TASK = 64;
/** Rows narrower than this are many a second: of them, no more are brought together in a task than is quick to read in one go. */
const NARROW_BYTES = 512;
const MOST_TOGETHER_BYTES = 10 * 1024 * 1024;
/**
 * A network of less than this, on rows of less than that, takes no longer than reading does. A part of a row group costs
 * decoding the whole of it, so row groups are then left whole.
 */
const CHEAP_MODEL_BYTES = 256 * 1024;
const CHEAP_INPUT_BYTES = 4096;

/**
 * Divides files into tasks, in the order of the rows.
 *
 * @param files with the row groups of each
 * @param limit only these rows, if not all are wanted
 */
export function planTasks(
  files: readonly { readonly file: SourceFile; readonly groups: readonly RowGroup[] }[],
  limit: { readonly count: number; readonly offset: number } | undefined,
  bounds: TaskBounds,
): readonly Slice[] {
  const pieces = clip(files.flatMap(toPiece), limit);
  const rows = sum(pieces.map(piece => piece.to - piece.from));
  if (rows === 0) return [];
  const sourceBytes = sum(files.flatMap(({ groups }) => groups.map(group => group.bytes)));
  const sourceRows = Math.max(1, sum(files.flatMap(({ groups }) => groups.map(group => group.rows))));
  const size = taskSize(rows, sourceBytes / sourceRows, bounds);
  return combine(
    pieces.flatMap(piece => taper(split(piece, size))),
    size.target,
  );
}

/** A file's rows that are wanted, and where its row groups begin. */
interface Piece {
  readonly file: SourceFile;
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly groups: readonly RowGroup[];
}

function toPiece({ file, groups }: { file: SourceFile; groups: readonly RowGroup[] }): readonly Piece[] {
  const rows = sum(groups.map(group => group.rows));
  return rows === 0 ? [] : [{ file, from: 0, to: rows, rows, groups }];
}

function clip(pieces: readonly Piece[], limit: { count: number; offset: number } | undefined): readonly Piece[] {
  if (limit === undefined) return pieces;
  const result: Piece[] = [];
  let start = 0;
  const end = limit.offset + limit.count;
  for (const piece of pieces) {
    const from = Math.max(0, limit.offset - start);
    const to = Math.min(piece.rows, end - start);
    if (from < to) result.push({ ...piece, from, to });
    start += piece.rows;
  }
  return result;
}

interface TaskSize {
  /** Rows a task should have. */
  readonly target: number;
  /** Row groups of more rows than this are cut. */
  readonly group: number;
}

/**
 * Rows a task: few tasks where they are cheap, many where they are not, within memory. In powers of two, so that a file
 * more in a source does not cut the others anew.
 */
function taskSize(rows: number, sourceRowBytes: number, bounds: TaskBounds): TaskSize {
  const most = Math.min(
    MOST_OUTPUT_BYTES / Math.max(1, bounds.outputBytes),
    MOST_INPUT_BYTES / Math.max(1, bounds.inputBytes),
    MOST_SOURCE_BYTES / Math.max(1, sourceRowBytes),
    MOST_ROWS,
  );
  const together = bounds.inputBytes <= NARROW_BYTES ? MOST_TOGETHER_BYTES / Math.max(1, bounds.inputBytes) : MOST_ROWS;
  const wanted = Math.max(LEAST_ROWS, powerOfTwo(rows / WANTED_TASKS));
  const target = Math.max(1, Math.floor(Math.min(wanted, most, together)));
  const cheap = bounds.modelBytes < CHEAP_MODEL_BYTES && bounds.inputBytes < CHEAP_INPUT_BYTES;
  return { target, group: cheap ? Math.max(1, Math.floor(most)) : target };
}

/** Cuts a piece at row groups while they are small enough, and inside them where they are not. */
function split(piece: Piece, { target, group: most }: TaskSize): readonly Piece[] {
  const cuts: number[] = [piece.from];
  let start = 0;
  for (const group of piece.groups) {
    const end = start + group.rows;
    const parts = Math.max(1, Math.round(group.rows / most));
    const step = Math.ceil(group.rows / parts / VECTOR) * VECTOR;
    for (let at = start; at < end; at += step) {
      const last = cuts[cuts.length - 1]!;
      const size = Math.min(at, piece.to) - last;
      // A cut where enough rows have come together, or where the next step would bring too many.
      const enough = size >= Math.min(target, step) * 0.75;
      const tooMany = Math.min(at + step, end, piece.to) - last > target * 1.5;
      if (at > piece.from && at < piece.to && (enough || tooMany)) cuts.push(at);
    }
    start = end;
  }
  cuts.push(piece.to);
  return cuts.slice(1).map((to, index) => ({ ...piece, from: cuts[index]!, to }));
}

/** Small files side by side share a task. */
function combine(pieces: readonly Piece[], target: number): readonly Slice[] {
  const result: Slice[] = [];
  let open: SourceFile[] = [];
  let rows = 0;
  const close = (): void => {
    if (open.length > 0) result.push({ files: open, range: undefined, rows });
    open = [];
    rows = 0;
  };
  for (const piece of pieces) {
    const size = piece.to - piece.from;
    if (size < piece.rows) {
      close();
      result.push({ files: [piece.file], range: { from: piece.from, to: piece.to }, rows: size });
      continue;
    }
    if (rows + size > target * 1.25 || open.length >= FILES_A_TASK) close();
    open.push(piece.file);
    rows += size;
  }
  close();
  return result;
}

/** A file's last pieces in halves: workers then finish at nearly the same time. Not more, for half a row group costs more than half. */
function taper(pieces: readonly Piece[]): readonly Piece[] {
  if (pieces.length < 8) return pieces;
  const whole = pieces.length - Math.max(2, Math.ceil(pieces.length / 16));
  return pieces.flatMap((piece, index) => (index < whole ? [piece] : halve(piece)));
}

function halve(piece: Piece): readonly Piece[] {
  const rows = piece.to - piece.from;
  if (rows < 4 * VECTOR) return [piece];
  const middle = piece.from + Math.ceil(rows / 2 / VECTOR) * VECTOR;
  return [
    { ...piece, to: middle },
    { ...piece, from: middle },
  ];
}

function powerOfTwo(least: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, least)));
}
