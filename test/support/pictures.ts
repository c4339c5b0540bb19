import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { graph } from '../../src/udf/onnx/build.js';
import { serializeModel } from '../../src/udf/onnx/file.js';

/** A network over pictures `x` [N, 3, H, W] of any size that gives the mean of each channel. */
export async function pictureNetwork(folder: string): Promise<string> {
  const path = join(folder, 'means.onnx');
  const model = graph({
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 3, 'H', 'W'] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: ['N', 3] }],
    nodes: [{ op: 'ReduceMean', inputs: ['x'], outputs: ['y'], attributes: { axes: [2, 3], keepdims: 0 } }],
  });
  writeFileSync(path, serializeModel(model));
  return path;
}
