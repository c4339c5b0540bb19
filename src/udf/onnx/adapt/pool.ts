import { InframeError } from '../../../frame/errors.js';
import { describeTensor } from '../../signature.js';
import { inputInfo, outputInfo } from '../insert.js';
import type { ModelProto } from '../onnx_pb.js';
import type { Operators } from '../operators.js';
import { computeOutput, dimsOfRank, type FloatType } from './output.js';

/** How the tokens of a row, or the places of a picture, become one vector. */
export interface PoolOptions {
  /** `cls`: the first token. `none`: not at all. */
  readonly mode: 'mean' | 'cls' | 'max' | 'none';
  /** The input [N, L] whose tokens of 0 do not count; all count where there is none. */
  readonly mask?: string | undefined;
}

/** Below every number a network gives; float32 reaches 3.4e38. */
const LOWEST = 3e38;

/** Dividing by no less than this, a row without tokens gives 0. As sentence-transformers does. */
const FEWEST = 1e-9;

/**
 * Makes one vector a row of an output: of the tokens of [N, L, D], or the places of [N, D, H, W] (and of more axes), the
 * mean or the largest of each number, or the first token. [N, D] is left as it is. A row whose mask is 0 throughout gives
 * zeros. Comes before edits of inputs: see {@link computeOutput}.
 *
 * @throws InframeError ARGUMENT_INVALID when there is no such output or mask, the mask has not two dimensions, or places
 *   of a picture are to be pooled by a first token; MODEL_UNSUPPORTED when the output's number of dimensions is not stated
 *   or is 1.
 */
export function poolOutput(model: ModelProto, name: string, options: PoolOptions): ModelProto {
  const { mode, mask } = options;
  const info = outputInfo(model, name);
  if (mode === 'none') return model;
  const dims = dimsOfRank(info, [2, 3, 4, 5], 'pooling');
  if (dims.length === 2) return model;
  if (dims.length > 3) {
    if (mode === 'cls') {
      throw new InframeError(
        'ARGUMENT_INVALID',
        `pooling 'cls' takes the first token of [N, L, D], and output '${name}' is ${describeTensor(info)}; use 'mean' or 'max'`,
        { output: name },
      );
    }
    const axes = dims.map((_, index) => index).slice(2);
    const op = mode === 'mean' ? 'ReduceMean' : 'ReduceMax';
    return computeOutput(
      model,
      name,
      'unpooled',
      () => dims.slice(0, 2),
      (operators, x, to) => operators.reduce(op, x, axes, false, to),
    );
  }
  if (mask !== undefined && mode !== 'cls') checkMask(model, mask);
  return computeOutput(
    model,
    name,
    'unpooled',
    () => [dims[0], dims[2]],
    (operators, x, to, dtype) => {
      if (mode === 'cls') operators.add('Gather', [x, operators.constant('int64', [], [0n])], { axis: 1 }, to);
      else if (mask === undefined) operators.reduce(mode === 'mean' ? 'ReduceMean' : 'ReduceMax', x, [1], false, to);
      else if (mode === 'mean') maskedMean(operators, x, operators.cast(mask, dtype), to, dtype);
      else maskedMax(operators, x, operators.cast(mask, dtype), to, dtype);
    },
  );
}

/** The sum over tokens is a product of matrices, [1, L] by [L, D] a row, so that nothing of x's size is written. */
function maskedMean(operators: Operators, x: string, mask: string, to: string, dtype: FloatType): void {
  const sum = operators.squeeze(operators.add('MatMul', [operators.unsqueeze(mask, [1]), x]), [1]);
  const count = operators.clip(operators.reduce('ReduceSum', mask, [1], true), dtype, FEWEST, undefined);
  operators.add('Div', [sum, count], {}, to);
}

function maskedMax(operators: Operators, x: string, mask: string, to: string, dtype: FloatType): void {
  const one = operators.constant(dtype, [], [1]);
  const lowered = operators.add('Mul', [operators.add('Sub', [mask, one]), operators.constant(dtype, [], [LOWEST])]);
  const largest = operators.reduce(
    'ReduceMax',
    operators.add('Add', [x, operators.unsqueeze(lowered, [2])]),
    [1],
    false,
  );
  // 1 for a row with tokens, 0 for one without, whose largest number is not one of the network's.
  operators.add('Mul', [largest, operators.reduce('ReduceMax', mask, [1], true)], {}, to);
}

function checkMask(model: ModelProto, mask: string): void {
  const info = inputInfo(model, mask);
  if (info.dims?.length === 2 && info.dtype !== 'string') return;
  throw new InframeError(
    'ARGUMENT_INVALID',
    `input '${mask}' (${describeTensor(info)}) of the model is not a mask of tokens; name one of numbers [N, L]`,
    { input: mask },
  );
}

/**
 * Divides the vectors of an output (its last axis) by their length, so that it is 1; a vector of zeros stays zero.
 *
 * @throws InframeError ARGUMENT_INVALID when there is no such output; MODEL_UNSUPPORTED when its number of dimensions is
 *   not stated, or below 2.
 */
export function normalizeOutput(model: ModelProto, name: string): ModelProto {
  const dims = dimsOfRank(outputInfo(model, name), [2, 3, 4, 5], 'normalizing');
  return computeOutput(
    model,
    name,
    'unnormalized',
    () => dims,
    // ONNX Runtime gives 0 where the length is 0: https://onnx.ai/onnx/operators/onnx__LpNormalization.html
    (operators, x, to) => operators.add('LpNormalization', [x], { axis: dims.length - 1, p: 2 }, to),
  );
}
