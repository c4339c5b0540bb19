import { withFields } from './message.js';
import type { GraphProto, NodeProto } from './onnx_pb.js';
import { readNames } from './walk.js';

/**
 * A graph without what none of its outputs needs: nodes, constants and notes on intermediate shapes (value_info).
 *
 * Inputs stay, even unused ones: they are the caller's interface. The exception are inputs that merely list a constant,
 * as files before IR version 4 do: with the constant gone they would turn into inputs somebody has to fill.
 */
export function withoutDeadParts(graph: GraphProto): GraphProto {
  const needed = new Set(graph.output.map(output => output.name));
  const node = liveNodes(graph.node, needed);
  const constants = new Set([
    ...graph.initializer.map(initializer => initializer.name),
    ...graph.sparseInitializer.map(sparse => sparse.values?.name ?? ''),
  ]);
  const produced = new Set(node.flatMap(item => item.output));
  return withFields(graph, {
    node,
    input: graph.input.filter(input => needed.has(input.name) || !constants.has(input.name)),
    initializer: graph.initializer.filter(initializer => needed.has(initializer.name)),
    sparseInitializer: graph.sparseInitializer.filter(sparse => needed.has(sparse.values?.name ?? '')),
    valueInfo: graph.valueInfo.filter(value => produced.has(value.name) || needed.has(value.name)),
  });
}

/** The nodes that lead to `needed`, in their order; adds everything they read to `needed`. */
function liveNodes(nodes: readonly NodeProto[], needed: Set<string>): NodeProto[] {
  // ONNX asks for nodes in an order in which producers come first, but a stranger's file may not keep to it. So follow
  // the names instead of trusting one pass from the back.
  const producers = new Map<string, NodeProto>();
  for (const node of nodes) for (const output of node.output) if (output !== '') producers.set(output, node);
  const live = new Set<NodeProto>();
  const open = [...needed];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const node = producers.get(name);
    if (node === undefined || live.has(node)) continue;
    live.add(node);
    for (const read of readNames(node)) {
      needed.add(read);
      open.push(read);
    }
  }
  return nodes.filter(node => live.has(node));
}
