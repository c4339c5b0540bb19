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

/** `image_info(image)` */
export function imageInfo([images]: readonly [readonly Uint8Array[]]): Promise<readonly Info[]> {
  return Promise.all(Array.from(images, infoOf));
}

/** The same, but a file that is no picture is an error that names it. */
export async function checkedImageInfo([images, paths]: readonly [readonly Uint8Array[], readonly string[]]): Promise<
  readonly Info[]
> {
  const found = await imageInfo([images]);
  const wrong = found.findIndex(({ error }) => error !== null);
  if (wrong >= 0) throw new Error(`file '${paths[wrong]}' cannot be used: ${found[wrong]!['error']}`);
  return found;
}
