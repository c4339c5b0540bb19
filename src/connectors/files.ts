import * as fs from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { InframeError, listNames, messageOf, nearest } from '../frame/errors.js';
import { isFileFormat } from '../frame/file-formats.js';
import type { ReadFormat } from '../frame/plan.js';
import type { SourceFile } from '../frame/relation.js';

const ENDINGS: Readonly<Record<ReadFormat, RegExp>> = {
  parquet: /\.(parquet|pq)$/i,
  csv: /\.(csv|tsv|txt)(\.gz|\.zst)?$/i,
  jsonl: /\.(jsonl|ndjson|json)(\.gz|\.zst)?$/i,
  arrow: /\.(arrow|feather|ipc|arrows)$/i,
  images: /\.(jpe?g|jpe|jfif|png|webp|gif|tiff?|avif)$/i,
  audio: /\.(wav|wave|mp3|flac)$/i,
  binary: /(?:)/,
  text: /(?:)/,
  lines: /(?:)/,
};

/** Files looked at side by side: what waits for the disk, or for a server behind it, waits together. */
const LOOKS = 64;

/** Files found for a scan, and the `name=value` folders they stand in. */
export interface FileListing {
  readonly files: readonly SourceFile[];
  /** Names of the partition columns, outermost first; empty unless every file has the same. */
  readonly partitions: readonly string[];
}

/**
 * Finds the files that paths, folders and globs name, in the order of the paths and by name within each. A file that
 * several of them name is read once. Names that begin with `_` or `.` are passed over in folders and globs.
 *
 * Where files are rows, one that cannot be opened is listed with the reason.
 *
 * @throws InframeError SOURCE_NOT_FOUND where a path names nothing, SOURCE_EMPTY where a folder holds no file of the format
 */
export async function listFiles(paths: readonly string[], format: ReadFormat): Promise<FileListing> {
  const roots = new Map<string, string>();
  for (const path of paths) {
    for (const { absolute, root } of await expand(path, format)) {
      if (!roots.has(absolute)) roots.set(absolute, root);
    }
  }
  const look = isFileFormat(format) ? lookOrSayWhy : lookAt;
  const files = await sideBySide([...roots.keys()], LOOKS, look);
  let partitions: readonly string[] | undefined;
  for (const [absolute, root] of roots) {
    const own = partitionNames(root, absolute);
    partitions ??= own;
    if (own.join('/') !== partitions.join('/')) return { files, partitions: [] };
  }
  return { files, partitions: partitions ?? [] };
}

/** Callbacks take half the time that Node's own promises do, which shows where there are many files. */
function lookAt(path: string): Promise<SourceFile> {
  return new Promise((resolve, reject) => {
    fs.stat(path, (error, info) => {
      if (error === null) resolve({ path, bytes: info.size, modified: info.mtimeMs });
      else reject(error);
    });
  });
}

function checkReadable(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    fs.access(path, fs.constants.R_OK, error => (error === null ? resolve() : reject(error)));
  });
}

/** A file as it is, or the reason why it cannot be opened. */
async function lookOrSayWhy(path: string): Promise<SourceFile> {
  try {
    const file = await lookAt(path);
    await checkReadable(path);
    return file;
  } catch (error) {
    return { path, bytes: 0, modified: 0, problem: problemOf(error) };
  }
}

function problemOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'it has gone, or is a link to nothing';
  if (code === 'EACCES' || code === 'EPERM') return 'it may not be read; change its rights';
  return messageOf(error);
}

/** The first of the files that is not what it was when it was listed. Those that could not be opened then are passed over. */
export async function findChanged(
  files: readonly SourceFile[],
): Promise<{ readonly file: SourceFile; readonly gone: boolean } | undefined> {
  const changes = await sideBySide(files, LOOKS, async file => {
    if (file.problem !== undefined) return undefined;
    const now = await lookAt(file.path).catch(() => undefined);
    const same = now?.bytes === file.bytes && now.modified === file.modified;
    return same ? undefined : { file, gone: now === undefined };
  });
  return changes.find(change => change !== undefined);
}

/** `work(item)` for every item, in order, at most so many at a time. */
async function sideBySide<T, R>(items: readonly T[], most: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const at = next++;
      results[at] = await work(items[at]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, lane));
  return results;
}

async function expand(path: string, format: ReadFormat): Promise<readonly { absolute: string; root: string }[]> {
  const absolute = resolve(path);
  const info = await stat(absolute).catch(() => undefined);
  if (info?.isFile()) return [{ absolute, root: absolute }];
  if (info?.isDirectory()) {
    const files = await walk(absolute, format);
    if (files.length > 0) return files.map(file => ({ absolute: file, root: absolute }));
    throw new InframeError(
      'SOURCE_EMPTY',
      `folder '${path}' holds no ${noun(format)}; it has: ${listNames(await visibleNames(absolute), 8)}`,
      { path },
    );
  }
  if (info !== undefined)
    throw new InframeError('SOURCE_NOT_FOUND', `path '${path}' is neither a file nor a folder`, { path });
  if (isDynamicPattern(path)) {
    const matches = await glob(path, { absolute: true, onlyFiles: true, dot: false, expandDirectories: false });
    const visible = await seenFrom(
      staticRoot(path),
      matches.map(match => resolve(match)),
    );
    if (visible.length > 0) return visible.sort(byName).map(file => ({ absolute: file, root: globRoot(path) }));
    throw new InframeError(
      'SOURCE_NOT_FOUND',
      `no file matches '${path}'; check the pattern, or quote it if a shell expands it`,
      {
        path,
      },
    );
  }
  throw await notFound(path, absolute);
}

/** A path that names nothing: says how far it exists, and what is like it there. */
async function notFound(path: string, absolute: string): Promise<InframeError> {
  const folder = resolve(absolute, '..');
  const broken = await lstat(absolute).catch(() => undefined);
  if (broken !== undefined)
    return new InframeError('SOURCE_NOT_FOUND', `file '${path}' is a link to nothing`, { path });
  const names = await visibleNames(folder).catch(() => undefined);
  if (names === undefined) {
    return new InframeError('SOURCE_NOT_FOUND', `file '${path}' does not exist, nor does its folder; check the path`, {
      path,
    });
  }
  const guess = nearest(basename(absolute), names);
  const hint = guess === undefined ? 'check the path' : `did you mean '${guess}'?`;
  return new InframeError('SOURCE_NOT_FOUND', `file '${path}' does not exist; ${hint}`, { path });
}

async function visibleNames(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter(name => !isHidden(name)).sort();
}

function isHidden(name: string): boolean {
  return name.startsWith('_') || name.startsWith('.');
}

/**
 * Matches of a glob, without those that a walk through the folder would not meet: below hidden names, and behind links to
 * folders, where a file would be met a second time.
 */
async function seenFrom(root: string, matches: readonly string[]): Promise<string[]> {
  const realRoot = await realpath(root).catch(() => root);
  const straight = new Map<string, boolean>();
  const visible: string[] = [];
  for (const match of matches) {
    const names = relative(root, match).split(sep);
    if (names.some(name => isPassedOver(name))) continue;
    const folder = dirname(match);
    let known = straight.get(folder);
    if (known === undefined) {
      known = (await realpath(folder)) === join(realRoot, relative(root, folder));
      straight.set(folder, known);
    }
    if (known) visible.push(match);
  }
  return visible;
}

/** `_date=2024` is a partition column, `_temporary` is not. */
function isPassedOver(name: string): boolean {
  return isHidden(name) && !(name.startsWith('_') && name.includes('='));
}

/** What is looked for in a folder. */
function noun(format: ReadFormat): string {
  if (format === 'images') return 'picture (jpg, png, webp, gif, tiff, avif)';
  if (format === 'audio') return 'sound (wav, mp3, flac)';
  return isFileFormat(format) ? 'file' : `${format} file`;
}

async function walk(folder: string, format: ReadFormat): Promise<readonly string[]> {
  const files: string[] = [];
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of [...entries].sort((a, b) => byName(a.name, b.name))) {
    if (isPassedOver(entry.name)) continue;
    const path = join(folder, entry.name);
    const info = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
    if (info?.isDirectory() && !entry.isSymbolicLink()) files.push(...(await walk(path, format)));
    // A link to nothing is a file that cannot be opened: a row, where files are rows.
    else if ((info?.isFile() ?? isFileFormat(format)) && ENDINGS[format].test(entry.name)) files.push(path);
  }
  return files;
}

/** By code unit, as DuckDB and Spark sort; not by language. */
function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The folder above the first part of a pattern that is not plain text. */
function staticRoot(pattern: string): string {
  const parts = resolve(pattern).split(sep);
  return (
    parts
      .slice(
        0,
        parts.findIndex(part => isDynamicPattern(part)),
      )
      .join(sep) || sep
  );
}

function globRoot(pattern: string): string {
  const parts = resolve(pattern).split(sep);
  const first = parts.findIndex(part => isDynamicPattern(part) && !part.includes('='));
  return parts.slice(0, first < 0 ? undefined : first).join(sep) || sep;
}

function partitionNames(root: string, file: string): readonly string[] {
  return relative(root, file)
    .split(sep)
    .slice(0, -1)
    .flatMap(part => /^([^=]+)=/.exec(part)?.[1] ?? []);
}
