import { InframeError, listNames, nearest } from '../../frame/errors.js';
import { type TensorInfo, tensorInfo, trueInputs } from '../signature.js';
import { type Dim, withTensorType } from './dims.js';
import { mapShared, withFields } from './message.js';
import type { GraphProto, ModelProto, NodeProto, ValueInfoProto } from './onnx_pb.js';
import { withDefaultOpset } from './opset.js';
import { freshName, graphOf, renameReads } from './walk.js';

/*
 * How operators get before an input or behind an output. The value the network itself reads or writes gets a new name,
 * so that edits stack: the last one made on an input is the first to run on it, the last one made on an output the last
 * to run.
 */

/** Makes the nodes that compute `to` from `from`, in a graph written in version `opset` of ONNX's own operators. */
export type Insert = (from: string, to: string, graph: GraphProto, opset: number) => readonly NodeProto[];

/**
 * Declares an input anew, and puts nodes between it and everything that reads it, in bodies too.
 *
 * @throws InframeError MODEL_UNSUPPORTED when the input is an output as well.
 */
export function beforeInput(
  model: ModelProto,
  name: string,
  suffix: string,
  change: { readonly dims?: readonly Dim[]; readonly elemType?: number },
  insert: Insert,
): ModelProto {
  const graph = graphOf(model);
  if (graph.output.some(output => output.name === name)) throw passedThrough(name);
  const { model: ready, version } = withDefaultOpset(model);
  const inner = freshName(graph, `${name}/${suffix}`);
  const nodes = mapShared(graph.node, item => renameReads(item, name, inner));
  return withFields(ready, {
    graph: withFields(graph, {
      input: mapShared(graph.input, item => (item.name === name ? withTensorType(item, change) : item)),
      node: [...insert(name, inner, graph, version), ...nodes],
      // An entry for the input would now state the wrong shape.
      valueInfo: graph.valueInfo.filter(item => item.name !== name),
    }),
  });
}

/**
 * Puts nodes behind an output; what the network gave is an inner value from then on.
 *
 * @param declare from the output's declaration to those of what takes its place, one of which may have its name
 * @param insert is given the name of the inner value and the output's name
 * @throws InframeError MODEL_UNSUPPORTED when the output is an input as well.
 */
export function afterOutput(
  model: ModelProto,
  name: string,
  suffix: string,
  declare: (output: ValueInfoProto) => readonly ValueInfoProto[],
  insert: Insert,
): ModelProto {
  const graph = graphOf(model);
  if (graph.input.some(input => input.name === name)) throw passedThrough(name);
  const { model: ready, version } = withDefaultOpset(model);
  const inner = freshName(graph, `${name}/${suffix}`);
  const rename = (item: string): string => (item === name ? inner : item);
  const nodes = mapShared(graph.node, item => {
    const reading = renameReads(item, name, inner);
    return reading.output.includes(name) ? withFields(reading, { output: reading.output.map(rename) }) : reading;
  });
  return withFields(ready, {
    graph: withFields(graph, {
      node: [...nodes, ...insert(inner, name, graph, version)],
      initializer: mapShared(graph.initializer, item =>
        item.name === name ? withFields(item, { name: inner }) : item,
      ),
      valueInfo: mapShared(graph.valueInfo, item => (item.name === name ? withFields(item, { name: inner }) : item)),
      output: graph.output.flatMap(item => (item.name === name ? declare(item) : [item])),
    }),
  });
}

/** What an input somebody has to fill is declared as. @throws InframeError ARGUMENT_INVALID when there is none such. */
export function inputInfo(model: ModelProto, name: string): TensorInfo {
  return tensorInfo(findValue(trueInputs(graphOf(model)), name, 'input'), 'input');
}

/** What an output is declared as. @throws InframeError ARGUMENT_INVALID when there is none such. */
export function outputInfo(model: ModelProto, name: string): TensorInfo {
  return tensorInfo(findValue(graphOf(model).output, name, 'output'), 'output');
}

/** The declaration of that name. @throws InframeError ARGUMENT_INVALID when there is none such. */
export function findValue(values: readonly ValueInfoProto[], name: string, role: 'input' | 'output'): ValueInfoProto {
  const value = values.find(item => item.name === name);
  if (value !== undefined) return value;
  const names = values.map(item => item.name);
  const guess = nearest(name, names);
  throw new InframeError(
    'ARGUMENT_INVALID',
    `${role} '${name}' is not in the model; it has: ${listNames(names)}` +
      (guess === undefined ? '' : ` (did you mean '${guess}'?)`),
    { [role]: name, existing: names },
  );
}

function passedThrough(name: string): InframeError {
  return new InframeError(
    'MODEL_UNSUPPORTED',
    `input '${name}' of the model is also an output of it, so the two cannot differ in type or shape; ` +
      'export the model without that output: the column is in the table anyway',
    { input: name },
  );
}
