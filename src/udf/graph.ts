import { applySteps } from './adapters/apply-steps.js';
import type { GraphEdits } from './descriptor.js';
import { freeBatch } from './onnx/batch.js';
import type { ModelProto } from './onnx/onnx_pb.js';
import { castInput, castOutput, encodeInput, keepOutputs, transposeInput } from './onnx/rewrite.js';
import { removeZipMaps } from './onnx/zipmap.js';

/**
 * The graph that is run for a model: ZipMaps gone, other outputs gone, batch free if so decided, and what adapters compute
 * put before and after the network, so that JavaScript only moves bytes (DESIGN section 2).
 */
export function editGraph(original: ModelProto, edits: GraphEdits): ModelProto {
  let model = keepOutputs(removeZipMaps(original).model, edits.outputs);
  if (edits.batch.kind === 'free' && edits.batch.freed) model = freeBatch(model);
  // What is edited last runs first: codes are turned round before they become texts.
  for (const name of edits.encodedInputs) model = encodeInput(model, name, dictionaryOf(name));
  for (const name of edits.widenedInputs) model = castInput(model, name, 'float32');
  for (const name of edits.transposedInputs) model = transposeInput(model, name);
  for (const name of edits.widenedOutputs) model = castOutput(model, name, 'float32');
  return applySteps(model, edits.steps ?? []);
}

/** True if the file's own graph will do, so that it can be opened without a rewrite. */
export function needsNoEdit(original: ModelProto, edits: GraphEdits): boolean {
  return (
    !(edits.batch.kind === 'free' && edits.batch.freed) &&
    (edits.steps ?? []).length === 0 &&
    edits.encodedInputs.length +
      edits.widenedInputs.length +
      edits.transposedInputs.length +
      edits.widenedOutputs.length ===
      0 &&
    removeZipMaps(original).classes.size === 0 &&
    original.graph?.output.length === edits.outputs.length
  );
}

/** The input that holds the texts of a string input that is fed as codes. */
export function dictionaryOf(input: string): string {
  return `${input}/inframe_dictionary`;
}
