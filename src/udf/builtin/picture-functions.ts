import { pictureInfo } from '../adapters/image/info.js';
import { ValueError } from '../adapters/value-error.js';

/** What is found in a picture's header; `error` says why nothing is. */
type Info = Readonly<Record<string, string | number | null>>;

const NOTHING: Info = { format: null, width: null, height: null, channels: null, orientation: null };

async function infoOf(content: Uint8Array): Promise<Info> {
  try {
    return { ...(await pictureInfo(content)), error: null };
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    return { ...NOTHING, error: error.message };
  }
}

type Columns = Readonly<Record<string, readonly (string | number | null)[]>>;

function inColumns(found: readonly Info[]): Columns {
  const names = [...Object.keys(NOTHING), 'error'];
  return Object.fromEntries(names.map(name => [name, found.map(info => info[name] ?? null)]));
}

function infosOf(images: readonly Uint8Array[]): Promise<readonly Info[]> {
  return Promise.all(Array.from(images, infoOf));
}

/** `image_info(image)` */
export async function imageInfo([images]: readonly [readonly Uint8Array[]]): Promise<Columns> {
  return inColumns(await infosOf(images));
}

/** The same, but a file that is no picture is an error that names it. */
export async function checkedImageInfo([images, paths]: readonly [
  readonly Uint8Array[],
  readonly string[],
]): Promise<Columns> {
  const found = await infosOf(images);
  const wrong = found.findIndex(({ error }) => error !== null);
  if (wrong >= 0) throw new Error(`file '${paths[wrong]}' cannot be used: ${found[wrong]!['error']}`);
  return inColumns(found);
}
