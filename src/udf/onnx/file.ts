import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { InframeError, listNames, nearest } from '../../frame/errors.js';
import { checkExternalData } from './external.js';
import type { ModelProto } from './onnx_pb.js';
import { MOST_BYTES, parseModel } from './parse.js';

export { parseModel, serializeModel } from './parse.js';

/** A model file, read and checked. */
export interface OnnxFile {
  /** Absolute. */
  readonly path: string;
  readonly model: ModelProto;
  /**
   * What the model is, in hex: SHA-256 over the file's bytes and then, if it keeps weights in other files, over the
   * bytes of each of those, in the order of their location. A job that resumes compares it.
   */
  readonly sha256: string;
  /** Size of the model file and of the files it refers to, together. */
  readonly bytes: number;
  /** The files the model keeps weights in: absolute, in the order of their location. */
  readonly externalFiles: readonly string[];
  /** The folder those locations are relative to; undefined when the model is one file. */
  readonly externalFolder: string | undefined;
}

/**
 * Reads a model file whole; large weights stay views of the one buffer. Files that hold further weights are checked and
 * hashed, not kept: ONNX Runtime maps them into memory itself (see external.ts).
 *
 * @throws InframeError MODEL_NOT_FOUND; MODEL_INVALID when it is a folder, empty, beyond 2 GiB, or not ONNX;
 *   MODEL_EXTERNAL_DATA when a file it refers to is missing, too short, or outside its folder.
 */
export async function readModel(path: string): Promise<OnnxFile> {
  const absolute = resolve(path);
  const size = await sizeOf(absolute, path);
  if (size > MOST_BYTES) {
    throw new InframeError(
      'MODEL_INVALID',
      `model '${path}' has ${size} bytes; an ONNX file can have at most ${MOST_BYTES}: ` +
        'export it again with its weights as external data',
      { path: absolute },
    );
  }
  const content = await readFile(absolute).catch((error: unknown) => {
    throw unreadable(path, absolute, error);
  });
  const model = parseModel(content, path);
  const folder = dirname(absolute);
  const external = await checkExternalData(model, folder, path);

  const hash = createHash('sha256').update(content);
  for (const file of external) {
    try {
      for await (const chunk of createReadStream(file.path)) hash.update(chunk as Uint8Array);
    } catch (error) {
      throw unreadable(file.location, file.path, error, 'MODEL_EXTERNAL_DATA');
    }
  }
  return {
    path: absolute,
    model,
    sha256: hash.digest('hex'),
    bytes: content.byteLength + external.reduce((total, file) => total + file.bytes, 0),
    externalFiles: external.map(file => file.path),
    externalFolder: external.length === 0 ? undefined : folder,
  };
}

/** The size, asked for before opening: opening a named pipe would wait for ever. */
async function sizeOf(absolute: string, path: string): Promise<number> {
  const found = await stat(absolute).catch((error: unknown) => error as NodeJS.ErrnoException);
  if (found instanceof Error) {
    if (found.code !== 'ENOENT' && found.code !== 'ENOTDIR') throw unreadable(path, absolute, found);
    const neighbours = await modelsIn(dirname(absolute));
    const guess = nearest(basename(absolute), neighbours);
    throw new InframeError(
      'MODEL_NOT_FOUND',
      `model '${path}' does not exist; its folder has these models: ${listNames(neighbours)}` +
        (guess === undefined ? ': check the path' : ` (did you mean '${guess}'?)`),
      { path: absolute },
    );
  }
  if (found.isFile()) return found.size;
  const what = found.isDirectory()
    ? `a folder with these models: ${listNames(await modelsIn(absolute))}`
    : 'neither a file nor a folder';
  throw new InframeError('MODEL_INVALID', `model '${path}' is ${what}; name one .onnx file`, { path: absolute });
}

async function modelsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter(name => name.endsWith('.onnx')).sort();
}

/** For errors of the file system: its code is the part worth showing (EACCES, EIO ...). */
function unreadable(
  path: string,
  absolute: string,
  error: unknown,
  code: 'MODEL_INVALID' | 'MODEL_EXTERNAL_DATA' = 'MODEL_INVALID',
): InframeError {
  const reason = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
  return new InframeError(
    code,
    `model '${path}' cannot be read: ${reason}; check that the file is readable and the disk is well`,
    { path: absolute, reason },
    error,
  );
}
