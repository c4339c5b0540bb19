import { node as makeNode, valueInfo } from './build.js';
import { dimsOf } from './dims.js';
import { mapShared, withFields } from './message.js';
import type { GraphProto, ModelProto, NodeProto, ValueInfoProto } from './onnx_pb.js';
import { withDefaultOpset } from './opset.js';
import { graphOf, renameReads } from './walk.js';

/** A model without ZipMap, and what its columns mean. */
export interface WithoutZipMaps {
  readonly model: ModelProto;
  /** Class labels, in column order, by the name of the output that used to be a sequence of maps. */
  readonly classes: ReadonlyMap<string, readonly (string | number)[]>;
}

/**
 * Takes ZipMap (ai.onnx.ml) off a model's outputs. Converters of scikit-learn end a classifier in it: it turns the
 * probabilities, a tensor [N, classes], into a sequence of maps from label to number, one map a row. That is a
 * JavaScript object a row (against Rule 2), and onnxruntime-node cannot return it at all. The output keeps its name and
 * becomes the tensor.
 *
 * A ZipMap whose result is not an output of the model is left alone. A model without ZipMap is returned as is.
 *
 * Source: https://github.com/onnx/onnx/blob/main/docs/Operators-ml.md#ai.onnx.ml.ZipMap
 */
export function removeZipMaps(model: ModelProto): WithoutZipMaps {
  const original = graphOf(model);
  const outputs = new Set(original.output.map(output => output.name));
  const zipMaps = original.node.filter(
    node => node.opType === 'ZipMap' && node.domain === 'ai.onnx.ml' && outputs.has(node.output[0] ?? ''),
  );
  if (zipMaps.length === 0) return { model, classes: new Map() };

  const classes = new Map<string, readonly (string | number)[]>();
  let result = model;
  for (const zipMap of zipMaps) {
    const labels = labelsOf(zipMap);
    classes.set(zipMap.output[0]!, labels);
    result = removeOne(result, zipMap, labels.length);
  }
  return { model: result, classes };
}

/** int64 labels become numbers: labels beyond 2^53 do not come out of classifiers. */
function labelsOf(zipMap: NodeProto): (string | number)[] {
  for (const attribute of zipMap.attribute) {
    if (attribute.name === 'classlabels_int64s' && attribute.ints.length > 0) return attribute.ints.map(Number);
    if (attribute.name === 'classlabels_strings' && attribute.strings.length > 0) {
      const decoder = new TextDecoder();
      return attribute.strings.map(bytes => decoder.decode(bytes));
    }
  }
  return [];
}

function removeOne(model: ModelProto, zipMap: NodeProto, width: number): ModelProto {
  const graph = graphOf(model);
  const tensorName = zipMap.input[0] ?? '';
  const outputName = zipMap.output[0]!;
  // An earlier ZipMap over the same tensor may have renamed it; nodes are replaced then, so look it up by its output.
  const current = graph.node.find(item => item.opType === 'ZipMap' && item.output[0] === outputName);
  const source = current?.input[0] ?? tensorName;
  const declared = probabilities(graph, source, outputName, width);
  const output = mapShared(graph.output, item => (item.name === outputName ? declared : item));
  const produced = graph.node.some(item => item.output.includes(source));
  const isOutput = graph.output.some(item => item.name === source);

  if (produced && !isOutput) {
    // Nobody outside sees the tensor's name, so it can take over the output's: no operator is needed.
    const node = graph.node
      .filter(item => item !== current)
      .map(item => {
        const renamed = renameReads(item, source, outputName);
        if (!renamed.output.includes(source)) return renamed;
        return withFields(renamed, { output: renamed.output.map(name => (name === source ? outputName : name)) });
      });
    const valueInfo = graph.valueInfo.filter(item => item.name !== source && item.name !== outputName);
    return withFields(model, { graph: withFields(graph, { node, output, valueInfo }) });
  }
  const identity = makeNode({ op: 'Identity', inputs: [source], outputs: [outputName] });
  const node = graph.node.map(item => (item === current ? identity : item));
  const { model: ready } = withDefaultOpset(model);
  return withFields(ready, { graph: withFields(graph, { node, output }) });
}

/**
 * ZipMap takes float32 [N, classes] or [classes]; the shape is the tensor's own where stated, else put together from
 * what is.
 */
function probabilities(graph: GraphProto, source: string, name: string, width: number): ValueInfoProto {
  const declared = [...graph.valueInfo, ...graph.output, ...graph.input].find(item => item.name === source);
  const own = declared === undefined ? undefined : dimsOf(declared);
  const rows = own?.[0] ?? leadingDim(graph);
  return valueInfo({ name, dtype: 'float32', dims: own ?? [rows, width === 0 ? undefined : width] });
}

/** The number of rows, as the other outputs (the label, usually) or the inputs state it. */
function leadingDim(graph: GraphProto): number | string | undefined {
  for (const value of [...graph.output, ...graph.input]) {
    const first = dimsOf(value)?.[0];
    if (first !== undefined) return first;
  }
  return undefined;
}
