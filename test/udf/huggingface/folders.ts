import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { type ConfiguredModel, configure } from '../../../src/udf/huggingface/configure.js';
import { readModelFolder } from '../../../src/udf/huggingface/folder.js';
import { graph } from '../../../src/udf/onnx/build.js';
import { serializeModel } from '../../../src/udf/onnx/file.js';
import type { ModelSignature, TensorInfo } from '../../../src/udf/signature.js';
import { temporaryFolder } from '../../support/sessions.js';

/** Files by path; objects are written as JSON. */
export type FolderFiles = Readonly<Record<string, string | Uint8Array | object>>;

/** A folder of these files, and `onnx/model.onnx` unless one is named. */
export function modelFolder(t: TestContext, files: FolderFiles, name = 'net'): string {
  const folder = join(temporaryFolder(t), name);
  const network = Object.keys(files).some(path => path.endsWith('.onnx')) ? {} : { 'onnx/model.onnx': identity() };
  for (const [path, content] of Object.entries({ ...network, ...files })) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    const plain = typeof content === 'string' || content instanceof Uint8Array;
    writeFileSync(target, plain ? content : JSON.stringify(content));
  }
  return folder;
}

function identity(): Uint8Array {
  return serializeModel(
    graph({
      inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 1] }],
      outputs: [{ name: 'y', dtype: 'float32', dims: ['N', 1] }],
      nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'] }],
    }),
  );
}

type Dims = TensorInfo['dims'];

export function signature(
  inputs: Readonly<Record<string, Dims>>,
  outputs: Readonly<Record<string, Dims>>,
): ModelSignature {
  const tensors = (from: Readonly<Record<string, Dims>>): readonly TensorInfo[] =>
    Object.entries(from).map(([name, dims]) => ({ name, dtype: /mask|ids/.test(name) ? 'int64' : 'float32', dims }));
  return { inputs: tensors(inputs), outputs: tensors(outputs) };
}

export async function configured(
  t: TestContext,
  files: FolderFiles,
  of: ModelSignature,
  task?: string,
): Promise<ConfiguredModel> {
  return configure(await readModelFolder(modelFolder(t, files)), of, { task });
}

export const TEXT_INPUTS = {
  input_ids: ['N', 'L'],
  attention_mask: ['N', 'L'],
  token_type_ids: ['N', 'L'],
} as const;

export const PICTURES = { pixel_values: ['N', 3, 'H', 'W'] } as const;
