import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { type HubFile, onDisk } from './hub-download.js';
import type { HubId } from './hub-id.js';
import { isObject, type JsonObject, readJson } from './json.js';

/** What the hub said of one state of a model. */
export interface Listing {
  /** The commit, in hexadecimal. */
  readonly commit: string;
  readonly files: readonly HubFile[];
}

/** The folder for what is downloaded, where nobody names one: the system's for such things. */
export function defaultCache(env: NodeJS.ProcessEnv = process.env): string {
  const own = env['INFRAME_CACHE'];
  if (own !== undefined && own !== '') return own;
  const xdg = env['XDG_CACHE_HOME'];
  if (xdg !== undefined && xdg !== '') return join(xdg, 'inframe');
  if (process.platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'inframe');
  return join(homedir(), process.platform === 'darwin' ? join('Library', 'Caches') : '.cache', 'inframe');
}

/**
 * Where the cache keeps a model: `<cache>/<host>/<owner>--<name>/` holds a folder a commit, with the files as the model has them,
 * and beside it what the hub said: `<commit>.json`, and `refs/<revision>.json`, the commit of a branch when it was looked up.
 */
export class HubCache {
  readonly #folder: string;

  constructor(cache: string, endpoint: URL, id: HubId) {
    this.#folder = join(cache, endpoint.host.replace(/[^\w.-]/g, '_'), id.id.replace('/', '--'));
  }

  folderOf(commit: string): string {
    return join(this.#folder, commit);
  }

  /** What was said of a revision; undefined where nothing is known. */
  async find(revision: string): Promise<Listing | undefined> {
    const commit = isCommit(revision) ? revision : (await this.#read(this.#refOf(revision)))?.['commit'];
    if (!isCommit(commit)) return undefined;
    const stored = await this.#read(join(this.#folder, `${commit}.json`));
    return stored === undefined ? undefined : listingOf(stored['sha'], stored['siblings']);
  }

  /** Keeps what the hub said of a revision. */
  async keep(revision: string, answer: JsonObject, commit: string): Promise<void> {
    await this.#write(join(this.#folder, `${commit}.json`), { sha: commit, siblings: answer['siblings'] });
    if (!isCommit(revision)) await this.#write(this.#refOf(revision), { commit });
  }

  /** True if a file is there, in the size that the hub says. */
  async has(commit: string, file: HubFile): Promise<boolean> {
    const found = await stat(join(this.folderOf(commit), file.path)).catch(() => undefined);
    return found?.isFile() === true && (file.size === undefined || found.size === file.size);
  }

  #refOf(revision: string): string {
    return join(this.#folder, 'refs', `${encodeURIComponent(revision)}.json`);
  }

  /** What is not readable is as if it were not there: it is asked for again. */
  async #read(path: string): Promise<JsonObject | undefined> {
    const value = await readJson(path, `file '${path}' of the cache`).catch(() => undefined);
    return isObject(value) ? value : undefined;
  }

  async #write(path: string, value: JsonObject): Promise<void> {
    const temporary = `${dirname(path)}/.${randomBytes(6).toString('hex')}.part`;
    await onDisk(path, async () => {
      await mkdir(dirname(path), { recursive: true });
      try {
        await writeFile(temporary, JSON.stringify(value));
        await rename(temporary, path);
      } finally {
        await rm(temporary, { force: true });
      }
    });
  }
}

export function isCommit(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{40}$/.test(value);
}

/**
 * The hub's answer to `/api/models/<id>/revision/<revision>?blobs=true`; undefined for what is none. Files whose names are no
 * plain relative paths are left out: they are none that a model needs, and may lead anywhere.
 */
export function listingOf(commit: unknown, siblings: unknown): Listing | undefined {
  if (!isCommit(commit) || !Array.isArray(siblings)) return undefined;
  const files = siblings.filter(isObject).flatMap((sibling): readonly HubFile[] => {
    const { rfilename: path, size, blobId, lfs } = sibling;
    if (typeof path !== 'string' || !isPlainPath(path)) return [];
    const sha256 = isObject(lfs) ? lfs['sha256'] : undefined;
    const large = isObject(lfs);
    return [
      {
        path,
        size: typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? size : undefined,
        sha256: typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256) ? sha256 : undefined,
        // Of a large file this is the hash of what stands for it.
        gitSha1: !large && isCommit(blobId) ? blobId : undefined,
      },
    ];
  });
  return { commit, files };
}

function isPlainPath(path: string): boolean {
  return path.length <= 300 && path.split('/').every(part => /^[\w][\w.+ -]*$/.test(part) && !/[. ]$/.test(part));
}
