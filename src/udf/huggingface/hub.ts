import { join } from 'node:path';
import { InframeError } from '../../frame/errors.js';
import { CONFIGURATION_FILES } from './folder.js';
import { defaultCache, HubCache, type Listing, listingOf } from './hub-cache.js';
import { download, type HubFile } from './hub-download.js';
import type { HubId } from './hub-id.js';
import { ask, type Hub, type HubAnswer, NetworkFailure } from './hub-request.js';
import { isObject, MOST_CONFIG_BYTES } from './json.js';
import { chooseModelFile, isWeightsOf } from './model-file.js';

/** How models come from a hub. */
export interface HubOptions {
  /** Which of several networks, such as `'quantized'`; the others are not downloaded. */
  readonly variant?: string | undefined;
  /** The hub; the environment's HF_ENDPOINT, or https://huggingface.co where nothing is said. */
  readonly endpoint?: string | undefined;
  /** A folder for downloads; the environment's INFRAME_CACHE, or one in the user's cache folder where nothing is said. */
  readonly cache?: string | undefined;
  /** True: looks up what a branch is now, though one of its states is in the cache. */
  readonly refresh?: boolean | undefined;
  /** Called while files come. */
  readonly onProgress?: ((progress: HubProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without a byte after which the hub counts as silent; 30 000 where nothing is said. */
  readonly patience?: number | undefined;
}

export interface HubProgress {
  /** The file that is coming. */
  readonly file: string;
  /** Bytes so far, of all files. */
  readonly bytes: number;
  /** Bytes in all; undefined where the hub does not say it. */
  readonly totalBytes: number | undefined;
}

/**
 * The folder of a model of a hub: from the cache if all of it is there (then nobody is asked), else downloaded: the
 * configuration, and the one network that is wanted with its weights.
 *
 * The environment's HF_TOKEN is sent to the hub itself and to no other host. HF_HUB_OFFLINE=1 keeps it from asking.
 *
 * @returns the folder's path, absolute if the cache's is
 * @throws InframeError MODEL_NOT_FOUND where the hub cannot be reached or has no such model; MODEL_INVALID where files came
 *   otherwise than the hub has them; DISK_FULL, TARGET_NOT_WRITABLE, JOB_ABORTED
 */
export async function fetchModelFolder(id: HubId, options: HubOptions = {}): Promise<string> {
  const cachePath = options.cache ?? defaultCache();
  const hub = hubOf(options);
  const cache = new HubCache(cachePath, hub.endpoint, id);
  try {
    const known = options.refresh === true ? undefined : await cache.find(id.revision);
    const listing = known ?? (await lookUp(hub, id, cache));
    const missing: HubFile[] = [];
    for (const file of neededFiles(listing, id, options.variant)) {
      if (!(await cache.has(listing.commit, file))) missing.push(file);
    }
    await fetchAll(hub, id, listing, missing, cache, options.onProgress);
    return cache.folderOf(listing.commit);
  } catch (error) {
    if (!(error instanceof NetworkFailure)) throw error;
    throw new InframeError(
      'MODEL_NOT_FOUND',
      `model '${id.id}' is not a file or folder here, and the hub ${hub.endpoint.host} cannot be reached (${error.message}); ` +
        `it needs a network once, and is then in '${cachePath}'; or give a folder`,
      { model: id.id, reason: error.message },
    );
  }
}

function hubOf({ endpoint, signal, patience }: HubOptions): Hub {
  const text = endpoint ?? (process.env['HF_ENDPOINT'] || 'https://huggingface.co');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.search !== '') {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `endpoint '${text.slice(0, 200)}' is no address; write it as https://huggingface.co`,
    );
  }
  const token = process.env['HF_TOKEN']?.trim() || undefined;
  // A token that no header can hold would be quoted in the complaint of whoever sends it.
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    throw new InframeError('ARGUMENT_INVALID', 'token in HF_TOKEN has characters that no token has; set it again');
  }
  return { endpoint: url, token, patience: patience ?? 30_000, signal };
}

async function lookUp(hub: Hub, id: HubId, cache: HubCache): Promise<Listing> {
  if (['1', 'true', 'yes', 'on'].includes((process.env['HF_HUB_OFFLINE'] ?? '').toLowerCase())) {
    throw new NetworkFailure('HF_HUB_OFFLINE is set');
  }
  const answer = await ask(hub, `/api/models/${id.id}/revision/${encodeURIComponent(id.revision)}?blobs=true`);
  try {
    if (!answer.response.ok) throw refusal(hub, id, answer.response);
    const value = await jsonOf(answer);
    const listing = isObject(value) ? listingOf(value['sha'], value['siblings']) : undefined;
    if (listing === undefined || !isObject(value)) {
      throw new InframeError(
        'MODEL_INVALID',
        `model '${id.id}' is not described by ${hub.endpoint.host} as a hub describes models; check the endpoint`,
      );
    }
    await cache.keep(id.revision, value, listing.commit);
    return listing;
  } finally {
    answer.close();
  }
}

async function jsonOf(answer: HubAnswer): Promise<unknown> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body()) {
    bytes += chunk.byteLength;
    if (bytes > MOST_CONFIG_BYTES) return undefined;
    parts.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    return undefined;
  }
}

function neededFiles({ files }: Listing, { id }: HubId, variant: string | undefined): readonly HubFile[] {
  const network = chooseModelFile(
    files.map(({ path }) => path),
    variant,
    id,
  );
  // The network last: what can be wrong with the small ones is found before the large one comes.
  const small = files.filter(
    ({ path }) => CONFIGURATION_FILES.includes(path) || /^\d+_[\w-]+\/config\.json$/.test(path),
  );
  return [
    ...small,
    ...files.filter(({ path }) => isWeightsOf(network, path)),
    ...files.filter(({ path }) => path === network),
  ];
}

async function fetchAll(
  hub: Hub,
  id: HubId,
  { commit }: Listing,
  missing: readonly HubFile[],
  cache: HubCache,
  onProgress: HubOptions['onProgress'],
): Promise<void> {
  const totalBytes = missing.reduce<number | undefined>(
    (sum, { size }) => (sum === undefined || size === undefined ? undefined : sum + size),
    0,
  );
  let bytes = 0;
  for (const file of missing) {
    const path = file.path.split('/').map(encodeURIComponent).join('/');
    const target = join(cache.folderOf(commit), file.path);
    const refused = await download(hub, `/${id.id}/resolve/${commit}/${path}`, file, target, count => {
      bytes += count;
      onProgress?.({ file: file.path, bytes, totalBytes });
    });
    if (refused !== undefined) throw refusal(hub, id, refused);
  }
}

/** What the hub's refusal means, in words. */
function refusal({ endpoint, token }: Hub, { id, revision }: HubId, { status, headers }: Response): InframeError {
  const code = headers.get('x-error-code');
  const error = (what: string): InframeError =>
    new InframeError('MODEL_NOT_FOUND', `model '${id}' ${what}`, { model: id, status });
  const page = `${endpoint.origin}/${id}`;
  if (code === 'RevisionNotFound')
    return error(`has no revision '${revision}' on ${endpoint.host}; see ${page}/tree/main`);
  if (code === 'EntryNotFound')
    return error(`has lost a file on ${endpoint.host} that it is listed with; see ${page}/tree/main`);
  if (code === 'GatedRepo') {
    return error(`is for those whom its owners let in; ask at ${page}, and set HF_TOKEN to a token of that account`);
  }
  // A hub does not tell strangers whether a model is private or not there at all.
  if (status === 401 || status === 403 || status === 404) {
    const remedy =
      token === undefined
        ? 'check the id, or set HF_TOKEN if it is private'
        : 'check the id, and what the token in HF_TOKEN may see';
    return error(
      `is not a file or folder here, and ${endpoint.host} has no such model to show (status ${status}); ${remedy}`,
    );
  }
  const wait = status === 429 ? 'it is asked too often: wait, or set HF_TOKEN' : 'try again later';
  return error(`cannot be had from ${endpoint.host} now (status ${status}); ${wait}`);
}
