import { InframeError } from '../../../frame/errors.js';
import { describeTensor } from '../../signature.js';
import { outputInfo } from '../insert.js';
import type { ModelProto } from '../onnx_pb.js';
import { computeOutput } from './output.js';

/** What turns scores into probabilities: `exp` is for networks that end in a LogSoftmax. */
export type Activation = 'softmax' | 'sigmoid' | 'exp';

/**
 * Puts an activation behind an output: a softmax along `axis` (1, the classes of [N, C], unless given; negative ones count
 * from the end), or a function of every number by itself.
 *
 * @throws InframeError ARGUMENT_INVALID when there is no such output or axis; MODEL_UNSUPPORTED when a softmax is asked for
 *   and the output's number of dimensions is not stated, or the output is an input as well.
 */
export function activationOutput(model: ModelProto, name: string, activation: Activation, axis = 1): ModelProto {
  const info = outputInfo(model, name);
  if (activation !== 'softmax') {
    return computeOutput(
      model,
      name,
      'scores_in',
      () => info.dims,
      (operators, x, to) => operators.add(activation === 'exp' ? 'Exp' : 'Sigmoid', [x], {}, to),
    );
  }
  const rank = info.dims?.length;
  if (rank === undefined) {
    throw new InframeError(
      'MODEL_UNSUPPORTED',
      `output '${name}' (${describeTensor(info)}) of the model does not state its number of dimensions, which a softmax ` +
        'must know; export the model with output shapes',
      { output: name },
    );
  }
  const place = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || place < 0 || place >= rank) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `axis ${axis} is not one of output '${name}' (${describeTensor(info)}) of the model; give 0 to ${rank - 1}`,
      { output: name },
    );
  }
  return computeOutput(
    model,
    name,
    'scores_in',
    () => info.dims,
    (operators, x, to) => operators.softmax('Softmax', x, place, rank, to),
  );
}
