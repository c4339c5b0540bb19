import type { GraphEdits } from './descriptor.js';
import { freeBatch } from './onnx/batch.js';
import type { ModelProto } from './onnx/onnx_pb.js';
import { castInput, castOutput, keepOutputs, transposeInput } from './onnx/rewrite.js';
import { removeZipMaps } from './onnx/zipmap.js';

/**
 * The graph that is run for a model: ZipMaps gone, other outputs gone, batch free if so decided, and what adapters compute
 * put before and after the network, so that JavaScript only moves bytes (DESIGN section 2).
 */
export function editGraph(original: ModelProto, edits: GraphEdits): ModelProto {
  let model = keepOutputs(removeZipMaps(original).model, edits.outputs);
  if (edits.batch.kind === 'free' && edits.batch.freed) model = freeBatch(model);
  for (const name of edits.widenedInputs) model = castInput(model, name, 'float32');
  for (const name of edits.transposedInputs) model = transposeInput(model, name);
  for (const name of edits.widenedOutputs) model = castOutput(model, name, 'float32');
  return model;
}

/** True if the file's own graph will do, so that it can be opened without a rewrite. */
export function needsNoEdit(original: ModelProto, edits: GraphEdits): boolean {
  return (
    !(edits.batch.kind === 'free' && edits.batch.freed) &&
    edits.widenedInputs.length + edits.transposedInputs.length + edits.widenedOutputs.length === 0 &&
    removeZipMaps(original).classes.size === 0 &&
    original.graph?.output.length === edits.outputs.length
  );
}
