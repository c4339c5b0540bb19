import { InframeError, listNames } from '../../frame/errors.js';
import { int64Constant, node as makeNode, valueInfo } from './build.js';
import { type Dim, withTensorType } from './dims.js';
import { type Dtype, dtypeCode } from './dtype.js';
import { afterOutput, beforeInput, findValue, inputInfo, outputInfo } from './insert.js';
import { withFields } from './message.js';
import type { ModelProto, ValueInfoProto } from './onnx_pb.js';
import { castNode } from './operators.js';
import { withoutDeadParts } from './prune.js';
import { freshName, graphOf } from './walk.js';

/*
 * Operators put before and after a network, so that ONNX Runtime does the arithmetic and JavaScript only moves bytes.
 *
 * Every function keeps the names of the model's inputs and outputs and gives the value inside a new one, so edits
 * stack: the last one made on an input is the first to run on it, the last one made on an output the last to run.
 */

/**
 * Turns an input [N, k] round: the model then takes [k, N], in which every column of a table is one run of memory, and
 * a Transpose restores the rows for the network. JavaScript copies whole columns and the graph does the reordering.
 *
 * @throws InframeError ARGUMENT_INVALID when there is no such input; MODEL_UNSUPPORTED when it has not two dimensions
 *   or is an output as well.
 */
export function transposeInput(model: ModelProto, name: string): ModelProto {
  const { dims } = inputInfo(model, name);
  if (dims?.length !== 2) {
    throw new InframeError(
      'MODEL_UNSUPPORTED',
      `input '${name}' of the model has ${dims === undefined ? 'an unstated number of' : dims.length} dimensions; ` +
        'only one with two (rows, columns) can be transposed: reshape it first',
      { input: name },
    );
  }
  return beforeInput(model, name, 'rows', { dims: [dims[1], dims[0]] }, (from, to) => [
    makeNode({ op: 'Transpose', inputs: [from], outputs: [to], attributes: { perm: [1, 0] } }),
  ]);
}

/**
 * Lets an input be given in another shape; a Reshape restores the network's own. Without `dims` the rows are flattened:
 * [N, 3, 224, 224] is then given as [N, 150528]. Say `['N']` to give an input [N, 1] as [N].
 *
 * @throws InframeError ARGUMENT_INVALID when there is no such input or `dims` holds another number of elements a row;
 *   MODEL_UNSUPPORTED when the input's rank or more than one of its sizes is open, or it is an output as well.
 */
export function reshapeInput(model: ModelProto, name: string, dims?: readonly Dim[]): ModelProto {
  const info = inputInfo(model, name);
  const original = info.dims;
  if (original === undefined || original.filter(dim => typeof dim !== 'number').length > 1 || original.includes(0)) {
    const shape = original === undefined ? 'no stated rank' : `shape [${original.map(dim => dim ?? '?').join(', ')}]`;
    throw new InframeError(
      'MODEL_UNSUPPORTED',
      `input '${name}' of the model has ${shape}; ` +
        'only an input with at most one open size and none of 0 can be reshaped: export the model with fixed sizes',
      { input: name },
    );
  }
  const target = dims ?? [original[0], original.slice(1).reduce<number>((product, dim) => product * Number(dim), 1)];
  if (openSizes(target) !== openSizes(original) || fixedSize(target) !== fixedSize(original) || target.includes(0)) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `shape [${target.map(dim => dim ?? '?').join(', ')}] does not hold as many elements as ` +
        `input '${name}' of the model, [${original.map(dim => dim ?? '?').join(', ')}]; give one with the same number`,
      { input: name },
    );
  }
  const shape = original.map(dim => (typeof dim === 'number' ? BigInt(dim) : -1n));
  return beforeInput(model, name, 'shaped', { dims: target }, (from, to, graph, opset) => {
    // Before version 5 the shape was an attribute: https://github.com/onnx/onnx/blob/main/docs/Changelog.md#Reshape-5
    if (opset < 5) return [makeNode({ op: 'Reshape', inputs: [from], outputs: [to], attributes: { shape } })];
    const shapeName = freshName(graph, `${name}/shape`);
    return [int64Constant(shapeName, shape), makeNode({ op: 'Reshape', inputs: [from, shapeName], outputs: [to] })];
  });
}

/**
 * Lets a string input be given as codes: the input takes int32 positions in a new input, the dictionary [U] of the texts
 * that occur, and a Gather restores the strings. A text then crosses into ONNX Runtime once a run, not once a row.
 *
 * @param dictionary the name of the new input
 * @throws InframeError ARGUMENT_INVALID when there is no such input or it is not of strings; MODEL_UNSUPPORTED when it is
 *   an output as well.
 */
export function encodeInput(model: ModelProto, name: string, dictionary: string): ModelProto {
  const own = inputInfo(model, name).dtype;
  if (own !== 'string') {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `input '${name}' of the model is ${own}; only strings are given as codes`,
    );
  }
  const codes = { elemType: dtypeCode('int32') };
  const encoded = beforeInput(model, name, 'texts', codes, (from, to) => [
    makeNode({ op: 'Gather', inputs: [dictionary, from], outputs: [to], attributes: { axis: 0 } }),
  ]);
  const graph = graphOf(encoded);
  const texts = valueInfo({ name: dictionary, dtype: 'string', dims: ['U'] });
  return withFields(encoded, { graph: withFields(graph, { input: [...graph.input, texts] }) });
}

/**
 * Lets an input be given as another element type; a Cast restores the network's own: pixels travel as bytes, not as
 * floats. ONNX's Cast rounds towards zero from float to integer, and bool is `value != 0`.
 *
 * @throws InframeError ARGUMENT_INVALID when there is no such input; MODEL_UNSUPPORTED when it is an output as well.
 */
export function castInput(model: ModelProto, name: string, dtype: Dtype): ModelProto {
  const own = inputInfo(model, name).dtype;
  if (own === dtype) return model;
  return beforeInput(model, name, own, { elemType: dtypeCode(dtype) }, (from, to, _graph, opset) => [
    castNode(from, to, own, opset),
  ]);
}

/**
 * Gives an output as another element type, through a Cast after the network.
 *
 * @throws InframeError ARGUMENT_INVALID when there is no such output; MODEL_UNSUPPORTED when it is an input as well, or
 *   not a tensor.
 */
export function castOutput(model: ModelProto, name: string, dtype: Dtype): ModelProto {
  const own = outputInfo(model, name).dtype;
  if (own === dtype) return model;
  const declare = (output: ValueInfoProto) => [withTensorType(output, { elemType: dtypeCode(dtype) })];
  return afterOutput(model, name, own, declare, (from, to, _graph, opset) => [castNode(from, to, dtype, opset)]);
}

/**
 * The model with these outputs only, in the model's order, and without the nodes and constants nobody needs any more.
 * Inputs stay, used or not.
 *
 * @throws InframeError ARGUMENT_INVALID for a name that is not an output, or no names at all.
 */
export function keepOutputs(model: ModelProto, names: readonly string[]): ModelProto {
  const graph = graphOf(model);
  for (const name of names) findValue(graph.output, name, 'output');
  if (names.length === 0) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `outputs of the model must not all go; ` +
        `it has: ${listNames(graph.output.map(item => item.name))}: name one to keep`,
    );
  }
  const kept = new Set(names);
  const output = graph.output.filter(item => kept.has(item.name));
  return withFields(model, { graph: withoutDeadParts(withFields(graph, { output })) });
}

function openSizes(dims: readonly Dim[]): number {
  return dims.filter(dim => typeof dim !== 'number').length;
}

function fixedSize(dims: readonly Dim[]): number {
  return dims.reduce<number>((product, dim) => (typeof dim === 'number' ? product * dim : product), 1);
}
