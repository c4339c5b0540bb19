import { InframeError } from '../../../frame/errors.js';
import { describeTensor, type TensorInfo } from '../../signature.js';
import { inputInfo, outputInfo } from '../insert.js';
import type { ModelProto } from '../onnx_pb.js';
import { computeOutput } from './output.js';

/**
 * Puts `value * scale + offset` behind an output: one number of each for everything, or one for each place of the last
 * axis; an empty list for none.
 *
 * @throws InframeError ARGUMENT_INVALID when there is no such output, or the lists do not fit it.
 */
export function affineOutput(
  model: ModelProto,
  name: string,
  scale: readonly number[],
  offset: readonly number[],
): ModelProto {
  const info = outputInfo(model, name);
  checkLength(info, 'scale', scale);
  checkLength(info, 'offset', offset);
  const scales = scale.some(value => value !== 1);
  const moves = offset.some(value => value !== 0);
  if (!scales && !moves) return model;
  return computeOutput(
    model,
    name,
    'unscaled',
    () => info.dims,
    (operators, x, to, dtype) => {
      const list = (values: readonly number[]) =>
        operators.constant(dtype, values.length === 1 ? [] : [values.length], values);
      const product = scales ? operators.add('Mul', [x, list(scale)], {}, moves ? undefined : to) : x;
      if (moves) operators.add('Add', [product, list(offset)], {}, to);
    },
  );
}

function checkLength(info: TensorInfo, word: string, values: readonly number[]): void {
  const last = info.dims !== undefined && info.dims.length > 1 ? info.dims.at(-1) : 1;
  // A list may not make the output wider than it is.
  const fits = values.length <= 1 || (last !== 1 && (typeof last !== 'number' || values.length === last));
  if (fits && values.every(Number.isFinite)) return;
  throw new InframeError(
    'ARGUMENT_INVALID',
    `${word} [${values.join(', ')}] does not fit output '${info.name}' (${describeTensor(info)}) of the model; ` +
      'give one finite number for everything, or one for each place of its last dimension',
    { output: info.name },
  );
}

/**
 * Turns an output that reconstructs an input into how far off it is: [N], the mean over a row of the squared (`mse`) or
 * absolute (`mae`) difference to what the network was fed. Shapes may differ if a row has as many numbers. Comes before
 * edits of inputs: see {@link computeOutput}.
 *
 * @throws InframeError ARGUMENT_INVALID when there is no such output or input, or their rows have different numbers of
 *   elements.
 */
export function reconstructionErrorOutput(
  model: ModelProto,
  name: string,
  input: string,
  error: 'mse' | 'mae',
): ModelProto {
  const info = outputInfo(model, name);
  const original = inputInfo(model, input);
  const [mine, theirs] = [elementsOf(info), elementsOf(original)];
  if (original.dtype === 'string' || (mine !== undefined && theirs !== undefined && mine !== theirs)) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `output '${name}' (${describeTensor(info)}) of the model is not a reconstruction of input '${input}' ` +
        `(${describeTensor(original)}); name an input whose rows have as many numbers`,
      { output: name, input },
    );
  }
  return computeOutput(
    model,
    name,
    'reconstruction',
    () => [info.dims?.[0] ?? original.dims?.[0]],
    (operators, x, to, dtype) => {
      const fed = original.dtype === dtype ? input : operators.cast(input, dtype);
      const rows = (value: string) => operators.add('Flatten', [value], { axis: 1 });
      const difference = operators.add('Sub', [rows(x), rows(fed)]);
      const far = error === 'mse' ? operators.add('Mul', [difference, difference]) : operators.add('Abs', [difference]);
      operators.reduce('ReduceMean', far, [1], false, to);
    },
  );
}

/** Numbers in a row; undefined where that is open. */
function elementsOf(info: TensorInfo): number | undefined {
  let product = 1;
  for (const dim of info.dims?.slice(1) ?? [undefined]) {
    if (typeof dim !== 'number') return undefined;
    product *= dim;
  }
  return product;
}
