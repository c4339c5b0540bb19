import { InframeError } from '../../../frame/errors.js';
import { describeTensor, type TensorInfo } from '../../signature.js';
import type { Dim } from '../dims.js';
import { type Dtype, dtypeCode } from '../dtype.js';
import { beforeInput, inputInfo } from '../insert.js';
import type { ModelProto } from '../onnx_pb.js';
import { Operators } from '../operators.js';

/** How the pixels of a picture become numbers of a network. */
export interface PictureOptions {
  /** Channels in the order the network takes them. */
  readonly channels: 'RGB' | 'BGR' | 'grey';
  /** What pixel values 0 and 255 become, before mean and deviation. */
  readonly range: readonly [low: number, high: number];
  /** One a channel, in the order the network takes them; empty for none. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** Undefined where the input's shape says it: see {@link pictureLayout}. */
  readonly layout?: 'NCHW' | 'NHWC' | undefined;
  /** Pixels, where the input's shape does not say it. */
  readonly height?: number | undefined;
  readonly width?: number | undefined;
}

/*
 * The order of operators. Measured on one core with ONNX Runtime 1.30, a picture of 224 x 224 x 3, microseconds each:
 *
 *   NCHW   Transpose, Cast, Mul, Add                               340     (Cast, Transpose, ...: 330 to 450; Transpose last: 1470)
 *          Transpose, Gather on axis 1 for BGR, Cast, Mul, Add     360     (Gather on axis 3, before the Transpose: 910;
 *                                                                           Split and Concat: 450; a 1 x 1 Conv for all: 610)
 *   NHWC   Cast, Mul, Add with one number for all channels         220     (with one a channel: 1420, since its loops are of 3)
 *          Transpose, Gather, Cast, Mul, Add, Transpose            310     (Gather on axis 3: 1990)
 *
 * So the channels' planes are put together while they are bytes, and all else runs over planes. Putting the scale and the
 * order of channels into the weights of a first Conv instead would save 0.1 ms of the 8 ms that even SqueezeNet takes, and the
 * shift could not follow where the Conv pads with zeros: not done.
 */

/**
 * Lets an input be given as pictures: uint8 [N, height, width, channels], of 3 channels in RGB order, or of 1. The graph
 * then computes `(low + pixel / 255 * (high - low) - mean) / std` in float32, puts the channels in order, and gives the
 * network the shape and the type it wants. Sizes that are open stay open.
 *
 * The network's input may be [N, C, H, W] or [N, H, W, C], [N, H, W] for grey, or flat [N, C * H * W] (of the order that
 * `layout` says). Networks of integers get the nearest one.
 *
 * @example pictureInput(model, 'data', { channels: 'BGR', range: [0, 255], mean: [104, 117, 123], std: [] })
 * @throws InframeError ARGUMENT_INVALID for numbers that do not fit the channels, no such input, or a size that is not
 *   the input's; MODEL_UNSUPPORTED for an input no picture can be, or one that is an output as well.
 */
export function pictureInput(model: ModelProto, name: string, options: PictureOptions): ModelProto {
  const info = inputInfo(model, name);
  const count = options.channels === 'grey' ? 1 : 3;
  const { scale, shift } = affineOf(options, count);
  const shape = pictureShape(info, options, count);
  const change = { dims: [...shape.fed], elemType: dtypeCode('uint8') };
  return beforeInput(model, name, 'pixels', change, (from, to, graph, opset) => {
    const operators = new Operators(graph, opset, name);
    let x = from;
    const uniform = scale.every(value => value === scale[0]) && shift.every(value => value === shift[0]);
    const turned = options.channels === 'BGR';
    const planes = shape.layout === 'NCHW' || !uniform || turned;
    if (planes) x = operators.add('Transpose', [x], { perm: [0, 3, 1, 2] });
    // Where planes go back to pixels, the Gather stands even for channels in order: ONNX Runtime would otherwise cancel
    // one Transpose against the other, and run Mul and Add along the channels.
    if (turned || (planes && shape.layout === 'NHWC')) {
      const order = operators.integers(turned ? [2, 1, 0] : [0, 1, 2]);
      x = operators.add('Gather', [x, order], { axis: 1 });
    }
    x = scaled(operators, x, info.dtype, uniform ? scale.slice(0, 1) : scale, uniform ? shift.slice(0, 1) : shift);
    if (planes && shape.layout === 'NHWC') x = operators.add('Transpose', [x], { perm: [0, 2, 3, 1] });
    if (shape.form === 'squeezed') operators.squeeze(x, [3], to);
    else if (shape.form === 'flat') operators.add('Flatten', [x], { axis: 1 }, to);
    else operators.add('Identity', [x], {}, to);
    return operators.nodes;
  });
}

/**
 * Where the shape of an input says that its channels are: 'NCHW' or 'NHWC'; undefined where both or neither fits.
 *
 * @param channels of the pictures: 1 or 3
 */
export function pictureLayout(dims: readonly Dim[] | undefined, channels: number): 'NCHW' | 'NHWC' | undefined {
  if (dims?.length !== 4) return undefined;
  const first = dims[1] === channels;
  const last = dims[3] === channels;
  if (first !== last) return first ? 'NCHW' : 'NHWC';
  return undefined;
}

/** `pixel * scale + shift`, one of each a channel. */
function affineOf(options: PictureOptions, count: number): { scale: readonly number[]; shift: readonly number[] } {
  const { range, mean, std } = options;
  for (const [word, values] of [
    ['mean', mean],
    ['std', std],
  ] as const) {
    if (values.length !== 0 && values.length !== count) {
      throw new InframeError(
        'ARGUMENT_INVALID',
        `${word} has ${values.length} numbers, but ${options.channels} pictures have ${count} ` +
          `channel${count === 1 ? '' : 's'}; give one number a channel, or none`,
      );
    }
  }
  if (![...range, ...mean, ...std].every(Number.isFinite) || std.includes(0)) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `pixels cannot become numbers with range [${range.join(', ')}], mean [${mean.join(', ')}] and ` +
        `std [${std.join(', ')}]; give finite numbers, and no std of 0`,
    );
  }
  const [low, high] = range;
  const channels = Array.from({ length: count }, (_, index) => ({ mean: mean[index] ?? 0, std: std[index] ?? 1 }));
  return {
    scale: channels.map(channel => (high - low) / 255 / channel.std),
    shift: channels.map(channel => (low - channel.mean) / channel.std),
  };
}

function scaled(
  operators: Operators,
  pixels: string,
  dtype: Dtype,
  scale: readonly number[],
  shift: readonly number[],
): string {
  const whole = dtype !== 'float32' && dtype !== 'float16' && dtype !== 'float64';
  const same = scale.every(value => value === 1) && shift.every(value => value === 0);
  if (same) return dtype === 'uint8' ? pixels : operators.cast(pixels, dtype);
  const dims = scale.length === 1 ? [] : [scale.length, 1, 1];
  let x = operators.cast(pixels, 'float32');
  if (scale.some(value => value !== 1)) x = operators.add('Mul', [x, operators.constant('float32', dims, scale)]);
  // To the nearest whole number: half more, then down.
  const offsets = whole ? shift.map(value => value + 0.5) : shift;
  if (offsets.some(value => value !== 0)) x = operators.add('Add', [x, operators.constant('float32', dims, offsets)]);
  if (whole) x = operators.add('Floor', [x]);
  return dtype === 'float32' ? x : operators.cast(x, dtype);
}

interface PictureShape {
  /** Of what is fed: [N, height, width, channels]. */
  readonly fed: readonly Dim[];
  readonly layout: 'NCHW' | 'NHWC';
  /** Whether the network wants all four dimensions, none for the channel, or one for everything. */
  readonly form: 'whole' | 'squeezed' | 'flat';
}

function pictureShape(info: TensorInfo, options: PictureOptions, count: number): PictureShape {
  const { dims } = info;
  if (info.dtype === 'string' || info.dtype === 'bool') throw noPicture(info, `is of ${info.dtype}`);
  if (dims === undefined) throw noPicture(info, 'does not state its number of dimensions');
  const layout = options.layout ?? pictureLayout(dims, count) ?? 'NCHW';
  const size = (word: 'height' | 'width', stated: Dim): Dim => {
    const given = options[word];
    if (typeof stated === 'number' && given !== undefined && given !== stated) {
      throw new InframeError(
        'ARGUMENT_INVALID',
        `${word} ${given} is not what input '${info.name}' (${describeTensor(info)}) of the model takes: ${stated}`,
        { input: info.name },
      );
    }
    return given ?? stated ?? word;
  };
  switch (dims.length) {
    case 4: {
      const [batch, , , last] = dims;
      const channels = layout === 'NCHW' ? dims[1] : last;
      if (typeof channels === 'number' && channels !== count) {
        throw noPicture(
          info,
          `takes ${channels} channels where ${layout} has them, and ${options.channels} pictures have ${count}`,
        );
      }
      const [height, width] = layout === 'NCHW' ? [dims[2], last] : [dims[1], dims[2]];
      return { fed: [batch, size('height', height), size('width', width), count], layout, form: 'whole' };
    }
    case 3: {
      if (count !== 1) throw noPicture(info, 'has no dimension for channels, and only grey pictures do without');
      return { fed: [dims[0], size('height', dims[1]), size('width', dims[2]), 1], layout: 'NHWC', form: 'squeezed' };
    }
    case 2: {
      const fed = [dims[0], size('height', undefined), size('width', undefined), count];
      const elements = fed.slice(1).reduce<number>((product, dim) => product * Number(dim), 1);
      if (typeof dims[1] === 'number' && !Number.isNaN(elements) && dims[1] !== elements) {
        throw noPicture(
          info,
          `takes ${dims[1]} numbers a row, and a picture [${fed.slice(1).join(', ')}] has ${elements}`,
        );
      }
      return { fed, layout, form: 'flat' };
    }
    default:
      throw noPicture(info, `has ${dims.length} dimensions`);
  }
}

function noPicture(info: TensorInfo, why: string): InframeError {
  return new InframeError(
    'MODEL_UNSUPPORTED',
    `input '${info.name}' (${describeTensor(info)}) of the model cannot be given these pictures: it ${why}; ` +
      'pictures go into [N, C, H, W], [N, H, W, C], [N, H, W] or [N, C * H * W]',
    { input: info.name },
  );
}
