import type { Size } from './geometry.js';
import { PRECISION, type Weights } from './kernels.js';

/** Pixels of 8 bits, line by line, the channels of a pixel side by side. */
export interface Raster extends Size {
  readonly data: Uint8Array;
  readonly channels: number;
}

/*
 * The two steps of a resize, as they are to be read. What runs on most pictures is the same arithmetic in vectors: scale-simd.ts.
 */

/** Every line to as many pixels as there are weights. */
export function scaleLines(source: Raster, { starts, counts, weights, width: perLine }: Weights): Raster {
  const { data, height, channels } = source;
  const width = starts.length;
  const scaled = new Uint8ClampedArray(width * height * channels);
  let to = 0;
  for (let y = 0; y < height; y++) {
    const line = y * source.width * channels;
    for (let x = 0; x < width; x++) {
      const last = x * perLine + counts[x]!;
      for (let channel = 0; channel < channels; channel++) {
        let from = line + starts[x]! * channels + channel;
        let sum = 1 << (PRECISION - 1);
        for (let tap = x * perLine; tap < last; tap++) {
          sum = (sum + Math.imul(data[from]!, weights[tap]!)) | 0;
          from += channels;
        }
        scaled[to++] = sum >> PRECISION;
      }
    }
  }
  return { data: new Uint8Array(scaled.buffer), width, height, channels };
}

/** To as many lines as there are weights. These count from the whole picture's first line; `source` begins with line `firstRow`. */
export function scaleColumns(
  source: Raster,
  { starts, counts, weights, width: perLine }: Weights,
  firstRow: number,
): Raster {
  const { data, width, channels } = source;
  const height = starts.length;
  const line = width * channels;
  const scaled = new Uint8ClampedArray(line * height);
  for (let y = 0; y < height; y++) {
    const last = y * perLine + counts[y]!;
    const top = (starts[y]! - firstRow) * line;
    for (let x = 0; x < line; x++) {
      let from = top + x;
      let sum = 1 << (PRECISION - 1);
      for (let tap = y * perLine; tap < last; tap++) {
        sum = (sum + Math.imul(data[from]!, weights[tap]!)) | 0;
        from += line;
      }
      scaled[y * line + x] = sum >> PRECISION;
    }
  }
  return { data: new Uint8Array(scaled.buffer), width, height, channels };
}
