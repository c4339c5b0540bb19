import { InframeError } from '../../frame/errors.js';
import { mapShared, withFields } from './message.js';
import type { AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto } from './onnx_pb.js';

/*
 * Names in an ONNX graph. A value is known by its name alone, and the body of If, Loop or Scan reads values of the
 * graph around it simply by naming them (https://github.com/onnx/onnx/blob/main/docs/IR.md, "Names Within a Graph"). So
 * whoever renames or removes a value must look into every body; these functions do.
 *
 * Recursion is bounded: the parser refuses messages nested deeper than 100.
 */

/**
 * The graph of a model.
 *
 * @throws InframeError MODEL_INVALID when it has none, which `parseModel` never lets through.
 */
export function graphOf(model: ModelProto): GraphProto {
  if (model.graph === undefined) throw new InframeError('MODEL_INVALID', 'model has no graph; export it again');
  return model.graph;
}

/** The graphs an operator carries as attributes: the branches of If, the body of Loop and Scan. */
export function bodiesOf(node: NodeProto): GraphProto[] {
  return node.attribute.flatMap(attribute =>
    attribute.g === undefined ? attribute.graphs : [attribute.g, ...attribute.graphs],
  );
}

/** Every node of a graph, bodies included. */
export function* allNodes(nodes: readonly NodeProto[]): Generator<NodeProto> {
  for (const node of nodes) {
    yield node;
    for (const body of bodiesOf(node)) yield* allNodes(body.node);
  }
}

/**
 * Every constant tensor of a model: initializers, tensors in attributes, those in bodies and in the model's functions.
 */
export function* allTensors(model: ModelProto): Generator<TensorProto> {
  if (model.graph !== undefined) yield* graphTensors(model.graph);
  for (const fn of model.functions) yield* nodeTensors(fn.node);
}

function* graphTensors(graph: GraphProto): Generator<TensorProto> {
  yield* graph.initializer;
  for (const sparse of graph.sparseInitializer) {
    if (sparse.values !== undefined) yield sparse.values;
    if (sparse.indices !== undefined) yield sparse.indices;
  }
  yield* nodeTensors(graph.node);
}

function* nodeTensors(nodes: readonly NodeProto[]): Generator<TensorProto> {
  for (const node of nodes) {
    for (const attribute of node.attribute) {
      if (attribute.t !== undefined) yield attribute.t;
      yield* attribute.tensors;
    }
    for (const body of bodiesOf(node)) yield* graphTensors(body);
  }
}

/** A model whose constant tensors went through `change`; what `change` returns as is, is shared. */
export function mapTensors(model: ModelProto, change: (tensor: TensorProto) => TensorProto): ModelProto {
  return withFields(model, {
    graph: mapGraphTensors(graphOf(model), change),
    functions: mapShared(model.functions, fn => withFields(fn, { node: mapNodeTensors(fn.node, change) })),
  });
}

function mapGraphTensors(graph: GraphProto, change: (tensor: TensorProto) => TensorProto): GraphProto {
  return withFields(graph, {
    initializer: mapShared(graph.initializer, change),
    sparseInitializer: mapShared(graph.sparseInitializer, sparse =>
      withFields(sparse, {
        ...(sparse.values === undefined ? {} : { values: change(sparse.values) }),
        ...(sparse.indices === undefined ? {} : { indices: change(sparse.indices) }),
      }),
    ),
    node: mapNodeTensors(graph.node, change),
  });
}

function mapNodeTensors(nodes: readonly NodeProto[], change: (tensor: TensorProto) => TensorProto): NodeProto[] {
  return mapShared(nodes, node => {
    const attribute = mapShared(node.attribute, item => {
      if (item.t === undefined && item.tensors.length === 0 && item.g === undefined && item.graphs.length === 0) {
        return item;
      }
      return withFields(item, {
        ...(item.t === undefined ? {} : { t: change(item.t) }),
        ...(item.g === undefined ? {} : { g: mapGraphTensors(item.g, change) }),
        tensors: mapShared(item.tensors, change),
        graphs: mapShared(item.graphs, body => mapGraphTensors(body, change)),
      });
    });
    return attribute === node.attribute ? node : withFields(node, { attribute });
  });
}

/** The names a graph gives values of its own: inputs, constants and what its nodes produce. */
export function definedNames(graph: GraphProto): Set<string> {
  const names = new Set<string>();
  for (const input of graph.input) names.add(input.name);
  for (const initializer of graph.initializer) names.add(initializer.name);
  for (const sparse of graph.sparseInitializer) names.add(sparse.values?.name ?? '');
  for (const node of graph.node) for (const output of node.output) names.add(output);
  names.delete('');
  return names;
}

/** The names a node reads from the graph it stands in: its inputs, and what its bodies take from outside themselves. */
export function readNames(node: NodeProto): Set<string> {
  const names = new Set(node.input);
  for (const body of bodiesOf(node)) for (const name of capturedNames(body)) names.add(name);
  names.delete('');
  return names;
}

/** The names a body reads but does not define. */
export function capturedNames(body: GraphProto): Set<string> {
  const names = new Set(body.output.map(output => output.name));
  for (const node of body.node) for (const name of readNames(node)) names.add(name);
  for (const own of definedNames(body)) names.delete(own);
  names.delete('');
  return names;
}

/** A node that reads `to` wherever it, or a body of it, read `from`. */
export function renameReads(node: NodeProto, from: string, to: string): NodeProto {
  const input = mapShared(node.input, name => (name === from ? to : name));
  const attribute = mapShared(node.attribute, item => renameInAttribute(item, from, to));
  return input === node.input && attribute === node.attribute ? node : withFields(node, { input, attribute });
}

function renameInAttribute(attribute: AttributeProto, from: string, to: string): AttributeProto {
  const g = attribute.g === undefined ? undefined : renameInBody(attribute.g, from, to);
  const graphs = mapShared(attribute.graphs, body => renameInBody(body, from, to));
  if (g === attribute.g && graphs === attribute.graphs) return attribute;
  return withFields(attribute, { ...(g === undefined ? {} : { g }), graphs });
}

function renameInBody(body: GraphProto, from: string, to: string): GraphProto {
  // A body that defines the name itself means its own value, not the one outside.
  if (definedNames(body).has(from)) return body;
  const node = mapShared(body.node, item => renameReads(item, from, to));
  const output = mapShared(body.output, item => (item.name === from ? withFields(item, { name: to }) : item));
  return node === body.node && output === body.output ? body : withFields(body, { node, output });
}

/**
 * A name nothing in the graph has, bodies included: `base` itself, or `base_2`, `base_3` ...
 */
export function freshName(graph: GraphProto, base: string): string {
  const taken = new Set<string>();
  collectNames(graph, taken);
  if (!taken.has(base)) return base;
  let count = 2;
  while (taken.has(`${base}_${count}`)) count++;
  return `${base}_${count}`;
}

function collectNames(graph: GraphProto, names: Set<string>): void {
  for (const name of definedNames(graph)) names.add(name);
  for (const value of [...graph.output, ...graph.valueInfo]) names.add(value.name);
  for (const node of graph.node) {
    for (const name of node.input) names.add(name);
    for (const body of bodiesOf(node)) collectNames(body, names);
  }
}
