import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InframeError, messageOf } from '../../frame/errors.js';
import { ask, type Hub, type HubAnswer, NetworkFailure } from './hub-request.js';

/** A file of a model, as the hub lists it. */
export interface HubFile {
  /** Relative to the model's folder, with forward slashes; plain. */
  readonly path: string;
  /** Undefined where the hub does not say it. */
  readonly size: number | undefined;
  /** Of the content, in hexadecimal; of large files. */
  readonly sha256: string | undefined;
  /** Git's hash of the content; of small files. */
  readonly gitSha1: string | undefined;
}

const DAY = 24 * 3600 * 1000;
/** Where the hub does not say how large a file is, no more than this is taken. */
const MOST_BYTES_UNSAID = 256 * 1024 * 1024;

/**
 * Brings one file into the cache. It is written under a temporary name (which begins with a dot), checked against what the hub
 * says of its size and content, and renamed: others see all of it, or nothing.
 *
 * @param url path on the hub, encoded
 * @param target absolute
 * @param onBytes called with the number of bytes of each piece
 * @returns false if the hub has no such file
 * @throws InframeError MODEL_INVALID for other bytes than the hub says, DISK_FULL, TARGET_NOT_WRITABLE, JOB_ABORTED; NetworkFailure
 */
export async function download(
  hub: Hub,
  url: string,
  file: HubFile,
  target: string,
  onBytes: (count: number) => void,
): Promise<HubAnswer['response'] | undefined> {
  const answer = await ask(hub, url);
  try {
    if (!answer.response.ok) return answer.response;
    const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.part`);
    try {
      await onDisk(target, async () => {
        await mkdir(dirname(target), { recursive: true });
        await removeLeftovers(target);
      });
      await receive(answer, file, temporary, target, onBytes);
      await onDisk(target, () => rename(temporary, target));
      return undefined;
    } finally {
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  } finally {
    answer.close();
  }
}

async function receive(
  answer: HubAnswer,
  file: HubFile,
  temporary: string,
  target: string,
  onBytes: (count: number) => void,
): Promise<void> {
  const length = answer.response.headers.get('content-length');
  const expected =
    file.size ?? answer.size ?? (length !== null && /^\d{1,15}$/.test(length) ? Number(length) : undefined);
  const sha256 = createHash('sha256');
  // Git's hash begins with the size, so it can be made only of a size that is known.
  const git = createHash('sha1').update(`blob ${expected ?? 0}\0`);
  let bytes = 0;
  const handle = await onDisk(target, () => open(temporary, 'wx'));
  try {
    for await (const chunk of answer.body()) {
      bytes += chunk.byteLength;
      if (bytes > (expected ?? MOST_BYTES_UNSAID))
        throw wrong(file, `more than ${expected ?? MOST_BYTES_UNSAID} bytes came`);
      sha256.update(chunk);
      git.update(chunk);
      await onDisk(target, () => writeAll(handle, chunk));
      onBytes(chunk.byteLength);
    }
    // Lasting before it is visible: a name without its content would be taken for the file.
    await onDisk(target, () => handle.sync());
  } catch (error) {
    if (!(error instanceof NetworkFailure)) throw error;
    throw new NetworkFailure(
      `file '${file.path}' ended after ${bytes}${expected === undefined ? '' : ` of ${expected}`} bytes: ${error.message}`,
    );
  } finally {
    await handle.close();
  }
  const of = [file.size, answer.size].find(size => size !== undefined && size !== bytes);
  if (of !== undefined) throw wrong(file, `${bytes} of ${of} bytes came`);
  const { etag } = answer;
  check(file, 'SHA-256', sha256.digest('hex'), [file.sha256, /^[0-9a-f]{64}$/.test(etag ?? '') ? etag : undefined]);
  check(file, 'hash', git.digest('hex'), [file.gitSha1, /^[0-9a-f]{40}$/.test(etag ?? '') ? etag : undefined]);
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let done = 0; done < chunk.byteLength; ) done += (await handle.write(chunk, done)).bytesWritten;
}

function check(file: HubFile, what: string, got: string, wanted: readonly (string | undefined)[]): void {
  const other = wanted.find(each => each !== undefined && each !== got);
  if (other !== undefined) throw wrong(file, `its ${what} is ${got} and not ${other}`);
}

function wrong({ path }: HubFile, what: string): InframeError {
  return new InframeError('MODEL_INVALID', `file '${path}' did not come as the hub has it: ${what}; try again`, {
    file: path,
  });
}

/** What a program left that was killed while it wrote, a day ago or earlier; another may be writing just now. */
async function removeLeftovers(target: string): Promise<void> {
  const folder = dirname(target);
  for (const name of await readdir(folder)) {
    if (!(name.startsWith(`.${basename(target)}.`) && name.endsWith('.part'))) continue;
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > DAY) await rm(join(folder, name), { force: true });
  }
}

/** Does something to the cache; what the system says against it, in words. */
export async function onDisk<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof InframeError) throw error;
    const full = ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
    throw new InframeError(
      full ? 'DISK_FULL' : 'TARGET_NOT_WRITABLE',
      `cache file '${path}' cannot be written: ${messageOf(error)}; ${full ? 'make room' : 'name another folder'}, with INFRAME_CACHE`,
      { path },
      error,
    );
  }
}
