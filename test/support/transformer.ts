import { graph, type InitializerSpec, type NodeSpec, type ValueSpec } from '../../src/udf/onnx/build.js';
import type { ModelProto } from '../../src/udf/onnx/onnx_pb.js';

/** What a {@link transformer} is made of. */
export interface TransformerOptions {
  /** Number of token ids: 0 ... vocabulary - 1. */
  readonly vocabulary: number;
  /** Numbers that stand for a token; a multiple of `heads`. */
  readonly width: number;
  readonly heads: number;
  readonly layers: number;
  /** Tokens a row at most; 512 unless given. */
  readonly positions?: number;
  /** Classes of `logits` and `tokens`; 2 unless given. */
  readonly classes?: number;
  /** True for a third input `token_type_ids` (0 or 1), as BERT has it; true unless given. */
  readonly tokenTypes?: boolean;
  /**
   * `hidden`: `last_hidden_state` [batch, sequence, width]. `logits`: `logits` [batch, classes] of the first token.
   * `tokens`: `logits` [batch, sequence, classes].
   */
  readonly output: 'hidden' | 'logits' | 'tokens';
  /** Starts the made-up weights; 1 unless given. */
  readonly seed?: number;
}

/**
 * An encoder as BERT is one (Devlin et al., 2018, https://arxiv.org/abs/1810.04805), with made-up weights: the inputs,
 * outputs and operators an exporter writes (inputs `input_ids`, `attention_mask`, `token_type_ids`, int64
 * [batch, sequence]), at any size. Layers normalise after the residual sum, GELU is the exact one.
 *
 * @example
 * transformer({ vocabulary: 1000, width: 64, heads: 4, layers: 2, classes: 3, output: 'logits' });
 */
export function transformer(options: TransformerOptions): ModelProto {
  const { vocabulary, width, heads, layers, output } = options;
  const { positions = 512, classes = 2, tokenTypes = true, seed = 1 } = options;
  if (width % heads !== 0) throw new Error(`width ${width} is not a multiple of ${heads} heads`);
  const parts = new Parts(seed);
  const { add, weights, constant, list } = parts;

  const tokenTable = weights('embeddings.token', [vocabulary, width], 1);
  const positionTable = weights('embeddings.position', [positions, width], 1);
  const tokens = add('Gather', 'tokens', [tokenTable, 'input_ids'], { axis: 0 });
  const shape = add('Shape', 'shape', ['input_ids']);
  const length = add('Slice', 'length', [shape, list('one', [1]), list('two', [2])]);
  const places = add('Slice', 'places', [positionTable, list('zero', [0]), length, list('rows', [0])]);
  let x = add('Add', 'placed', [tokens, places]);
  if (tokenTypes) {
    const typeTable = weights('embeddings.type', [2, width], 1);
    x = add('Add', 'typed', [x, add('Gather', 'types', [typeTable, 'token_type_ids'], { axis: 0 })]);
  }
  x = parts.normalized('embeddings', x, width);

  // 0 where a token counts and -10000 where it does not, added to the attention's scores: [batch, 1, 1, sequence].
  const mask = add('Cast', 'mask', ['attention_mask'], { to: 1 });
  const wide = add('Unsqueeze', 'mask/wide', [mask, list('mask/axes', [1, 2])]);
  const absent = add('Sub', 'mask/absent', [constant('unit', [1]), wide]);
  const bias = add('Mul', 'mask/bias', [absent, constant('lowest', [-10000])]);

  const split = list('split', [0, 0, heads, width / heads]);
  const joined = list('joined', [0, 0, width]);
  const scale = constant('scale', [1 / Math.sqrt(width / heads)]);
  for (let layer = 0; layer < layers; layer++) {
    const at = `layer.${layer}`;
    const head = (name: string, perm: readonly number[]): string => {
      const flat = parts.dense(`${at}.${name}`, x, width, width);
      const parted = add('Reshape', `${at}.${name}/parted`, [flat, split]);
      return add('Transpose', `${at}.${name}/heads`, [parted], { perm });
    };
    const query = head('query', [0, 2, 1, 3]);
    const key = head('key', [0, 2, 3, 1]);
    const value = head('value', [0, 2, 1, 3]);
    const products = add('MatMul', `${at}.products`, [query, key]);
    const scores = add('Add', `${at}.scores`, [add('Mul', `${at}.scaled`, [products, scale]), bias]);
    const attention = add('Softmax', `${at}.attention`, [scores], { axis: -1 });
    const context = add('MatMul', `${at}.context`, [attention, value]);
    const back = add('Transpose', `${at}.back`, [context], { perm: [0, 2, 1, 3] });
    const together = add('Reshape', `${at}.together`, [back, joined]);
    const attended = parts.dense(`${at}.attended`, together, width, width);
    x = parts.normalized(`${at}.first`, add('Add', `${at}.sum1`, [x, attended]), width);
    const inner = parts.gelu(`${at}.gelu`, parts.dense(`${at}.up`, x, width, 4 * width));
    const down = parts.dense(`${at}.down`, inner, 4 * width, width);
    x = parts.normalized(`${at}.second`, add('Add', `${at}.sum2`, [x, down]), width);
  }

  const ids = ['input_ids', 'attention_mask', ...(tokenTypes ? ['token_type_ids'] : [])];
  return graph({
    inputs: ids.map(name => ({ name, dtype: 'int64', dims: ['batch', 'sequence'] })),
    outputs: [parts.outcome(output, x, width, classes)],
    nodes: parts.nodes,
    initializers: parts.initializers,
  });
}

/** Nodes and weights as they come up; weights are one sequence of made-up numbers, in the order of their making. */
class Parts {
  readonly nodes: NodeSpec[] = [];
  readonly initializers: InitializerSpec[] = [];
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  readonly add = (op: string, output: string, inputs: readonly string[], attributes: NodeSpec['attributes'] = {}) => {
    this.nodes.push({ op, inputs, outputs: [output], attributes });
    return output;
  };

  /** Evenly spread in -limit ... limit, by the generator of `noise` (support/onnx.ts). */
  readonly weights = (name: string, dims: readonly number[], limit: number): string => {
    const data = new Float32Array(dims.reduce((product, dim) => product * dim, 1));
    for (let index = 0; index < data.length; index++) {
      this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
      data[index] = ((this.#state / 2 ** 32) * 2 - 1) * limit;
    }
    this.initializers.push({ name, dtype: 'float32', dims, data });
    return name;
  };

  readonly constant = (name: string, data: readonly number[]): string => {
    this.initializers.push({ name, dtype: 'float32', dims: [data.length], data });
    return name;
  };

  readonly list = (name: string, data: readonly number[]): string => {
    this.initializers.push({ name, dtype: 'int64', dims: [data.length], data });
    return name;
  };

  /** `x W + b`, with weights of variance 1 / from, so that numbers keep their size through the layers. */
  dense(name: string, x: string, from: number, to: number): string {
    const weight = this.weights(`${name}.weight`, [from, to], Math.sqrt(3 / from));
    const bias = this.weights(`${name}.bias`, [to], 0.1);
    return this.add('Add', name, [this.add('MatMul', `${name}/product`, [x, weight]), bias]);
  }

  normalized(name: string, x: string, width: number): string {
    const gain = this.constant(`${name}.gain`, Array<number>(width).fill(1));
    const bias = this.weights(`${name}.shift`, [width], 0.1);
    const attributes = { axis: -1, epsilon: 1e-12 };
    return this.add('LayerNormalization', `${name}/normalized`, [x, gain, bias], attributes);
  }

  /** `x / 2 * (1 + erf(x / sqrt 2))`: Hendrycks and Gimpel, 2016, https://arxiv.org/abs/1606.08415 */
  gelu(name: string, x: string): string {
    const root = this.constant(`${name}/root`, [Math.SQRT2]);
    const one = this.constant(`${name}/one`, [1]);
    const half = this.constant(`${name}/half`, [0.5]);
    const erf = this.add('Erf', `${name}/erf`, [this.add('Div', `${name}/divided`, [x, root])]);
    const product = this.add('Mul', `${name}/product`, [x, this.add('Add', `${name}/sum`, [erf, one])]);
    return this.add('Mul', name, [product, half]);
  }

  outcome(output: TransformerOptions['output'], x: string, width: number, classes: number): ValueSpec {
    if (output === 'hidden') {
      this.add('Identity', 'last_hidden_state', [x]);
      return { name: 'last_hidden_state', dtype: 'float32', dims: ['batch', 'sequence', width] };
    }
    let read = x;
    if (output === 'logits') {
      this.initializers.push({ name: 'first', dtype: 'int64', dims: [], data: [0n] });
      const first = this.add('Gather', 'first_token', [x, 'first'], { axis: 1 });
      read = this.add('Tanh', 'pooled', [this.dense('pooler', first, width, width)]);
    }
    this.add('Identity', 'logits', [this.dense('classifier', read, width, classes)]);
    const dims = output === 'logits' ? ['batch', classes] : ['batch', 'sequence', classes];
    return { name: 'logits', dtype: 'float32', dims };
  }
}
