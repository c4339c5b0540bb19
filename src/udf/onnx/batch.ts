import type { ModelSignature, TensorInfo } from '../signature.js';
import { describeTensor, signatureOf, trueInputs } from '../signature.js';
import { attribute, int64Constant } from './build.js';
import { dimsOf, withTensorType } from './dims.js';
import { mapShared, withFields } from './message.js';
import type { GraphProto, ModelProto, NodeProto, ValueInfoProto } from './onnx_pb.js';
import { defaultOpset, isDefaultDomain } from './opset.js';
import { withoutDeadParts } from './prune.js';
import { int64Values } from './tensor.js';
import { bodiesOf, freshName, graphOf, readNames } from './walk.js';

/**
 * How many rows a model takes at a time: any number, always the same, or it does not work by rows at all (`reason` is a
 * clause that finishes "the model cannot score a table in batches, because").
 */
export type Batch =
  | { readonly kind: 'free' }
  | { readonly kind: 'fixed'; readonly size: number }
  | { readonly kind: 'none'; readonly reason: string };

/**
 * Works out from the signature alone whether the first dimension of everything is the row.
 *
 * An output fixed at 1 beside free inputs counts as fixed at 1: exporters that free the inputs often forget the
 * outputs, and the caller who tries `freeBatch` and compares numbers finds out which it is.
 */
export function batchOf(signature: ModelSignature): Batch {
  if (signature.inputs.length === 0) return { kind: 'none', reason: 'it has no inputs' };
  const sizes = new Set<number | 'free'>();
  for (const input of signature.inputs) {
    if (input.dims === undefined) return none('input', input, 'does not state its number of dimensions');
    if (input.dims.length === 0) return none('input', input, 'is a single value, not one a row');
    const rows = input.dims[0];
    if (rows === 0) return none('input', input, 'has no rows');
    sizes.add(typeof rows === 'number' ? rows : 'free');
  }
  if (sizes.size > 1) {
    const list = signature.inputs.map(input => `${input.name} ${describeTensor(input)}`).join(', ');
    return { kind: 'none', reason: `its inputs do not agree on the number of rows: ${list}` };
  }
  const size = [...sizes][0]!;

  let rows = size;
  for (const output of signature.outputs) {
    if (output.dims === undefined) continue;
    if (output.dims.length === 0) return none('output', output, 'is a single value, not one a row');
    const own = output.dims[0];
    if (typeof own !== 'number' || own === size) continue;
    if (size === 'free' && own === 1) rows = 1;
    else return none('output', output, `has ${own} rows for ${size === 'free' ? 'any number' : size} of the input`);
  }
  return rows === 'free' ? { kind: 'free' } : { kind: 'fixed', size: rows };
}

function none(role: string, info: TensorInfo, what: string): Batch {
  return { kind: 'none', reason: `${role} '${info.name}' ${describeTensor(info)} ${what}` };
}

/**
 * Proposes the model with its number of rows left open: the first dimension of every input and output gets a name, the
 * stated shapes of intermediate values, now wrong, go, and constants that spell out the old number are repaired (the
 * target shape of Reshape, and of Expand) where the data comes from an input. Weights are left alone.
 *
 * Nobody can see from the graph alone that this is right: the caller runs both models on the same rows and keeps the
 * original when the numbers differ. A model whose batch is free already, or that has none, comes back as it is.
 *
 * @throws InframeError as `signatureOf` does.
 */
export function freeBatch(model: ModelProto): ModelProto {
  const batch = batchOf(signatureOf(model));
  if (batch.kind !== 'fixed') return model;
  const graph = graphOf(model);
  const symbol = freeSymbol(graph);
  const inputs = new Set(trueInputs(graph));
  const open = (value: ValueInfoProto): ValueInfoProto => {
    const dims = dimsOf(value);
    return dims?.[0] === batch.size ? withTensorType(value, { dims: [symbol, ...dims.slice(1)] }) : value;
  };
  const opened = withFields(graph, {
    input: mapShared(graph.input, value => (inputs.has(value) ? open(value) : value)),
    output: mapShared(graph.output, open),
    node: withoutShapeNotes(graph.node),
    valueInfo: [],
  });
  const repaired = repairShapes(opened, batch.size, defaultOpset(model) ?? 0);
  return withFields(model, { graph: withoutDeadParts(repaired) });
}

/** A name for the row dimension that no declared dimension has: two dimensions of one name must be of one size. */
function freeSymbol(graph: GraphProto): string {
  const taken = new Set([...graph.input, ...graph.output].flatMap(value => dimsOf(value) ?? []));
  let symbol = 'N';
  for (let count = 2; taken.has(symbol); count++) symbol = `N${count}`;
  return symbol;
}

/** Bodies of If and Loop state shapes of their own. */
function withoutShapeNotes(nodes: readonly NodeProto[]): NodeProto[] {
  const strip = (body: GraphProto): GraphProto =>
    withFields(body, { valueInfo: [], node: withoutShapeNotes(body.node) });
  return mapShared(nodes, node => {
    if (bodiesOf(node).length === 0) return node;
    const stripped = node.attribute.map(item =>
      withFields(item, { ...(item.g === undefined ? {} : { g: strip(item.g) }), graphs: item.graphs.map(strip) }),
    );
    return withFields(node, { attribute: stripped });
  });
}

function repairShapes(graph: GraphProto, size: number, opset: number): GraphProto {
  const fromInputs = dependents(graph);
  const constants = shapeConstants(graph);
  const added: NodeProto[] = [];
  let scratch = graph;

  const withShape = (node: NodeProto, shape: readonly bigint[]): NodeProto => {
    // A constant of its own, because the old one may serve other nodes too, weights among them.
    const name = freshName(scratch, `${node.input[1]}/free`);
    const fresh = int64Constant(name, shape);
    added.push(fresh);
    scratch = withFields(scratch, { node: [...scratch.node, fresh] });
    return withFields(node, { input: node.input.map((item, index) => (index === 1 ? name : item)) });
  };

  const node = mapShared(graph.node, item => {
    if (!isDefaultDomain(item.domain) || !fromInputs.has(item.input[0] ?? '')) return item;
    if (item.opType === 'Reshape' && opset < 5) return reshapeByAttribute(item, size);
    const shape = constants.get(item.input[1] ?? '');
    if (shape === undefined || shape[0] !== BigInt(size)) return item;
    if (item.opType === 'Reshape') {
      const freed = freeShape(shape, zeroIsZero(item));
      return freed === undefined ? item : withShape(item, freed);
    }
    // Expand broadcasts both ways, so 1 keeps whatever number of rows the data has.
    if (item.opType === 'Expand' && size !== 1) return withShape(item, [1n, ...shape.slice(1)]);
    return item;
  });
  return withFields(graph, { node: [...added, ...node] });
}

/**
 * The shape with its first entry left open: -1 ("whatever is left") if no other entry is, else 0 ("as in the data"),
 * unless the node takes 0 for zero. Source: https://github.com/onnx/onnx/blob/main/docs/Operators.md#Reshape
 */
function freeShape(shape: readonly bigint[], literalZero: boolean): bigint[] | undefined {
  const rest = shape.slice(1);
  if (!rest.includes(-1n)) return [-1n, ...rest];
  return literalZero ? undefined : [0n, ...rest];
}

function zeroIsZero(node: NodeProto): boolean {
  return node.attribute.some(item => item.name === 'allowzero' && item.i !== 0n);
}

function reshapeByAttribute(node: NodeProto, size: number): NodeProto {
  const shape = node.attribute.find(item => item.name === 'shape')?.ints;
  if (shape === undefined || shape[0] !== BigInt(size)) return node;
  const freed = freeShape(shape, false);
  if (freed === undefined) return node;
  return withFields(node, {
    attribute: node.attribute.map(item => (item.name === 'shape' ? attribute('shape', freed) : item)),
  });
}

/** Every value that depends on an input of the model: the rest is weights. */
function dependents(graph: GraphProto): Set<string> {
  const names = new Set(trueInputs(graph).map(input => input.name));
  for (const node of graph.node) {
    for (const read of readNames(node)) {
      if (!names.has(read)) continue;
      for (const output of node.output) names.add(output);
      break;
    }
  }
  names.delete('');
  return names;
}

/** Constant int64 vectors by name, given as initializers or by Constant nodes. */
function shapeConstants(graph: GraphProto): Map<string, bigint[]> {
  const constants = new Map<string, bigint[]>();
  for (const initializer of graph.initializer) {
    const values = int64Values(initializer);
    if (values !== undefined) constants.set(initializer.name, values);
  }
  for (const node of graph.node) {
    if (node.opType !== 'Constant' || !isDefaultDomain(node.domain)) continue;
    for (const item of node.attribute) {
      if (item.name === 'value_ints') constants.set(node.output[0] ?? '', [...item.ints]);
      if (item.name !== 'value' || item.t === undefined) continue;
      const values = int64Values(item.t);
      if (values !== undefined) constants.set(node.output[0] ?? '', values);
    }
  }
  return constants;
}
