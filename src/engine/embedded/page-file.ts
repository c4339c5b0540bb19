import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { PageFile } from '../../frame/engine.js';
import { InframeError } from '../../frame/errors.js';
import { REPORT_MARK } from '../../frame/report/mark.js';
import { writeError } from './part.js';
import { makeFolder } from './target-folder.js';

/** How far into a file is looked for what tells that it is a report. */
const HEAD_BYTES = 2048;

/**
 * A page that may be written to that path: where nothing is, where a report is, and with `overwrite` where any file is.
 *
 * @throws InframeError TARGET_EXISTS, TARGET_NOT_WRITABLE
 */
export async function openPage(path: string, overwrite: boolean): Promise<PageFile> {
  const place = resolve(path);
  await refuseForeign(place, path, overwrite);
  await makeFolder(dirname(place)).catch((error: unknown) => {
    throw pageError(error, path);
  });
  return Object.freeze({
    save: async (html: string): Promise<void> => {
      // Beside the place, so that whoever looks there sees the page whole or not at all.
      const beside = join(dirname(place), `.${basename(place).slice(0, 100)}.${randomUUID()}.tmp`);
      try {
        await writeFile(beside, html, { flag: 'wx' });
        await refuseForeign(place, path, overwrite);
        await rename(beside, place);
      } catch (error) {
        await rm(beside, { force: true });
        throw pageError(error, path);
      }
    },
  });
}

async function refuseForeign(place: string, path: string, overwrite: boolean): Promise<void> {
  const refuse = (what: string, remedy: string): InframeError =>
    new InframeError('TARGET_EXISTS', `target '${path}' ${what}; choose another${remedy}`, { target: path });
  const info = await stat(place).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw pageError(error, path);
  });
  if (info === undefined) return;
  if (info.isDirectory()) throw refuse('is a folder, not a file', ' target, such as a file in it');
  if (!info.isFile()) throw refuse('is no ordinary file', ' target');
  if (!overwrite && !(await isReport(place, path))) throw refuse('is a file that is no report', ', or overwrite it');
}

async function isReport(place: string, path: string): Promise<boolean> {
  let file: FileHandle | undefined;
  try {
    file = await open(place);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead).includes(REPORT_MARK);
  } catch (error) {
    throw pageError(error, path);
  } finally {
    await file?.close();
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function pageError(error: unknown, path: string): InframeError {
  if (error instanceof InframeError) return error;
  const code = codeOf(error);
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return new InframeError('TARGET_EXISTS', `target '${path}' lies below a file; choose another`, { target: path });
  }
  const known = writeError(error, path);
  if (known.code === 'TARGET_NOT_WRITABLE') return known;
  if (known.code === 'DISK_FULL') {
    return new InframeError('DISK_FULL', `disk is full: '${path}' could not be written; free some space`, { path });
  }
  return new InframeError(
    'TARGET_NOT_WRITABLE',
    `target '${path}' cannot be written (${code === '' ? 'unknown reason' : code}); choose another`,
    { target: path },
    error,
  );
}
