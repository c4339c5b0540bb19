import { outputInfo } from '../insert.js';
import type { ModelProto, NodeProto } from '../onnx_pb.js';
import { isDefaultDomain } from '../opset.js';
import { graphOf } from '../walk.js';

/** What a network's scores are already: probabilities that add up to 1, their logarithms, or probabilities one by one. */
export type Ending = 'softmax' | 'logsoftmax' | 'sigmoid';

/** Operators that only move numbers, or write them in another way. */
const CARRIERS: ReadonlySet<string> = new Set([
  'Reshape',
  'Squeeze',
  'Unsqueeze',
  'Flatten',
  'Identity',
  'Cast',
  'Transpose',
  'Dropout',
]);

/** What the classifiers of classical machine learning do to their scores (attribute post_transform of ai.onnx.ml). */
const POST_TRANSFORMS: ReadonlyMap<string, Ending> = new Map([
  ['SOFTMAX', 'softmax'],
  ['LOGISTIC', 'sigmoid'],
]);

/** Chains of carriers longer than this are nobody's; the limit also ends circles, which no valid graph has. */
const MOST_STEPS = 100;

/**
 * What an output ends in, looking through what only moves numbers; undefined when it is none of them. Besides the
 * operators themselves it knows `exp(x) / sum(exp(x))`, `x - log(sum(exp(x)))`, `log(softmax)`, `exp(logsoftmax)`, and the
 * classifiers and the Normalizer of ai.onnx.ml.
 *
 * @throws InframeError ARGUMENT_INVALID when there is no such output.
 */
export function endingOf(model: ModelProto, output: string): Ending | undefined {
  outputInfo(model, output);
  const producers = new Map<string, NodeProto>();
  for (const node of graphOf(model).node) for (const name of node.output) producers.set(name, node);
  return new Endings(producers).of(output);
}

class Endings {
  readonly #producers: ReadonlyMap<string, NodeProto>;

  constructor(producers: ReadonlyMap<string, NodeProto>) {
    this.#producers = producers;
  }

  of(name: string): Ending | undefined {
    const node = this.#producer(name);
    if (node === undefined) return undefined;
    if (node.domain === 'ai.onnx.ml') return classical(node);
    switch (node.opType) {
      case 'Softmax':
        return 'softmax';
      case 'LogSoftmax':
        return 'logsoftmax';
      case 'Sigmoid':
        return 'sigmoid';
      case 'Log':
        return this.#is(node.input[0], 'Softmax') ? 'logsoftmax' : undefined;
      case 'Exp':
        return this.#is(node.input[0], 'LogSoftmax') ? 'softmax' : undefined;
      case 'Div': {
        const exponential = this.#producer(node.input[0]);
        return exponential?.opType === 'Exp' && this.#sums(node.input[1], exponential) ? 'softmax' : undefined;
      }
      case 'Sub':
        return this.#normalizes(node) ? 'logsoftmax' : undefined;
      default:
        return undefined;
    }
  }

  /** The node behind a value, carriers skipped. */
  #producer(name: string | undefined): NodeProto | undefined {
    let node = this.#producers.get(name ?? '');
    for (let step = 0; step < MOST_STEPS; step++) {
      if (node === undefined || !isDefaultDomain(node.domain) || !CARRIERS.has(node.opType)) return node;
      node = this.#producers.get(node.input[0] ?? '');
    }
    return undefined;
  }

  #is(name: string | undefined, opType: string): boolean {
    return this.#producer(name)?.opType === opType;
  }

  /** True if the value is the sum of what `exponential` gives. */
  #sums(name: string | undefined, exponential: NodeProto): boolean {
    const sum = this.#producer(name);
    return sum?.opType === 'ReduceSum' && this.#producer(sum.input[0]) === exponential;
  }

  /** True for `x - log(sum(exp(x)))` and `x - ReduceLogSumExp(x)`. */
  #normalizes(node: NodeProto): boolean {
    const [x, normalizer] = node.input;
    const last = this.#producer(normalizer);
    if (last?.opType === 'ReduceLogSumExp') return last.input[0] === x;
    if (last?.opType !== 'Log') return false;
    const exponential = this.#producer(this.#producer(last.input[0])?.input[0]);
    return exponential?.opType === 'Exp' && exponential.input[0] === x && this.#sums(last.input[0], exponential);
  }
}

function classical(node: NodeProto): Ending | undefined {
  // Numbers divided by their sum (norm L1, the operator's converters write behind scores) add up to 1.
  if (node.opType === 'Normalizer') return text(node, 'norm') === 'L1' ? 'softmax' : undefined;
  return POST_TRANSFORMS.get(text(node, 'post_transform') ?? '');
}

function text(node: NodeProto, name: string): string | undefined {
  const found = node.attribute.find(attribute => attribute.name === name);
  return found === undefined ? undefined : new TextDecoder().decode(found.s);
}
