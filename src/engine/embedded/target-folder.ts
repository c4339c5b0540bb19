import { access, constants, mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { WriteTarget } from '../../frame/engine.js';
import { InframeError, listNames, messageOf } from '../../frame/errors.js';
import { writeError } from './part.js';

/* What a target folder may hold, and what in it is ours. */

/** Our own folder in a target; readers pass over names that begin with `_`. */
export const HOUSE = '_inframe';
export const SUCCESS = '_SUCCESS';
const PART_NAME = /^part-\d{5,}-[0-9a-f]{8}(-\d+)?\.(parquet|csv|jsonl|arrow)$/;
const SPARK_LEFTOVER = /^(\.?part-.*|_SUCCESS|_metadata|_common_metadata|\..*\.crc)$/;

/** @throws InframeError TARGET_EXISTS where the target holds what inframe must not touch */
export async function refuseForeign(folder: string, target: WriteTarget): Promise<void> {
  const info = await stat(folder).catch(() => undefined);
  if (info === undefined) return;
  if (!info.isDirectory()) {
    throw new InframeError('TARGET_EXISTS', `target '${target.path}' is a file, not a folder; choose another target`, {
      target: target.path,
    });
  }
  const names = await readdir(folder).catch((error: unknown) => {
    throw writeError(error, target.path);
  });
  if (names.length === 0 || names.includes(HOUSE)) return;
  if (target.mode === 'error') {
    throw new InframeError(
      'TARGET_EXISTS',
      `target '${target.path}' holds files already: ${listNames(names.sort(), 4)}; choose another, or overwrite it`,
      { target: target.path },
    );
  }
  const foreign = (await allFiles(folder)).filter(name => !SPARK_LEFTOVER.test(name.split(/[\\/]/).at(-1)!));
  if (foreign.length > 0) {
    throw new InframeError(
      'TARGET_EXISTS',
      `target '${target.path}' holds files that are not parts of a table: ${listNames(foreign, 4)}; overwriting would delete them, so remove them yourself or choose another target`,
      { target: target.path },
    );
  }
}

export async function makeHouse(house: string, target: string): Promise<void> {
  try {
    await makeFolder(join(house, 'parts'));
    await access(house, constants.W_OK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOTDIR' || code === 'EEXIST') {
      throw new InframeError('TARGET_EXISTS', `target '${target}' lies below a file; choose another target`, {
        target,
      });
    }
    const known = writeError(error, target);
    if (known.code === 'DISK_FULL' || known.code === 'TARGET_NOT_WRITABLE') throw known;
    throw new InframeError(
      'TARGET_NOT_WRITABLE',
      `target '${target}' cannot be made (${code === '' ? messageOf(error) : code}); choose another folder`,
      { target },
    );
  }
}

/**
 * A folder and those above it, one by one: Node's `recursive` never returns where a file system refuses a folder with
 * ENOENT, as /proc does.
 */
export async function makeFolder(folder: string): Promise<void> {
  const code = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');
  const isFolder = async (): Promise<boolean> => (await stat(folder).catch(() => undefined))?.isDirectory() ?? false;
  if (await isFolder()) return;
  if (dirname(folder) !== folder) await makeFolder(dirname(folder));
  await mkdir(folder).catch(async (error: unknown) => {
    // Another process may have been quicker.
    if (code(error) !== 'EEXIST' || !(await isFolder())) throw error;
  });
}

/** Files of an earlier result that readers see, relative to the folder. */
export async function publishedFiles(folder: string): Promise<readonly string[]> {
  return (await allFiles(folder)).filter(
    name => PART_NAME.test(name.split(/[\\/]/).at(-1)!) || SPARK_LEFTOVER.test(name.split(/[\\/]/).at(-1)!),
  );
}

export async function allFiles(folder: string, below = ''): Promise<readonly string[]> {
  const result: string[] = [];
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    if (below === '' && entry.name === HOUSE) continue;
    const path = join(below, entry.name);
    if (entry.isDirectory()) result.push(...(await allFiles(folder, path)));
    else result.push(path);
  }
  return result;
}
