import { InframeError, listNames } from '../../frame/errors.js';
import { describeTensor, type TensorInfo, tensorInfo, trueInputs } from '../signature.js';
import { int64Constant, node, tensor } from './build.js';
import { withFields } from './message.js';
import type { ModelProto, NodeProto } from './onnx_pb.js';
import { withDefaultOpset } from './opset.js';
import { freshName, graphOf } from './walk.js';

/**
 * Takes an input away and puts one value in its place, in every element: the mask of a batch in which nothing is padding. As
 * many rows as another input has; sizes behind that which the file leaves open are those of that input of the same name.
 *
 * @param like the other input
 * @throws InframeError ARGUMENT_INVALID when there is no such input; MODEL_UNSUPPORTED when a size cannot be told, its element
 *   type has no zero and one, or the file is older than the operator that fills
 */
export function fillInput(model: ModelProto, name: string, like: string, value: 0 | 1): ModelProto {
  const { model: ready, version } = withDefaultOpset(model);
  const graph = graphOf(ready);
  const filled = inputOf(model, name);
  const other = inputOf(model, like);
  if (version < 9) throw unsupported(filled, `a file of opset ${version} cannot fill it: convert it to 9 or later`);
  const nodes: NodeProto[] = [];
  const shape = freshName(graph, `${name}/shape_of_${like}`);
  if (filled.dims === undefined)
    throw unsupported(filled, 'it does not state how many sizes it has; feed it with a column');
  const sizes = filled.dims.map((dim, at) => {
    const size = freshName(graph, `${name}/size_${at}`);
    if (at > 0 && typeof dim === 'number') {
      nodes.push(int64Constant(size, [BigInt(dim)]));
    } else {
      const from = at === 0 ? 0 : placeOf(filled, dim, at, other);
      const index = freshName(graph, `${name}/index_${at}`);
      nodes.push(int64Constant(index, [BigInt(from)]), node({ op: 'Gather', inputs: [shape, index], outputs: [size] }));
    }
    return size;
  });
  const wanted = freshName(graph, `${name}/shape`);
  nodes.push(node({ op: 'Concat', inputs: sizes, outputs: [wanted], attributes: { axis: 0 } }));
  const element = tensor('', filled.dtype, [1], elementOf(filled, value));
  nodes.push(node({ op: 'ConstantOfShape', inputs: [wanted], outputs: [name], attributes: { value: element } }));
  return withFields(ready, {
    graph: withFields(graph, {
      input: graph.input.filter(input => input.name !== name),
      node: [node({ op: 'Shape', inputs: [like], outputs: [shape] }), ...nodes, ...graph.node],
    }),
  });
}

/** Which size of the other input an open one is. */
function placeOf(filled: TensorInfo, dim: string | number | undefined, at: number, other: TensorInfo): number {
  const named = dim === undefined ? -1 : (other.dims ?? []).indexOf(dim);
  if (named >= 0) return named;
  // Exporters that name nothing, or each input's sizes for itself: two inputs of one rank have one shape.
  if (other.dims?.length === filled.dims?.length) return at;
  throw unsupported(
    filled,
    `its size ${at} is not one of ${describeTensor(other)} '${other.name}'; feed it with a column`,
  );
}

function elementOf(filled: TensorInfo, value: 0 | 1): readonly number[] | readonly bigint[] | readonly boolean[] {
  const { dtype } = filled;
  if (dtype === 'string') throw unsupported(filled, 'texts have no zero and one; feed it with a column');
  if (dtype === 'int64' || dtype === 'uint64') return [BigInt(value)];
  return dtype === 'bool' ? [value === 1] : [value];
}

function inputOf(model: ModelProto, name: string): TensorInfo {
  const inputs = trueInputs(graphOf(model));
  const found = inputs.find(input => input.name === name);
  if (found !== undefined) return tensorInfo(found, 'input');
  const names = inputs.map(input => input.name);
  throw new InframeError('ARGUMENT_INVALID', `input '${name}' is not in the model; it has: ${listNames(names)}`);
}

function unsupported(info: TensorInfo, why: string): InframeError {
  return new InframeError(
    'MODEL_UNSUPPORTED',
    `input '${info.name}' (${describeTensor(info)}) of the model is to be filled, and ${why}`,
    {
      input: info.name,
    },
  );
}
