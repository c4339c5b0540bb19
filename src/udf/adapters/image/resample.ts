import type { ImageAdapter } from '../adapter.js';
import type { Placement, Size } from './geometry.js';
import { weightsOf } from './kernels.js';
import { PictureError } from './picture-error.js';
import type { Raster } from './scale.js';
import { scaleColumnsFast, scaleLinesFast } from './scale-simd.js';

/**
 * Scales, crops and pads. The same pixels as Pillow's `resize` then `crop`, to the bit: first along the lines, then down the columns,
 * rounded to 8 bits in between. Only what the result shows is computed.
 *
 * @param background one value a channel, for what the picture does not cover
 * @throws PictureError if the picture is so long and thin that the step between needs more than `maxPixels` pixels
 */
export function resample(
  source: Raster,
  placement: Placement,
  kernel: ImageAdapter['kernel'],
  background: readonly number[],
  maxPixels: number,
): Raster {
  const { scaled, result, left, top } = placement;
  const { channels } = source;
  // What the frame shows of the scaled picture.
  const fromX = Math.max(0, -left);
  const toX = Math.min(scaled.width, result.width - left);
  const fromY = Math.max(0, -top);
  const toY = Math.min(scaled.height, result.height - top);

  // Of lines that are not scaled each is its own, and what is read of them is just what is shown.
  const still = scaled.height === source.height;
  const down = weightsOf(still ? 'nearest' : kernel, source.height, scaled.height, fromY, toY);
  const firstRow = down.starts[0]!;
  const rows = down.starts.at(-1)! + down.counts.at(-1)! - firstRow;
  if (rows * (toX - fromX) > maxPixels) {
    throw new PictureError(
      `the picture of ${source.width} x ${source.height} pixels is too long and thin to be resized within the limit of ${maxPixels} pixels`,
    );
  }
  let visible = part(source, 0, firstRow, source.width, rows);
  visible =
    scaled.width === source.width
      ? part(visible, fromX, 0, toX - fromX, rows)
      : scaleLinesFast(visible, weightsOf(kernel, source.width, scaled.width, fromX, toX));
  if (!still) visible = scaleColumnsFast(visible, down, firstRow);
  if (visible.width === result.width && visible.height === result.height) return visible;
  return padded(visible, result, Math.max(0, left), Math.max(0, top), background.slice(0, channels));
}

/** A rectangle of a picture; the picture's own memory where it is whole lines. */
function part(source: Raster, left: number, top: number, width: number, height: number): Raster {
  const { data, channels } = source;
  const line = source.width * channels;
  if (width === source.width) {
    return { data: data.subarray(top * line, (top + height) * line), width, height, channels };
  }
  const cut = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    const from = (top + y) * line + left * channels;
    cut.set(data.subarray(from, from + width * channels), y * width * channels);
  }
  return { data: cut, width, height, channels };
}

function padded(source: Raster, size: Size, left: number, top: number, background: readonly number[]): Raster {
  const { channels } = source;
  const line = size.width * channels;
  const data = new Uint8Array(line * size.height);
  if (background.every(value => value === background[0])) data.fill(background[0]!);
  else for (let at = 0; at < data.length; at += channels) data.set(background, at);
  const length = source.width * channels;
  for (let y = 0; y < source.height; y++) {
    data.set(source.data.subarray(y * length, (y + 1) * length), (top + y) * line + left * channels);
  }
  return { data, width: size.width, height: size.height, channels };
}
