import type { ImageAdapter } from '../adapter.js';
import { PictureError } from './picture-error.js';

/** What of an image adapter decides which pixels come out. */
export type PictureGeometry = Pick<
  ImageAdapter,
  'width' | 'height' | 'resize' | 'shorterSide' | 'crop' | 'kernel' | 'channels' | 'background' | 'alpha' | 'maxPixels'
>;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where a pixel of the result was in the source: `sourceX = (x - left) / scaleX`, `sourceY = (y - top) / scaleY`. */
export interface Place {
  readonly scaleX: number;
  readonly scaleY: number;
  readonly left: number;
  readonly top: number;
}

/**
 * How a picture becomes the one that is wanted: scaled to `scaled`, of which the result shows what lies in its frame of `result`
 * when the scaled picture's corner is put at (`left`, `top`): negative where it is cropped, positive where it is padded.
 */
export interface Placement {
  readonly scaled: Size;
  readonly result: Size;
  readonly left: number;
  readonly top: number;
}

/**
 * A longer side is refused: the weights of a line take memory in proportion to its length, and pictures that long are made to
 * exhaust it. JPEG, GIF and WebP end far below.
 */
const LONGEST_SIDE = 1_000_000;

/**
 * Plans size, crop and padding: no pixels here.
 *
 * The roundings are those of the programs that networks are trained with, since a crop that is one pixel off is another picture:
 * `shorter` is torchvision's Resize and CenterCrop, `letterbox` is that of Ultralytics' YOLO.
 *
 * A side that is undefined is open: with `exact` it follows the other side in proportion, with `shorter` it is not cropped.
 *
 * @throws PictureError if the picture is too long for its width, or the result has more than `maxPixels` pixels
 */
export function planPlacement(source: Size, wanted: PictureGeometry): Placement {
  if (Math.max(source.width, source.height) > LONGEST_SIDE) {
    throw new PictureError(
      `the picture is ${source.width} x ${source.height} pixels; a side has ${LONGEST_SIDE} at most`,
    );
  }
  const placement = place(source, wanted);
  const { width, height } = placement.result;
  if (width * height > wanted.maxPixels) {
    throw new PictureError(
      `the picture would become ${width} x ${height} pixels, more than the limit of ${wanted.maxPixels}`,
    );
  }
  return placement;
}

function place(source: Size, wanted: PictureGeometry): Placement {
  const { width, height } = wanted;
  switch (wanted.resize) {
    case 'none':
      return cropped(source, wanted);
    case 'exact': {
      const scaled = exact(source, width, height);
      return { scaled, result: scaled, left: 0, top: 0 };
    }
    case 'shorter':
      return cropped(shorter(source, wanted.shorterSide ?? largest(width, height)), wanted);
    case 'letterbox': {
      const result = { width: width ?? height ?? source.width, height: height ?? width ?? source.height };
      const ratio = Math.min(result.width / source.width, result.height / source.height);
      const scaled = {
        width: atLeastOne(roundHalfToEven(source.width * ratio)),
        height: atLeastOne(roundHalfToEven(source.height * ratio)),
      };
      // Ultralytics rounds half of the free space minus 0.1: the odd pixel goes to the right and to the bottom.
      const left = Math.floor((result.width - scaled.width) / 2);
      const top = Math.floor((result.height - scaled.height) / 2);
      return { scaled, result, left, top };
    }
  }
}

function largest(width: number | undefined, height: number | undefined): number | undefined {
  return width === undefined || height === undefined ? (width ?? height) : Math.max(width, height);
}

function exact(source: Size, width: number | undefined, height: number | undefined): Size {
  if (width !== undefined && height !== undefined) return { width, height };
  if (width !== undefined) return { width, height: atLeastOne(Math.round((source.height * width) / source.width)) };
  if (height !== undefined) return { width: atLeastOne(Math.round((source.width * height) / source.height)), height };
  return source;
}

/** torchvision's Resize(int): the longer side is cut to a whole number, not rounded. */
function shorter({ width, height }: Size, side: number | undefined): Size {
  if (side === undefined) return { width, height };
  return width <= height
    ? { width: side, height: Math.trunc((side * height) / width) }
    : { width: Math.trunc((side * width) / height), height: side };
}

function cropped(scaled: Size, wanted: PictureGeometry): Placement {
  const result = { width: wanted.width ?? scaled.width, height: wanted.height ?? scaled.height };
  const freeX = result.width - scaled.width;
  const freeY = result.height - scaled.height;
  const [left, top] = corner(freeX, freeY, wanted.crop);
  return { scaled, result, left, top };
}

/** What is free (negative where there is too much) goes left of and above the picture in the part that `crop` says. */
function corner(freeX: number, freeY: number, crop: PictureGeometry['crop']): readonly [left: number, top: number] {
  switch (crop) {
    case 'center':
      return [centered(freeX), centered(freeY)];
    case 'top-left':
      return [0, 0];
    case 'top-right':
      return [freeX, 0];
    case 'bottom-left':
      return [0, freeY];
    case 'bottom-right':
      return [freeX, freeY];
  }
}

/** torchvision's CenterCrop: half of the surplus, rounded half to even; of padding, the smaller half comes first. */
function centered(free: number): number {
  return free < 0 ? 0 - roundHalfToEven(-free / 2) : Math.floor(free / 2);
}

/** As Python rounds. */
function roundHalfToEven(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  if (rest !== 0.5) return Math.round(value);
  return down % 2 === 0 ? down : down + 1;
}

function atLeastOne(value: number): number {
  return Math.max(1, value);
}

/** The way back from a result's coordinates to the source's. */
export function placeOf(source: Size, { scaled, left, top }: Placement): Place {
  return Object.freeze({ scaleX: scaled.width / source.width, scaleY: scaled.height / source.height, left, top });
}
