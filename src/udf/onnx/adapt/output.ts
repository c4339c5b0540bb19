import { InframeError } from '../../../frame/errors.js';
import { describeTensor, type TensorInfo } from '../../signature.js';
import { valueInfo } from '../build.js';
import { type Dim, withTensorType } from '../dims.js';
import { afterOutput, outputInfo } from '../insert.js';
import { mapShared, withFields } from '../message.js';
import type { ModelProto } from '../onnx_pb.js';
import { Operators } from '../operators.js';
import { graphOf } from '../walk.js';

/** What numbers are computed in behind a network. */
export type FloatType = 'float32' | 'float64';

/** Computes `to` from `x`, which is of type `dtype`. */
type Compute = (operators: Operators, x: string, to: string, dtype: FloatType) => void;

/**
 * Computes something of an output, which keeps its name: in float64 where the network gives float64, else in float32.
 *
 * Edits of outputs that read an input as well (a mask, what was to be reconstructed) come before those of inputs: whoever
 * puts operators before an input then puts them before these reads too, and all read what the network does.
 *
 * @throws InframeError ARGUMENT_INVALID when there is no such output or it is of strings; MODEL_UNSUPPORTED when it is an
 *   input as well.
 */
export function computeOutput(
  model: ModelProto,
  name: string,
  suffix: string,
  dims: (info: TensorInfo) => readonly Dim[] | undefined,
  compute: Compute,
): ModelProto {
  const info = outputInfo(model, name);
  const dtype = floatType(info);
  const declared = [valueInfo({ name, dtype, dims: dims(info) })];
  return afterOutput(
    model,
    name,
    suffix,
    () => declared,
    (from, to, graph, opset) => {
      const operators = new Operators(graph, opset, name);
      compute(operators, info.dtype === dtype ? from : operators.cast(from, dtype), to, dtype);
      return operators.nodes;
    },
  );
}

/**
 * States the dimensions of an output that the file leaves open, as a trial run has shown them; numbers the file states
 * stay.
 *
 * @throws InframeError ARGUMENT_INVALID when there is no such output, or the file states other numbers.
 */
export function stateOutput(model: ModelProto, name: string, dims: readonly Dim[]): ModelProto {
  const info = outputInfo(model, name);
  const stated = info.dims ?? dims;
  const differs = (dim: Dim, index: number): boolean => {
    const own = stated[index];
    return typeof own === 'number' && typeof dim === 'number' && own !== dim;
  };
  if (stated.length !== dims.length || dims.some(differs)) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `output '${name}' (${describeTensor(info)}) of the model is not of shape [${dims.map(dim => dim ?? '?').join(', ')}]; ` +
        'state only what the model leaves open',
      { output: name },
    );
  }
  const known = dims.map((dim, index) => (typeof stated[index] === 'number' ? stated[index] : (dim ?? stated[index])));
  const graph = graphOf(model);
  const output = mapShared(graph.output, item => (item.name === name ? withTensorType(item, { dims: known }) : item));
  return withFields(model, { graph: withFields(graph, { output }) });
}

/** Declares an output as an adapter gives it. */
export function declared(name: string, dtype: 'float32' | 'int64', dims: readonly Dim[]) {
  return valueInfo({ name, dtype, dims });
}

/** What numbers of an output are computed in. @throws InframeError ARGUMENT_INVALID for strings. */
export function floatType(info: TensorInfo): FloatType {
  if (info.dtype === 'string') {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `output '${info.name}' of the model is of strings, and nothing can be computed from those; name an output of numbers`,
      { output: info.name },
    );
  }
  return info.dtype === 'float64' ? 'float64' : 'float32';
}

/** The dimensions of an output. @throws InframeError MODEL_UNSUPPORTED when their number is not stated or not among `ranks`. */
export function dimsOfRank(info: TensorInfo, ranks: readonly number[], what: string): readonly Dim[] {
  if (info.dims !== undefined && ranks.includes(info.dims.length)) return info.dims;
  throw new InframeError(
    'MODEL_UNSUPPORTED',
    `output '${info.name}' (${describeTensor(info)}) of the model ` +
      `${info.dims === undefined ? 'does not state its number of dimensions' : `has ${info.dims.length} dimensions`}; ` +
      `${what} takes ${ranks.join(' or ')}: name another output, or export the model with this one in that shape`,
    { output: info.name },
  );
}

/** Makes sure that outputs in the making get names nobody has. @throws InframeError MODEL_UNSUPPORTED */
export function checkNewOutputs(model: ModelProto, names: readonly string[]): void {
  const taken = new Set(graphOf(model).output.map(output => output.name));
  for (const name of names) {
    if (!taken.has(name)) continue;
    throw new InframeError(
      'MODEL_UNSUPPORTED',
      `output '${name}' of the model has a name that is wanted for something else; rename it, or do not ask for it`,
      { output: name },
    );
  }
}
