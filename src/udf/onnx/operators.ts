import { InframeError } from '../../frame/errors.js';
import { type AttributeValue, attribute, int64Constant, node as makeNode, type TensorData, tensor } from './build.js';
import { codeName, type Dtype, dtypeCode } from './dtype.js';
import { withFields } from './message.js';
import type { GraphProto, NodeProto } from './onnx_pb.js';
import { freshName } from './walk.js';

/** The first version of ONNX's own operators whose arithmetic broadcasts, and the first ONNX Runtime promises to run. */
const FIRST = 7;

/**
 * Operators in the making, each in the form that the graph's version of ONNX's own operators asks for: what is an
 * attribute in one version is an input in another. Every method gives the name of what its operator computes; that name
 * is new to the graph unless `to` says it.
 *
 * Source of the forms: https://github.com/onnx/onnx/blob/main/docs/Changelog.md
 */
export class Operators {
  readonly nodes: NodeProto[] = [];
  readonly #graph: GraphProto;
  readonly #opset: number;
  readonly #prefix: string;
  #count = 0;

  /**
   * @param prefix what new names begin with: the input or output they belong to
   * @throws InframeError MODEL_UNSUPPORTED for a version before 7
   */
  constructor(graph: GraphProto, opset: number, prefix: string) {
    if (opset < FIRST) {
      throw new InframeError(
        'MODEL_UNSUPPORTED',
        `opset ${opset} of the model is too old to put operators around it; it must be ${FIRST} or later: ` +
          'convert the model with onnx.version_converter, or export it again',
        { opset },
      );
    }
    this.#graph = graph;
    this.#opset = opset;
    this.#prefix = prefix;
  }

  #name(word: string): string {
    this.#count += 1;
    return freshName(this.#graph, `${this.#prefix}/${word.toLowerCase()}_${this.#count}`);
  }

  /** Any operator of one output whose form is the same in all versions. */
  add(op: string, inputs: readonly string[], attributes: Readonly<Record<string, AttributeValue>> = {}, to?: string) {
    const output = to ?? this.#name(op);
    this.nodes.push(makeNode({ op, inputs, outputs: [output], attributes }));
    return output;
  }

  /** A constant; a node rather than an initializer for the reason {@link int64Constant} has. */
  constant(dtype: Dtype, dims: readonly number[], data: TensorData): string {
    return this.add('Constant', [], { value: tensor('', dtype, dims, data) });
  }

  /** A constant int64 vector. */
  integers(values: readonly number[]): string {
    const output = this.#name('constant');
    this.nodes.push(int64Constant(output, values.map(BigInt)));
    return output;
  }

  cast(x: string, dtype: Dtype, to?: string): string {
    const output = to ?? this.#name('cast');
    this.nodes.push(castNode(x, output, dtype, this.#opset));
    return output;
  }

  reshape(x: string, shape: readonly number[], to?: string): string {
    return this.add('Reshape', [x, this.integers(shape)], {}, to);
  }

  /** `axes` must not be negative: before version 11 that was not allowed. */
  squeeze(x: string, axes: readonly number[], to?: string): string {
    return this.#withAxes('Squeeze', 13, x, axes, {}, to);
  }

  /** As {@link squeeze}. */
  unsqueeze(x: string, axes: readonly number[], to?: string): string {
    return this.#withAxes('Unsqueeze', 13, x, axes, {}, to);
  }

  /** As {@link squeeze}; the axes stay, of size 1, if `keep` says so. */
  reduce(op: 'ReduceMean' | 'ReduceMax' | 'ReduceSum', x: string, axes: readonly number[], keep: boolean, to?: string) {
    return this.#withAxes(op, op === 'ReduceSum' ? 13 : 18, x, axes, { keepdims: keep ? 1 : 0 }, to);
  }

  #withAxes(
    op: string,
    inputSince: number,
    x: string,
    axes: readonly number[],
    attributes: Readonly<Record<string, AttributeValue>>,
    to: string | undefined,
  ): string {
    if (this.#opset < inputSince) return this.add(op, [x], { ...attributes, axes }, to);
    return this.add(op, [x, this.integers(axes)], attributes, to);
  }

  /** Elements `start` to before `end` of one axis; negative ones count from its end. */
  slice(x: string, axis: number, start: number, end: number, to?: string): string {
    if (this.#opset < 10) return this.add('Slice', [x], { starts: [start], ends: [end], axes: [axis] }, to);
    return this.add('Slice', [x, this.integers([start]), this.integers([end]), this.integers([axis])], {}, to);
  }

  /** Values no lower than `low` and no higher than `high`. */
  clip(x: string, dtype: 'float32' | 'float64', low: number, high: number | undefined, to?: string): string {
    if (this.#opset < 11) {
      const limits = { min: { float: low }, ...(high === undefined ? {} : { max: { float: high } }) };
      if (dtype === 'float32') return this.add('Clip', [x], limits, to);
      // Clip was of float32 alone before version 11.
      return this.cast(this.add('Clip', [this.cast(x, 'float32')], limits), 'float64', to);
    }
    const limits = [low, ...(high === undefined ? [] : [high])].map(limit => this.constant(dtype, [], [limit]));
    return this.add('Clip', [x, ...limits], {}, to);
  }

  /**
   * Softmax or LogSoftmax along one axis of a tensor of `rank` axes. Before version 13 these worked on everything from
   * `axis` to the last one together, which is the same only for the last.
   */
  softmax(op: 'Softmax' | 'LogSoftmax', x: string, axis: number, rank: number, to?: string): string {
    if (this.#opset >= 13 || axis === rank - 1) return this.add(op, [x], { axis }, to);
    const perm = Array.from({ length: rank }, (_, index) => index);
    perm[axis] = rank - 1;
    perm[rank - 1] = axis;
    const last = this.add('Transpose', [x], { perm });
    return this.add('Transpose', [this.add(op, [last], { axis: rank - 1 })], { perm }, to);
  }

  /** The `k` largest of the last axis, largest first, and their places (int64). */
  topK(x: string, k: number, axis: number, values: string, places: string): void {
    const outputs = [values, places];
    if (this.#opset < 10) {
      this.nodes.push(makeNode({ op: 'TopK', inputs: [x], outputs, attributes: { axis, k } }));
      return;
    }
    // From version 11 on `largest` and `sorted` exist, and are what we want unless said.
    this.nodes.push(makeNode({ op: 'TopK', inputs: [x, this.integers([k])], outputs, attributes: { axis } }));
  }

  /** A tensor with `before` and `after` elements more on the last of two axes, mirrored there without the end itself. */
  reflect(x: string, before: number, after: number, to?: string): string {
    const pads = [0, before, 0, after];
    if (this.#opset < 11) return this.add('Pad', [x], { mode: 'reflect', pads }, to);
    return this.add('Pad', [x, this.integers(pads)], { mode: 'reflect' }, to);
  }
}

/** A Cast in the form of its version. */
export function castNode(from: string, to: string, dtype: Dtype, opset: number): NodeProto {
  const code = dtypeCode(dtype);
  const node = makeNode({ op: 'Cast', inputs: [from], outputs: [to], attributes: { to: code } });
  if (opset >= 6) return node;
  // Before version 6 the type was named: https://github.com/onnx/onnx/blob/main/docs/Changelog.md#Cast-1
  const old: Partial<Record<Dtype, string>> = { float32: 'FLOAT', float64: 'DOUBLE' };
  return withFields(node, { attribute: [attribute('to', old[dtype] ?? codeName(code).toUpperCase())] });
}
