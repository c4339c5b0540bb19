import { InframeError } from '../../../frame/errors.js';
import { graph, type InitializerSpec, type NodeSpec } from '../build.js';
import type { ModelProto } from '../onnx_pb.js';

/** A table of vectors to find the nearest in. */
export interface SimilarityOptions {
  /** `count` vectors of `dims` numbers, one after the other. */
  readonly vectors: Float32Array;
  readonly count: number;
  readonly dims: number;
  /** `cosine`: of the angle; `dot`: the product; `l2`: the distance. */
  readonly metric: 'cosine' | 'dot' | 'l2';
  /** How many are wanted. */
  readonly top: number;
  /** Vectors that are compared at a time; 65536 unless given, which is 256 kB for each row of the batch. */
  readonly chunk?: number;
}

const CHUNK = 65536;

/** A protobuf message holds 2 GiB at most; a little is for the graph. */
const MOST_BYTES = 2 ** 31 - 2 ** 20;

/**
 * A model that finds the nearest of a table of vectors: input `vector` float32 [N, dims]; outputs `index` int64 [N, top],
 * their places in the table, and `score` float32 [N, top], best first: the largest cosine or product, the smallest
 * distance. Of equal ones the first in the table comes first. A vector of zeros has cosine 0 to everything.
 *
 * The comparison is one product of matrices. Distances are ranked as `|v|^2 - 2 qv`, which loses digits where `q` and `v`
 * are near to each other and far from zero, so those of the best are then computed once more, from the differences.
 *
 * @throws InframeError ARGUMENT_INVALID for a table that is not `count` times `dims` finite numbers, is empty or above
 *   2 GiB, or for a `top` that is not 1 to `count`.
 */
export function similarityModel(options: SimilarityOptions): ModelProto {
  check(options);
  const { vectors, count, dims, metric, top, chunk = CHUNK } = options;
  const nodes: NodeSpec[] = [];
  const initializers: InitializerSpec[] = [];
  const add = (op: string, inputs: readonly string[], output: string, attributes: NodeSpec['attributes'] = {}) => {
    nodes.push({ op, inputs, outputs: [output], attributes });
    return output;
  };
  const integers = (name: string, values: readonly number[], shape: readonly number[] = [values.length]) => {
    initializers.push({ name, dtype: 'int64', dims: shape, data: values });
    return name;
  };
  const query = metric === 'cosine' ? add('LpNormalization', ['vector'], 'unit', { axis: 1, p: 2 }) : 'vector';
  const axis = metric === 'l2' ? integers('middle', [1]) : '';
  const largest = metric === 'l2' ? 0 : 1;

  const parts = Math.ceil(count / chunk);
  const found = Array.from({ length: parts }, (_, part) => {
    const first = part * chunk;
    const size = Math.min(chunk, count - first);
    const own = vectors.subarray(first * dims, (first + size) * dims);
    const named = (name: string): string => `${name}_${part}`;
    const table = named('vectors');
    const data = metric === 'cosine' ? unitVectors(own, dims) : own;
    initializers.push({ name: table, dtype: 'float32', dims: [size, dims], data });
    const bias: string[] = [];
    if (metric === 'l2') {
      bias.push(named('squares'));
      initializers.push({ name: named('squares'), dtype: 'float32', dims: [size], data: squares(own, dims) });
    }
    const scores = add('Gemm', [query, table, ...bias], named('scores'), {
      transB: 1,
      alpha: { float: metric === 'l2' ? -2 : 1 },
    });
    const places = named('places');
    const k = integers(named('k'), [Math.min(top, size)]);
    nodes.push({ op: 'TopK', inputs: [scores, k], outputs: [named('best'), places], attributes: { largest } });
    const score =
      metric === 'l2'
        ? distances(add, query, axis, add('Gather', [table, places], named('near')), named)
        : named('best');
    const index = first === 0 ? places : add('Add', [places, integers(named('first'), [first], [])], named('placed'));
    return { score, index };
  });

  // A second choice, among the best of all parts. Distances need one even of a single part: they were computed anew.
  if (parts > 1 || metric === 'l2') {
    const all = add(
      'Concat',
      found.map(part => part.score),
      'all_scores',
      { axis: 1 },
    );
    const indexes = add(
      'Concat',
      found.map(part => part.index),
      'all_indexes',
      { axis: 1 },
    );
    const k = integers('k', [top]);
    nodes.push({ op: 'TopK', inputs: [all, k], outputs: ['score', 'chosen'], attributes: { largest } });
    add('GatherElements', [indexes, 'chosen'], 'index', { axis: 1 });
  } else {
    add('Identity', [found[0]!.index], 'index');
    add('Identity', [found[0]!.score], 'score');
  }
  return graph({
    inputs: [{ name: 'vector', dtype: 'float32', dims: ['N', dims] }],
    outputs: [
      { name: 'index', dtype: 'int64', dims: ['N', top] },
      { name: 'score', dtype: 'float32', dims: ['N', top] },
    ],
    nodes,
    initializers,
  });
}

/** From vectors [N, dims] to those near them [N, k, dims]: [N, k]. */
function distances(
  add: (op: string, inputs: readonly string[], output: string, attributes?: NodeSpec['attributes']) => string,
  query: string,
  axis: string,
  near: string,
  named: (name: string) => string,
): string {
  const difference = add('Sub', [near, add('Unsqueeze', [query, axis], named('wide'))], named('difference'));
  return add('ReduceL2', [difference], named('distances'), { axes: [2], keepdims: 0 });
}

function unitVectors(vectors: Float32Array, dims: number): Float32Array {
  const unit = new Float32Array(vectors.length);
  for (let first = 0; first < vectors.length; first += dims) {
    const length = Math.sqrt(squareOf(vectors, first, dims));
    if (length === 0) continue;
    for (let index = first; index < first + dims; index++) unit[index] = vectors[index]! / length;
  }
  return unit;
}

function squares(vectors: Float32Array, dims: number): Float32Array {
  return Float32Array.from({ length: vectors.length / dims }, (_, row) => squareOf(vectors, row * dims, dims));
}

function squareOf(vectors: Float32Array, first: number, dims: number): number {
  let sum = 0;
  for (let index = first; index < first + dims; index++) sum += vectors[index]! ** 2;
  return sum;
}

function check(options: SimilarityOptions): void {
  const { vectors, count, dims, top, chunk = CHUNK } = options;
  const invalid = (message: string) => new InframeError('ARGUMENT_INVALID', message);
  const whole = (value: number): boolean => Number.isSafeInteger(value) && value >= 1;
  if (!whole(count) || !whole(dims) || vectors.length !== count * dims) {
    throw invalid(
      `vectors to compare with are ${vectors.length} numbers, which is not ${count} vectors of ${dims}; ` +
        'give at least one, and all of one length',
    );
  }
  if (!whole(top) || top > count) {
    throw invalid(`number of nearest vectors ${top} is not among 1 to ${count}; there are ${count} to compare with`);
  }
  if (!whole(chunk)) throw invalid(`chunk ${chunk} must be a whole number from 1`);
  if (vectors.byteLength > MOST_BYTES) {
    throw invalid(
      `vectors to compare with are ${vectors.byteLength} bytes, and a model holds ${MOST_BYTES} at most; split the table`,
    );
  }
  const wrong = vectors.findIndex(value => !Number.isFinite(value));
  if (wrong >= 0) {
    throw invalid(
      `vector ${Math.floor(wrong / dims)} to compare with holds ${vectors[wrong]}; leave out rows that are not finite`,
    );
  }
}
