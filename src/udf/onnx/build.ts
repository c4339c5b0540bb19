import { create, isMessage } from '@bufbuild/protobuf';
import { InframeError } from '../../frame/errors.js';
import { type Dim, shapeProto } from './dims.js';
import { type Dtype, dtypeCode } from './dtype.js';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  type GraphProto,
  GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './onnx_pb.js';
import { type TensorData, tensor } from './tensor.js';

export type { Dim } from './dims.js';
export { type TensorData, tensor } from './tensor.js';

/** An input or output as one writes it down; `dims: undefined` leaves even the number of dimensions open. */
export interface ValueSpec {
  readonly name: string;
  readonly dtype: Dtype;
  readonly dims?: readonly Dim[] | undefined;
}

/**
 * What an operator's attribute may be given as. A whole number is an int and a broken one a float; where ONNX wants a
 * float and the value happens to be whole, say `{ float: 1 }` or `{ floats: [1, 2] }`, and for empty lists say the
 * type.
 */
export type AttributeValue =
  | number
  | bigint
  | string
  | readonly number[]
  | readonly bigint[]
  | readonly string[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly ints: readonly (number | bigint)[] }
  | { readonly strings: readonly string[] }
  | TensorProto
  | GraphProto;

/** One operator. `domain` is '' (ONNX itself) unless given; an input '' is one that is left out. */
export interface NodeSpec {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly domain?: string;
  readonly name?: string;
}

/** A constant, spelled out or ready-made. */
export type InitializerSpec =
  | TensorProto
  | {
      readonly name: string;
      readonly dtype: Dtype;
      readonly dims: readonly number[];
      readonly data: TensorData;
    };

/** A graph as one writes it down. */
export interface GraphSpec {
  readonly name?: string;
  readonly inputs: readonly ValueSpec[];
  readonly outputs: readonly ValueSpec[];
  readonly nodes: readonly NodeSpec[];
  readonly initializers?: readonly InitializerSpec[];
}

/** A model as one writes it down: a graph and the versions of the operator sets it is written in. */
export interface ModelSpec extends GraphSpec {
  /** Version of ONNX's own operators; 17 unless given. */
  readonly opset?: number;
  /** Version of the operators of classical machine learning (domain ai.onnx.ml); none unless given. */
  readonly mlOpset?: number;
  /** Version of the file format; 8 unless given, which is what opset 17 came with. */
  readonly irVersion?: number;
}

/**
 * A whole model from a declaration.
 *
 * @example
 * graph({
 *   inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 2] }],
 *   outputs: [{ name: 'y', dtype: 'float32', dims: ['N', 1] }],
 *   nodes: [{ op: 'MatMul', inputs: ['x', 'w'], outputs: ['y'] }],
 *   initializers: [{ name: 'w', dtype: 'float32', dims: [2, 1], data: [0.5, -1] }],
 * });
 * @throws InframeError ARGUMENT_INVALID for constants whose data does not fit their dimensions. Names and operators are
 *   not checked: ONNX Runtime does that.
 */
export function graph(spec: ModelSpec): ModelProto {
  const opsets = [create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(spec.opset ?? 17) })];
  if (spec.mlOpset !== undefined) {
    opsets.push(create(OperatorSetIdProtoSchema, { domain: 'ai.onnx.ml', version: BigInt(spec.mlOpset) }));
  }
  return create(ModelProtoSchema, {
    irVersion: BigInt(spec.irVersion ?? 8),
    producerName: 'inframe',
    opsetImport: opsets,
    graph: subgraph(spec),
  });
}

/** A graph alone: the body of If, Loop or Scan, given to the operator as an attribute. */
export function subgraph(spec: GraphSpec): GraphProto {
  return create(GraphProtoSchema, {
    name: spec.name ?? 'graph',
    input: spec.inputs.map(valueInfo),
    output: spec.outputs.map(valueInfo),
    node: spec.nodes.map(node),
    initializer: (spec.initializers ?? []).map(initializer => {
      if (isMessage(initializer)) return initializer;
      return tensor(initializer.name, initializer.dtype, initializer.dims, initializer.data);
    }),
  });
}

/** The declaration of a tensor that goes into or comes out of a graph. */
export function valueInfo(spec: ValueSpec): ValueInfoProto {
  return create(ValueInfoProtoSchema, {
    name: spec.name,
    type: {
      value: {
        case: 'tensorType',
        value: {
          elemType: dtypeCode(spec.dtype),
          ...(spec.dims === undefined ? {} : { shape: shapeProto(spec.dims) }),
        },
      },
    },
  });
}

/** One operator of a graph. */
export function node(spec: NodeSpec): NodeProto {
  return create(NodeProtoSchema, {
    opType: spec.op,
    input: [...spec.inputs],
    output: [...spec.outputs],
    attribute: Object.entries(spec.attributes ?? {}).map(([name, value]) => attribute(name, value)),
    ...(spec.domain === undefined ? {} : { domain: spec.domain }),
    ...(spec.name === undefined ? {} : { name: spec.name }),
  });
}

/**
 * A node that gives a constant int64 vector, such as Reshape's shape. A node rather than an initializer, because files
 * before IR version 4 must list initializers among the graph's inputs.
 */
export function int64Constant(name: string, values: readonly bigint[]): NodeProto {
  return node({
    op: 'Constant',
    inputs: [],
    outputs: [name],
    attributes: { value: tensor('', 'int64', [values.length], values) },
  });
}

/**
 * One attribute of an operator, its type inferred as {@link AttributeValue} says.
 *
 * @throws InframeError ARGUMENT_INVALID for an empty array: nothing tells its type.
 */
export function attribute(name: string, value: AttributeValue): AttributeProto {
  const text = new TextEncoder();
  if (typeof value === 'string') return make(name, { type: AttributeType.STRING, s: text.encode(value) });
  if (typeof value === 'bigint') return make(name, { type: AttributeType.INT, i: value });
  if (typeof value === 'number') {
    return Number.isInteger(value)
      ? make(name, { type: AttributeType.INT, i: BigInt(value) })
      : make(name, { type: AttributeType.FLOAT, f: value });
  }
  if (isMessage(value, TensorProtoSchema)) return make(name, { type: AttributeType.TENSOR, t: value });
  if (isMessage(value, GraphProtoSchema)) return make(name, { type: AttributeType.GRAPH, g: value });
  if (isList(value)) return attribute(name, typedList(name, value));
  if ('float' in value) return make(name, { type: AttributeType.FLOAT, f: value.float });
  if ('floats' in value) return make(name, { type: AttributeType.FLOATS, floats: [...value.floats] });
  if ('ints' in value) return make(name, { type: AttributeType.INTS, ints: value.ints.map(BigInt) });
  return make(name, { type: AttributeType.STRINGS, strings: value.strings.map(item => text.encode(item)) });
}

type List = readonly (number | bigint | string)[];

/** `Array.isArray` does not narrow readonly arrays. */
function isList(value: AttributeValue): value is readonly number[] | readonly bigint[] | readonly string[] {
  return Array.isArray(value);
}

function typedList(name: string, values: List): AttributeValue {
  if (values.length === 0) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `attribute '${name}' is an empty list of unknown type; write { ints: [] }, { floats: [] } or { strings: [] }`,
    );
  }
  if (values.every(value => typeof value === 'string')) return { strings: values };
  if (values.every(value => typeof value === 'bigint' || Number.isInteger(value))) {
    return { ints: values as readonly (number | bigint)[] };
  }
  return { floats: values.map(Number) };
}

function make(name: string, fields: Partial<Omit<AttributeProto, '$typeName' | '$unknown' | 'name'>>): AttributeProto {
  return create(AttributeProtoSchema, { name, ...fields });
}
