import type { FunctionOf } from './functions.js';

/*
 * Type-level only: functions of pictures.
 */

/** What a picture's header says. */
export interface PictureProperties {
  readonly format: 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff' | 'avif' | null;
  /** Pixels as stored, before any turn. */
  readonly width: number | null;
  readonly height: number | null;
  readonly channels: number | null;
  /** EXIF's, 1 to 8. */
  readonly orientation: number | null;
  /** Why it is no picture; null where it is one. */
  readonly error: string | null;
}

export type ImageInfo = FunctionOf<[image: Uint8Array], PictureProperties>;

/** Spark's image struct: `data` holds lines from the top, of bytes in the order blue, green, red, alpha. */
export interface SparkPicture {
  readonly origin: string;
  readonly height: number;
  readonly width: number;
  readonly nChannels: number;
  readonly mode: number;
  readonly data: Uint8Array;
}

export type SparkImageOf = FunctionOf<[image: Uint8Array, origin: string], SparkPicture | null>;
