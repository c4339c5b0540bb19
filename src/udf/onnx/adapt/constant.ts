import { InframeError } from '../../../frame/errors.js';
import { int64Constant, node } from '../build.js';
import { dtypeCode } from '../dtype.js';
import { inputInfo } from '../insert.js';
import { withFields } from '../message.js';
import type { ModelProto, NodeProto } from '../onnx_pb.js';
import { withDefaultOpset } from '../opset.js';
import { freshName, graphOf } from '../walk.js';

/**
 * Takes an input away and computes it: one value everywhere, in a shape made of dimensions of another input. A mask of what is padding
 * is all ones where rows of unlike size never share a run.
 *
 * @param like the input whose dimensions are used: the first is the batch; of two inputs of one rank all are, else the last
 * @throws InframeError ARGUMENT_INVALID when there is no such input; MODEL_UNSUPPORTED when its rank is not stated
 */
export function constantInput(model: ModelProto, name: string, value: 0 | 1, like: string): ModelProto {
  const info = inputInfo(model, name);
  const other = inputInfo(model, like);
  if (info.dims === undefined || other.dims === undefined || info.dims.length > other.dims.length) {
    throw new InframeError(
      'MODEL_UNSUPPORTED',
      `input '${name}' of the model has no shape that follows from input '${like}'; export the model with stated ranks`,
      { input: name },
    );
  }
  const { model: ready } = withDefaultOpset(model);
  const graph = graphOf(ready);
  const [rank, rankOfOther] = [info.dims.length, other.dims.length];
  // The batch, and from the end backwards: a mask [N, H, W] lies over pictures [N, C, H, W].
  const taken = Array.from({ length: rank }, (_, at) => BigInt(at === 0 ? 0 : rankOfOther - rank + at));
  const [shape, dims, positions, one, filled] = ['sizes', 'shape', 'dims', 'value', 'filled'].map(part =>
    freshName(graph, `${name}/${part}`),
  ) as [string, string, string, string, string];
  const nodes: NodeProto[] = [
    int64Constant(positions, taken),
    int64Constant(one, [BigInt(value)]),
    node({ op: 'Shape', inputs: [like], outputs: [shape] }),
    node({ op: 'Gather', inputs: [shape, positions], outputs: [dims], attributes: { axis: 0 } }),
    node({ op: 'Cast', inputs: [one], outputs: [filled], attributes: { to: dtypeCode(info.dtype) } }),
    node({ op: 'Expand', inputs: [filled, dims], outputs: [name] }),
  ];
  return withFields(ready, {
    graph: withFields(graph, {
      input: graph.input.filter(input => input.name !== name),
      node: [...nodes, ...graph.node],
    }),
  });
}
