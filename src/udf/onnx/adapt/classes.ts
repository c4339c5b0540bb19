import { InframeError } from '../../../frame/errors.js';
import { describeTensor } from '../../signature.js';
import { afterOutput, outputInfo } from '../insert.js';
import type { ModelProto } from '../onnx_pb.js';
import { Operators } from '../operators.js';
import { checkNewOutputs, computeOutput, declared, dimsOfRank, floatType } from './output.js';

/** The output of the scores of the best classes, behind {@link topKOutput} or {@link bestClassOutput}. */
export function scoresOf(output: string): string {
  return `${output}/scores`;
}

/** The output of the places of the best classes. */
export function classesOf(output: string): string {
  return `${output}/classes`;
}

/**
 * An output as one row of numbers a row: [N, 1000, 1, 1] as [N, 1000]. Two dimensions are left as they are.
 *
 * @throws InframeError ARGUMENT_INVALID when there is no such output; MODEL_UNSUPPORTED when it is an input as well.
 */
export function flattenOutput(model: ModelProto, name: string): ModelProto {
  const { dims } = outputInfo(model, name);
  if (dims?.length === 2) return model;
  const rest = dims?.slice(1) ?? [undefined];
  const elements = rest.every(dim => typeof dim === 'number')
    ? rest.reduce<number>((product, dim) => product * Number(dim), 1)
    : undefined;
  return computeOutput(
    model,
    name,
    'unflattened',
    () => [dims?.[0], elements],
    (operators, x, to) => operators.add('Flatten', [x], { axis: 1 }, to),
  );
}

/**
 * Gives the best classes instead of all: output `name` [N, C] becomes `name/scores` float32 [N, k], largest first, and
 * `name/classes` int64 [N, k], their places. Of equal scores the one of the lower place comes first.
 *
 * @throws InframeError ARGUMENT_INVALID when there is no such output, or `k` is not 1 ... C; MODEL_UNSUPPORTED when it has
 *   not two dimensions ({@link flattenOutput} gives it those) or is an input as well.
 */
export function topKOutput(model: ModelProto, name: string, k: number): ModelProto {
  const info = outputInfo(model, name);
  const [batch, count] = dimsOfRank(info, [2], 'a choice of the best classes');
  if (!Number.isInteger(k) || k < 1 || (typeof count === 'number' && k > count)) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `number of classes ${k} does not fit output '${name}' (${describeTensor(info)}) of the model; ` +
        `give a whole number from 1${typeof count === 'number' ? ` to ${count}` : ''}`,
      { output: name },
    );
  }
  floatType(info);
  const [scores, classes] = [scoresOf(name), classesOf(name)];
  checkNewOutputs(model, [scores, classes]);
  const outputs = [declared(scores, 'float32', [batch, k]), declared(classes, 'int64', [batch, k])];
  return afterOutput(
    model,
    name,
    'all',
    () => outputs,
    (from, _to, graph, opset) => {
      const operators = new Operators(graph, opset, name);
      operators.topK(info.dtype === 'float32' ? from : operators.cast(from, 'float32'), k, 1, scores, classes);
      return operators.nodes;
    },
  );
}

/**
 * Gives the best class of every token: output `name` [N, L, C] becomes `name/scores` float32 [N, L] and `name/classes`
 * int64 [N, L]. The score is the softmax of the class among all, or with `activation` 'none' what the network says.
 *
 * @throws InframeError as {@link topKOutput} does.
 */
export function bestClassOutput(model: ModelProto, name: string, activation: 'softmax' | 'none'): ModelProto {
  const info = outputInfo(model, name);
  const [batch, length] = dimsOfRank(info, [3], 'a choice of the best class of every token');
  floatType(info);
  const [scores, classes] = [scoresOf(name), classesOf(name)];
  checkNewOutputs(model, [scores, classes]);
  const outputs = [declared(scores, 'float32', [batch, length]), declared(classes, 'int64', [batch, length])];
  return afterOutput(
    model,
    name,
    'all',
    () => outputs,
    (from, _to, graph, opset) => {
      const operators = new Operators(graph, opset, name);
      const x = info.dtype === 'float32' ? from : operators.cast(from, 'float32');
      operators.add('ArgMax', [x], { axis: 2, keepdims: 0 }, classes);
      operators.reduce(
        'ReduceMax',
        activation === 'none' ? x : operators.softmax('Softmax', x, 2, 3),
        [2],
        false,
        scores,
      );
      return operators.nodes;
    },
  );
}
