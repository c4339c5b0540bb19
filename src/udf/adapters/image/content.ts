import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf, shown } from '../../../frame/errors.js';
import type { ContentSource } from '../adapter.js';

/** Why the content that a row names cannot be had: a short reason for that row. */
export class ContentError extends Error {
  override readonly name = 'ContentError';
}

const MOST_REDIRECTS = 3;
const PATIENCE = 30_000;

/**
 * The bytes that a value of a column names: a path, a `file:` URL, or an http(s) URL.
 *
 * Tables come from strangers. So a path does not leave `source.folder`, not by `..` and not by a link; only plain files are
 * opened; a URL, and whatever it redirects to, names one of `source.hosts`; and no more than `source.maxBytes` are read.
 *
 * @param patience milliseconds that a server has for the whole answer
 * @throws ContentError
 */
export async function readContent(value: string, source: ContentSource, patience = PATIENCE): Promise<Uint8Array> {
  if (value.trim() === '') throw new ContentError('the path is empty');
  if (value.includes('\0')) throw new ContentError(`the path ${shown(value)} has a zero byte in it`);
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(value)?.[1]?.toLowerCase();
  if (scheme === undefined) return readFile(value, source);
  if (scheme === 'file') return readFile(pathOf(value), source);
  if (scheme === 'http' || scheme === 'https') return download(value, source, patience);
  throw new ContentError(`the scheme '${scheme}' is not read; there are: file, http, https`);
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    throw new ContentError(`the URL ${shown(url)} does not name a file of this machine`);
  }
}

async function readFile(path: string, { folder, maxBytes }: ContentSource): Promise<Uint8Array> {
  const root = await real(folder, folder);
  const named = resolve(folder, path);
  // Looked at before anything is touched, so that a row learns nothing of what is outside.
  if (!lies(named, folder) && !lies(named, root)) throw outside(path, folder);
  const target = await real(named, path);
  if (!lies(target, root)) throw outside(path, folder);
  let file: FileHandle | undefined;
  try {
    // Not to wait for whoever writes into a pipe; and what became a link since is not followed.
    file = await open(target, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0));
    const status = await file.stat();
    if (!status.isFile()) throw new ContentError(`the path ${shown(path)} is not a plain file`);
    if (status.size > maxBytes) throw tooLong(status.size, maxBytes);
    return await readAll(file, status.size);
  } catch (error) {
    throw error instanceof ContentError ? error : unreadable(path, error);
  } finally {
    await file?.close();
  }
}

/** So many bytes, or fewer where the file became shorter. */
async function readAll(file: FileHandle, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let at = 0;
  while (at < size) {
    const { bytesRead } = await file.read(bytes, at, size - at, at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return bytes.subarray(0, at);
}

async function real(path: string, shownPath: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    throw unreadable(shownPath, error);
  }
}

/** True of the folder itself and of all below it. */
function lies(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function outside(path: string, folder: string): ContentError {
  return new ContentError(`the path ${shown(path)} is outside of the folder '${folder}'`);
}

function unreadable(path: string, error: unknown): ContentError {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new ContentError(`there is no file ${shown(path)}`);
    case 'EACCES':
    case 'EPERM':
      return new ContentError(`the file ${shown(path)} may not be read`);
    case 'ELOOP':
      return new ContentError(`the file ${shown(path)} is a link that leads nowhere`);
    case 'ENAMETOOLONG':
      return new ContentError(`the path ${shown(path)} is too long`);
    default:
      return new ContentError(`the file ${shown(path)} cannot be read (${messageOf(error)})`);
  }
}

function tooLong(bytes: number, most: number): ContentError {
  return new ContentError(`the content has ${bytes} bytes, more than the limit of ${most}`);
}

async function download(value: string, source: ContentSource, patience: number): Promise<Uint8Array> {
  const signal = AbortSignal.timeout(patience);
  let url = allowed(value, undefined, source);
  try {
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      // As it is stored: unpacking could make more of it.
      const response = await fetch(url, { redirect: 'manual', signal, headers: { 'accept-encoding': 'identity' } });
      const next = [301, 302, 303, 307, 308].includes(response.status) ? response.headers.get('location') : null;
      if (next === null) return await body(response, url, source.maxBytes);
      await response.body?.cancel();
      url = allowed(next, url, source);
    }
  } catch (error) {
    if (error instanceof ContentError) throw error;
    if (signal.aborted) {
      throw new ContentError(`the host '${url.host}' has not answered in full within ${patience / 1000} seconds`);
    }
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new ContentError(`the host '${url.host}' cannot be read from (${messageOf(cause)})`);
  }
  throw new ContentError(`the host '${url.host}' redirects more than ${MOST_REDIRECTS} times`);
}

/** A URL that may be asked for. Reasons name its host alone: the rest of a URL may hold what is secret. */
function allowed(value: string, base: URL | undefined, { hosts }: ContentSource): URL {
  const parsed = URL.canParse(value, base?.href) ? new URL(value, base) : undefined;
  if (parsed === undefined) throw new ContentError('the URL cannot be understood');
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
    throw new ContentError(`the URL leads to the scheme '${parsed.protocol.slice(0, -1)}', which is not http or https`);
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new ContentError('the URL holds a user name or password, which are not sent');
  }
  const port = parsed.port === '' ? (parsed.protocol === 'http:' ? '80' : '443') : parsed.port;
  if (hosts.includes(parsed.host) || hosts.includes(`${parsed.hostname}:${port}`)) return parsed;
  const list = hosts.length === 0 ? 'none is allowed' : `allowed are: ${hosts.join(', ')}`;
  throw new ContentError(`the host '${parsed.host}' is not allowed; ${list} (option 'hosts')`);
}

async function body(response: Response, { host }: URL, most: number): Promise<Uint8Array> {
  if (!response.ok) {
    await response.body?.cancel();
    throw new ContentError(`the host '${host}' answers ${response.status} ${response.statusText}`.trimEnd());
  }
  const announced = Number(response.headers.get('content-length') ?? 0);
  if (announced > most) {
    await response.body?.cancel();
    throw tooLong(announced, most);
  }
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += piece.length;
    // Leaving the loop ends the connection.
    if (length > most) throw new ContentError(`the content has more bytes than the limit of ${most}`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces, length);
}
