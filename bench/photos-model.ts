import { reference } from '../src/frame/model.js';
import { Schema } from '../src/frame/schema.js';
import type { Model } from '../src/index.js';
import type { PictureGeometry } from '../src/udf/adapters/image/decode.js';
import type { ModelDescriptor, NetworkCallDescriptor } from '../src/udf/descriptor.js';

/** What a job's workers are told of a model over pictures: the very graph and batch that they run. */
export async function freeOf(
  model: Model,
): Promise<{ readonly geometry: PictureGeometry; readonly descriptor: ModelDescriptor; readonly batch: number }> {
  const schema = new Schema([{ name: 'image', type: { kind: 'binary' } }]);
  const call = model[reference].bind({ positional: [], named: {} }, () => ({ kind: 'binary' }), schema);
  const { inputs, model: descriptor, batchRows } = call.descriptor as NetworkCallDescriptor;
  const [input] = inputs;
  if (input?.layout !== 'image') throw new Error('the model takes no pictures');
  return { geometry: input, descriptor, batch: batchRows };
}
