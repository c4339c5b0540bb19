import { InframeError, listNames } from '../../frame/errors.js';
import type { OutputBinding } from '../descriptor.js';
import { classesOf, scoresOf } from '../onnx/adapt/classes.js';
import type { Ending } from '../onnx/adapt/ending.js';
import type { Dtype, TensorInfo } from '../signature.js';
import type {
  AnomalyAdapter,
  ClassificationAdapter,
  DetectionAdapter,
  EmbeddingAdapter,
  OutputAdapter,
  RegressionAdapter,
  TokensAdapter,
} from './adapter.js';
import type { GraphStep } from './graph-step.js';
import type { CallInput } from './resolve-inputs.js';

/** What is known of an output by reading the file and trying the network. */
export interface KnownOutput extends TensorInfo {
  /** Behind the batch, as observed; null where they differ from row to row. */
  readonly rowDims: readonly (number | null)[];
  readonly activation: Ending | undefined;
}

/** An output as a column, what the graph must compute for it, and which of the network's tensors it needs. */
export interface ResolvedOutput {
  readonly binding: OutputBinding;
  readonly steps: readonly GraphStep[];
  readonly tensors: readonly string[];
}

/** What an output can be resolved by. */
export interface OutputContext {
  readonly modelName: string;
  readonly outputs: readonly KnownOutput[];
  readonly inputs: readonly CallInput[];
}

/** The tensor as it is: dimensions of size 1 are left out. */
export function rawOutput(output: KnownOutput): ResolvedOutput {
  const rowDims = output.rowDims.filter(dim => dim !== 1);
  return { binding: { name: output.name, dtype: fedDtype(output), rowDims }, steps: [], tensors: [output.name] };
}

function fedDtype({ dtype }: TensorInfo): Dtype {
  return dtype === 'float16' ? 'float32' : dtype;
}

/**
 * Fits an adapter to an output.
 *
 * @throws InframeError SHAPE_MISMATCH, ARGUMENT_INVALID where it does not fit
 */
export function resolveOutput(output: KnownOutput, adapter: OutputAdapter, context: OutputContext): ResolvedOutput {
  switch (adapter.adapter) {
    case 'raw':
      return rawOutput(output);
    case 'classification':
      return classificationOutput(output, adapter, context);
    case 'regression':
      return regressionOutput(output, adapter, context);
    case 'embedding':
      return embeddingOutput(output, adapter, context);
    case 'detection':
      return detectionOutput(output, adapter, context);
    case 'tokens':
      return tokensOutput(output, adapter, context);
    case 'anomaly':
      return anomalyOutput(output, adapter, context);
  }
}

function refuse(output: KnownOutput, { modelName }: OutputContext, what: string, remedy: string): InframeError {
  const shape = ['N', ...output.rowDims.map(dim => dim ?? '?')].join(', ');
  return new InframeError(
    'SHAPE_MISMATCH',
    `output '${output.name}' (${output.dtype}[${shape}]) of model '${modelName}' ${what}; ${remedy}`,
    { output: output.name },
  );
}

function checkFloat(output: KnownOutput, context: OutputContext, maker: string): void {
  if (output.dtype === 'float32' || output.dtype === 'float16') return;
  throw refuse(output, context, `holds no float32 values, which ${maker}() needs`, 'leave the adapter out');
}

function checkLabels(
  labels: readonly string[] | undefined,
  count: number,
  output: KnownOutput,
  context: OutputContext,
): void {
  if (labels === undefined || labels.length === count) return;
  throw refuse(
    output,
    context,
    `has ${count} classes, but there are ${labels.length} labels`,
    'give one label for each class, in the order of the classes',
  );
}

function classificationOutput(
  output: KnownOutput,
  adapter: ClassificationAdapter,
  context: OutputContext,
): ResolvedOutput {
  checkFloat(output, context, 'classification');
  const { name } = output;
  const sizes = output.rowDims.filter(dim => dim !== 1);
  const labels = adapter.labels ?? output.classes?.map(String);
  if (sizes.length !== 1) {
    throw refuse(
      output,
      context,
      'is not one score a class',
      'classification() takes [N, classes]; use another output or raw()',
    );
  }
  const classes = sizes[0] ?? labels?.length;
  if (classes === undefined) {
    throw refuse(output, context, 'does not say how many classes it has', 'give labels');
  }
  checkLabels(labels, classes, output, context);
  const count = Math.min(adapter.top ?? 1, classes);
  const steps: GraphStep[] = [];
  if (output.rowDims.length !== 1) steps.push({ kind: 'flatten', output: name });
  const activation = adapter.activation === 'auto' ? automatic(output) : adapter.activation;
  if (activation !== 'none') steps.push({ kind: 'activation', output: name, activation, axis: 1 });
  steps.push({ kind: 'topK', output: name, count });
  return {
    binding: {
      kind: 'classification',
      name,
      scores: scoresOf(name),
      classes: classesOf(name),
      count,
      list: adapter.top !== undefined,
      labels,
    },
    steps,
    tensors: [name],
  };
}

/** What makes probabilities of an output that may hold them already. Classifiers of scikit-learn say their classes: they do. */
function automatic({ activation, classes }: KnownOutput): 'softmax' | 'exp' | 'none' {
  if (activation === 'logsoftmax') return 'exp';
  return activation !== undefined || classes !== undefined ? 'none' : 'softmax';
}

function regressionOutput(output: KnownOutput, adapter: RegressionAdapter, context: OutputContext): ResolvedOutput {
  const { names } = adapter;
  const { binding, tensors } = rawOutput(output);
  const steps: GraphStep[] = [];
  const count = Math.max(adapter.scale.length, adapter.offset.length, 1);
  // One number is that of every target.
  const every = (values: readonly number[], nothing: number): readonly number[] =>
    values.length === count ? values : Array.from({ length: count }, () => values[0] ?? nothing);
  const [scale, offset] = [every(adapter.scale, 1), every(adapter.offset, 0)];
  if (scale.some(value => value !== 1) || offset.some(value => value !== 0)) {
    checkFloat(output, context, 'regression');
    steps.push({ kind: 'affine', output: output.name, scale, offset });
  }
  if (names === undefined) return { binding, tensors, steps };
  const rowDims = output.rowDims.filter(dim => dim !== 1);
  const targets = rowDims.length === 0 ? 1 : rowDims.length === 1 ? rowDims[0] : undefined;
  if (targets !== names.length) {
    throw refuse(output, context, `does not hold ${names.length} values a row`, `names are: ${listNames(names)}`);
  }
  return { binding: { name: output.name, dtype: fedDtype(output), rowDims, members: names }, tensors, steps };
}

function embeddingOutput(output: KnownOutput, adapter: EmbeddingAdapter, context: OutputContext): ResolvedOutput {
  checkFloat(output, context, 'embedding');
  const { name, rowDims } = output;
  // [L, D] of tokens, [D, H, W] of places, or [D]; models of vectors keep dimensions of 1 behind it.
  const rank = rowDims.length;
  const flat = rowDims.filter(dim => dim !== 1).length <= 1 && adapter.pooling !== 'cls';
  const pooling = adapter.pooling === 'auto' ? (flat ? 'none' : 'mean') : adapter.pooling;
  const steps: GraphStep[] = [];
  let vector: readonly (number | null)[] = rowDims.filter(dim => dim !== 1);
  if (pooling === 'none') {
    if (rank > 1) steps.push({ kind: 'flatten', output: name });
    if (vector.length > 1) vector = [vector.includes(null) ? null : vector.reduce<number>((all, dim) => all * dim!, 1)];
  } else {
    if (rank !== 2 && rank !== 3) {
      throw refuse(output, context, 'has nothing to pool', "say pooling: 'none'");
    }
    if (pooling === 'cls' && rank !== 2) {
      throw refuse(output, context, 'has no tokens, of which [CLS] would be the first', "say pooling: 'mean'");
    }
    const mask = rank === 2 ? maskOf(context) : undefined;
    steps.push({ kind: 'pool', output: name, mode: pooling, mask });
    vector = [rank === 2 ? rowDims[1]! : rowDims[0]!];
  }
  if (adapter.normalize) steps.push({ kind: 'normalize', output: name });
  return { binding: { name, dtype: 'float32', rowDims: vector }, steps, tensors: [name] };
}

function maskOf({ inputs }: OutputContext): string | undefined {
  const text = inputs.find(({ adapter }) => adapter?.layout === 'text')?.adapter;
  if (text?.layout === 'text') return text.mask;
  return inputs.find(({ name }) => name === 'attention_mask')?.name;
}

function detectionOutput(output: KnownOutput, adapter: DetectionAdapter, context: OutputContext): ResolvedOutput {
  checkFloat(output, context, 'detection');
  const picture = context.inputs.find(input => input.adapter?.layout === 'image');
  if (picture === undefined) {
    throw refuse(output, context, 'is in pictures, but no input takes any', 'give the input an image() adapter');
  }
  const { format, boxFormat, relative, labels, threshold, overlap, most } = adapter;
  const tensorOf = (role: 'boxes' | 'scores', pattern: RegExp): string => {
    const named = adapter[role] ?? (pattern.test(output.name) ? output.name : undefined);
    const found = named ?? context.outputs.find(({ name }) => pattern.test(name))?.name;
    if (found !== undefined && context.outputs.some(({ name }) => name === found)) return found;
    throw new InframeError(
      'ARGUMENT_INVALID',
      `${role} ${named === undefined ? '' : `'${named}' `}of detection() are no output of model '${context.modelName}'; it has: ${listNames(context.outputs.map(({ name }) => name))}; say which: ${role}: '...'`,
    );
  };
  const boxes = format === 'yolo' ? output.name : tensorOf('boxes', /box/i);
  const scores = format === 'yolo' ? output.name : tensorOf('scores', /score|logit|conf|class/i);
  const known = context.outputs.find(({ name }) => name === scores)!;
  const classes = format === 'yolo' ? known.rowDims[0] : known.rowDims[1];
  if (classes !== null && classes !== undefined) {
    const own = format === 'yolo' ? classes - 4 : format === 'detr' ? classes - 1 : classes;
    checkLabels(labels, own, known, context);
  }
  // DETR's classes compete with "nothing", so its scores are what softmax makes of all of them.
  const steps: GraphStep[] =
    format === 'detr' ? [{ kind: 'activation', output: scores, activation: 'softmax', axis: 2 }] : [];
  return {
    binding: {
      kind: 'detection',
      name: output.name,
      boxes,
      scores,
      picture: picture.name,
      format,
      boxFormat,
      relative,
      labels,
      threshold,
      overlap,
      most,
    },
    steps,
    tensors: [...new Set([boxes, scores])],
  };
}

function tokensOutput(output: KnownOutput, adapter: TokensAdapter, context: OutputContext): ResolvedOutput {
  checkFloat(output, context, 'tokens');
  const text = context.inputs.find(input => input.adapter?.layout === 'text');
  if (text === undefined) {
    throw refuse(output, context, 'is about tokens, but no input takes text', 'give the input a text() adapter');
  }
  if (output.rowDims.length !== 2) {
    throw refuse(output, context, 'is not one score a class for each token', 'tokens() takes [N, tokens, classes]');
  }
  const classes = output.rowDims[1];
  if (typeof classes === 'number') checkLabels(adapter.labels, classes, output, context);
  const { name } = output;
  return {
    binding: {
      kind: 'tokens',
      name,
      scores: scoresOf(name),
      classes: classesOf(name),
      text: text.name,
      labels: adapter.labels,
      aggregation: adapter.aggregation,
    },
    steps: [{ kind: 'bestOfTokens', output: name }],
    tensors: [name],
  };
}

function anomalyOutput(output: KnownOutput, adapter: AnomalyAdapter, context: OutputContext): ResolvedOutput {
  checkFloat(output, context, 'anomaly');
  const names = context.inputs.map(({ name }) => name);
  const input = adapter.input ?? (names.length === 1 ? names[0] : undefined);
  if (input === undefined || !names.includes(input)) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `input ${input === undefined ? '' : `'${input}' `}that output '${output.name}' reconstructs is not ${input === undefined ? 'said' : `one of model '${context.modelName}'`}; it has: ${listNames(names)}; say which: anomaly({ input: '...' })`,
    );
  }
  return {
    binding: { name: output.name, dtype: 'float32', rowDims: [] },
    steps: [{ kind: 'reconstructionError', output: output.name, input, error: adapter.error }],
    tensors: [output.name],
  };
}
