import { stat } from 'node:fs/promises';
import { type FolderModel, readModelFolder } from './folder.js';
import { fetchModelFolder, type HubOptions } from './hub.js';
import { hubIdOf } from './hub-id.js';

/**
 * What `session.model(path)` names, where it is more than an ONNX file: a folder, or the id of a model on a hub. A path that is
 * there is never taken for an id.
 *
 * @returns undefined for a file, and for a path of nothing that cannot be an id either
 * @throws InframeError as `readModelFolder` and `fetchModelFolder` do
 * @example
 * const folder = await locateModel('sentence-transformers/all-MiniLM-L6-v2', { variant: 'quantized' });
 */
export async function locateModel(path: string, options: HubOptions = {}): Promise<FolderModel | undefined> {
  const { variant } = options;
  if (!path.startsWith('hf:')) {
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory()) return readModelFolder(path, { variant });
    if (found !== undefined) return undefined;
  }
  const id = hubIdOf(path);
  if (id === undefined) return undefined;
  const folder = await fetchModelFolder(id, options);
  return readModelFolder(folder, { variant, name: id.id.split('/').at(-1) });
}
