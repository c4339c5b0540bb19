import { InframeError } from '../frame/errors.js';
import { dimsOf } from './onnx/dims.js';
import { codeName, DTYPES, type Dtype, dtypeOfCode } from './onnx/dtype.js';
import type { GraphProto, ModelProto, TypeProto, ValueInfoProto } from './onnx/onnx_pb.js';
import { graphOf } from './onnx/walk.js';

export type { Dtype } from './onnx/dtype.js';

/** A tensor a model takes or gives. */
export interface TensorInfo {
  readonly name: string;
  readonly dtype: Dtype;
  /**
   * A size, the name of a size known at run time, or undefined; undefined as a whole when not even the rank is stated.
   */
  readonly dims: readonly (number | string | undefined)[] | undefined;
  /**
   * What the columns of a classifier's probabilities stand for, in column order, where the model says so (see
   * zipmap.ts).
   */
  readonly classes?: readonly (string | number)[];
}

/** What a model asks for and what it answers: plain data, so it can be sent to a worker. */
export interface ModelSignature {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
}

/** Class labels by output name, as `removeZipMaps` finds them. */
export type ClassLabels = ReadonlyMap<string, readonly (string | number)[]>;

/**
 * A model's inputs and outputs, in the file's order. Graph inputs that are also constants are left out: before IR
 * version 4 files had to list every weight as an input (https://github.com/onnx/onnx/blob/main/docs/IR.md, "Graphs").
 *
 * @throws InframeError MODEL_UNSUPPORTED for an input or output that is not a tensor (sequence, map, optional, sparse)
 *   or has an element type JavaScript has no array for (complex, bfloat16, float8 ...); MODEL_INVALID when its type is
 *   not stated.
 */
export function signatureOf(model: ModelProto, classes: ClassLabels = new Map()): ModelSignature {
  const graph = graphOf(model);
  return {
    inputs: trueInputs(graph).map(value => tensorInfo(value, 'input')),
    outputs: graph.output.map(value => {
      const info = tensorInfo(value, 'output');
      const labels = classes.get(value.name);
      return labels === undefined ? info : { ...info, classes: labels };
    }),
  };
}

/** The graph inputs somebody has to fill: those that are not constants. */
export function trueInputs(graph: GraphProto): ValueInfoProto[] {
  const constants = new Set(graph.initializer.map(initializer => initializer.name));
  for (const sparse of graph.sparseInitializer) constants.add(sparse.values?.name ?? '');
  return graph.input.filter(input => !constants.has(input.name));
}

/**
 * Reads one declaration. `role` ('input', 'output') only words the errors.
 *
 * @throws InframeError as {@link signatureOf} does.
 */
export function tensorInfo(value: ValueInfoProto, role: string): TensorInfo {
  const type = value.type?.value;
  if (type?.case !== 'tensorType') {
    const kind = describeType(value.type);
    if (kind === undefined) {
      throw new InframeError(
        'MODEL_INVALID',
        `${role} '${value.name}' of the model states no type; run shape inference on the model and save it again`,
        { [role]: value.name },
      );
    }
    throw unsupported(role, value.name, kind);
  }
  const dtype = dtypeOfCode(type.value.elemType);
  if (dtype === undefined) throw unsupported(role, value.name, `tensor of ${codeName(type.value.elemType)}`);
  return { name: value.name, dtype, dims: dimsOf(value) };
}

function unsupported(role: string, name: string, kind: string): InframeError {
  return new InframeError(
    'MODEL_UNSUPPORTED',
    `${role} '${name}' of the model is a ${kind}; inframe handles tensors of ${DTYPES.join(', ')}: ` +
      `export the model with a tensor in its place`,
    { [role]: name, type: kind },
  );
}

/** `sequence of map of int64 to tensor of float32`; undefined when nothing is stated. */
function describeType(type: TypeProto | undefined): string | undefined {
  if (type === undefined) return undefined;
  switch (type.value.case) {
    case 'tensorType':
      return `tensor of ${codeName(type.value.value.elemType)}`;
    case 'sequenceType':
      return `sequence of ${describeType(type.value.value.elemType) ?? 'unknown type'}`;
    case 'mapType': {
      const element = describeType(type.value.value.valueType) ?? 'unknown type';
      return `map of ${codeName(type.value.value.keyType)} to ${element}`;
    }
    default:
      return OTHER_TYPES[type.$unknown?.find(field => field.no in OTHER_TYPES)?.no ?? 0];
  }
}

/**
 * Kinds of value our subset of the format does not list, by field number of TypeProto.
 * Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto and onnx-ml.proto
 */
const OTHER_TYPES: Readonly<Record<number, string>> = { 7: 'opaque value', 8: 'sparse tensor', 9: 'optional value' };

/** A tensor in a reader's words: `float32[N, 3, 224, 224]`, `?` for a size not stated, `[...]` for an unstated rank. */
export function describeTensor(info: TensorInfo): string {
  return `${info.dtype}[${info.dims === undefined ? '...' : info.dims.map(dim => dim ?? '?').join(', ')}]`;
}
