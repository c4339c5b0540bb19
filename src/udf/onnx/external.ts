import { open, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { InframeError } from '../../frame/errors.js';
import { codeName } from './dtype.js';
import { withFields, withoutFields } from './message.js';
import { type ModelProto, type TensorProto, TensorProto_DataLocation } from './onnx_pb.js';
import { MOST_BYTES } from './parse.js';
import { allTensors, mapTensors } from './walk.js';

/*
 * Weights kept beside the model file. Source: https://github.com/onnx/onnx/blob/main/docs/ExternalData.md
 *
 * A location is a path a stranger wrote. Followed blindly, it makes a model that reads any file of the machine into its
 * weights, and gives it away in its predictions.
 */

/** Where a tensor's bytes are. */
export interface ExternalReference {
  /** As the model says it: relative to the model's folder, with forward slashes. */
  readonly location: string;
  readonly offset: number;
  /** Undefined: up to the end of the file. */
  readonly length: number | undefined;
  /** The tensor's name, for messages. */
  readonly tensor: string;
}

/** A file a model keeps weights in. */
export interface ExternalFile {
  readonly location: string;
  /** Absolute; inside the model's folder even after every symbolic link is followed. */
  readonly path: string;
  readonly bytes: number;
}

/**
 * Every reference to another file that a model makes: in initializers, operators' attributes, bodies and functions.
 *
 * @throws InframeError MODEL_EXTERNAL_DATA when one states no location, or an offset or length that is no whole number.
 */
export function externalReferences(model: ModelProto, name: string): ExternalReference[] {
  const found: ExternalReference[] = [];
  for (const tensor of allTensors(model)) if (isExternal(tensor)) found.push(reference(tensor, name));
  return found;
}

/** True for a tensor whose elements are in another file. */
export function isExternal(tensor: TensorProto): boolean {
  return tensor.dataLocation === TensorProto_DataLocation.EXTERNAL;
}

function reference(tensor: TensorProto, name: string): ExternalReference {
  const entries = new Map(tensor.externalData.map(entry => [entry.key, entry.value]));
  const number = (key: string): number | undefined => {
    const text = entries.get(key);
    if (text === undefined) return undefined;
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(value)) return value;
    throw refused(name, tensor.name, `states the ${key} '${text}', which is no whole number`);
  };
  const location = entries.get('location');
  if (location === undefined || location === '') throw refused(name, tensor.name, 'does not say in which file');
  return { location, offset: number('offset') ?? 0, length: number('length'), tensor: tensor.name };
}

/**
 * Checks every file a model refers to, and returns each once, in the order of its location.
 *
 * @param folder the model file's folder
 * @param name what to call the model in an error
 * @throws InframeError MODEL_EXTERNAL_DATA for a location that is not a plain relative path or leads out of the folder
 *   (also by a symbolic link), a file that is missing or not a file, or an offset and length beyond its end.
 */
export async function checkExternalData(model: ModelProto, folder: string, name: string): Promise<ExternalFile[]> {
  const files = new Map<string, ExternalFile>();
  for (const item of externalReferences(model, name)) {
    const file = files.get(item.location) ?? (await locate(item, folder, name));
    files.set(item.location, file);
    const end = item.offset + (item.length ?? 0);
    if (end > file.bytes) {
      throw refused(
        name,
        item.tensor,
        `wants bytes ${item.offset} to ${end} of '${item.location}', which has ${file.bytes}: ` +
          'the file is cut short or belongs to another model',
      );
    }
  }
  // By code unit, so that the hash made in this order is the same on every machine.
  return [...files.values()].sort((a, b) => (a.location < b.location ? -1 : 1));
}

async function locate(item: ExternalReference, folder: string, name: string): Promise<ExternalFile> {
  const { location, tensor } = item;
  const problem = badLocation(location);
  if (problem !== undefined) throw refused(name, tensor, `is in '${location}', ${problem}`);
  const path = join(folder, location);
  let root: string;
  let real: string;
  try {
    root = await realpath(folder);
    real = await realpath(path);
  } catch {
    throw refused(name, tensor, `is in '${location}', which is not in the model's folder: put the file there`);
  }
  const inside = relative(root, real);
  if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
    throw refused(
      name,
      tensor,
      `is in '${location}', a link that leads out of the model's folder: copy the file itself there`,
    );
  }
  const found = await stat(real).catch(() => undefined);
  if (found?.isFile() !== true) throw refused(name, tensor, `is in '${location}', which is not a file`);
  return { location, path, bytes: found.size };
}

/**
 * Says what is wrong with a location; undefined for a plain relative path. The rules are those of every platform at
 * once.
 */
function badLocation(location: string): string | undefined {
  if (location.includes('\0')) return 'which is no path';
  if (location.includes('\\')) return 'a path with backslashes, which leads elsewhere on Windows';
  if (location.startsWith('/') || /^[a-z]:/i.test(location)) return 'an absolute path';
  if (location.split('/').includes('..')) return "a path that leads out of the model's folder";
  // ONNX Runtime's mark for "offset is an address in memory" (ORT_MEM_ADDR in core/framework/tensorprotoutils.h).
  if (location.includes('_ORT_MEM_ADDR_')) return 'which is an address in memory';
  return undefined;
}

function refused(name: string, tensor: string, what: string): InframeError {
  return new InframeError('MODEL_EXTERNAL_DATA', `model '${name}' is refused: its tensor '${tensor}' ${what}`, {
    model: name,
    tensor,
  });
}

/**
 * The part of ONNX Runtime's session options that tells it where external data is: plain data, so it can go to a
 * worker.
 */
export interface ExternalDataOptions {
  readonly extra?: { readonly session: { readonly model_external_initializers_file_folder_path: string } };
}

/**
 * Session options under which a model handed to `InferenceSession.create` as bytes finds its external data.
 *
 * Given bytes, ONNX Runtime does not know the model's folder and looks in the working directory. Three ways out were
 * tried on onnxruntime-node 1.30 with a table of 205 MB that a Gather reads:
 *   - naming the folder (this one): 26 ms, 27 MB more memory. ONNX Runtime maps the file (it is in /proc/self/maps), so
 *     workers share its pages; 2.4 GB opened as fast. The option is a string that travels to a worker. ONNX Runtime
 *     refuses links that leave the folder too. (Weights it repacks, as for Gemm, cost their size whatever the way.)
 *   - `externalData: [{ path, data }]`: works, though undocumented for Node: 559 ms, 436 MB, in every worker;
 *   - writing the bytes into the model (`inlineExternalData`): no less memory, and at most 2 GiB.
 *
 * Spread it into the other options: `{ ...sessionOptionsFor(file), intraOpNumThreads: 1 }`; merge `extra` if you have
 * one.
 */
export function sessionOptionsFor(file: { readonly externalFolder: string | undefined }): ExternalDataOptions {
  if (file.externalFolder === undefined) return {};
  return { extra: { session: { model_external_initializers_file_folder_path: file.externalFolder } } };
}

/**
 * Takes external data of at most `most` bytes a tensor into the model itself; the rest stays where it is.
 *
 * With a small limit (1024, say) before editing or running: ONNX Runtime needs the target shape of a Reshape inside the
 * model ("Cannot parse data from external tensors"), and so does `freeBatch`. Without a limit, to save a model as one
 * file.
 *
 * @throws InframeError as `checkExternalData` does; MODEL_UNSUPPORTED when the result would exceed 2 GiB;
 *   MODEL_EXTERNAL_DATA when a file ends before the tensor's data does.
 */
export async function inlineExternalData(
  model: ModelProto,
  folder: string,
  name: string,
  most = Number.POSITIVE_INFINITY,
): Promise<ModelProto> {
  const files = new Map((await checkExternalData(model, folder, name)).map(file => [file.location, file]));
  const inlined = new Map<TensorProto, Uint8Array>();
  let total = 0;
  for (const tensor of allTensors(model)) {
    if (!isExternal(tensor) || inlined.has(tensor)) continue;
    const item = reference(tensor, name);
    const file = files.get(item.location)!;
    const length = item.length ?? file.bytes - item.offset;
    if (length > most) continue;
    total += length;
    if (total > MOST_BYTES) {
      throw new InframeError(
        'MODEL_UNSUPPORTED',
        `model '${name}' has more than ${MOST_BYTES} bytes of external data, ` +
          'which one ONNX file cannot hold; keep them external',
      );
    }
    inlined.set(tensor, await readRange(file, item.offset, length, name, tensor));
  }
  if (inlined.size === 0) return model;
  return mapTensors(model, tensor => {
    const rawData = inlined.get(tensor);
    if (rawData === undefined) return tensor;
    return withFields(withoutFields(tensor, 'dataLocation'), { rawData, externalData: [] });
  });
}

async function readRange(
  file: ExternalFile,
  offset: number,
  length: number,
  name: string,
  tensor: TensorProto,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const handle = await open(file.path).catch(() => undefined);
  if (handle === undefined) throw refused(name, tensor.name, `is in '${file.location}', which cannot be read`);
  try {
    let done = 0;
    while (done < length) {
      const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
      if (bytesRead === 0) {
        const kind = codeName(tensor.dataType);
        throw refused(name, tensor.name, `(${kind}) is in '${file.location}', which ended early: it is being changed`);
      }
      done += bytesRead;
    }
  } finally {
    await handle.close();
  }
  return bytes;
}
