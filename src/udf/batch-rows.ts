import { elementsOf, type InputBinding } from './descriptor.js';

const BATCH_BYTES = 2 * 1024 * 1024;
const BATCH_ROWS = 1024;

/** Networks over pictures compute much with each value: eight of 224 x 224 at once took nine tenths of the time of three. */
const PICTURE_BYTES = 5 * 1024 * 1024;

/** Texts are collected so many, to find those of like length. */
const TEXT_ROWS = 2048;

/** Runs of texts take at most so many rows. */
const TEXT_RUN_ROWS = 64;

/** A row whose size is not known counts as so many values. */
const UNKNOWN_VALUES = 512;

/** Ten seconds at 16 kHz. */
const UNKNOWN_SAMPLES = 160_000;

/** A picture of any size. */
const UNKNOWN_PIXELS = 512 * 512 * 3;

/**
 * Rows that are collected before the network is run: as many as fit in 2 MiB of inputs, at most 1024. Larger runs leave the
 * caches and were slower. Texts are collected first and then divided by length, see {@link runRows}.
 */
export function batchRows(inputs: readonly InputBinding[], given: number | undefined): number {
  if (inputs.some(({ layout }) => layout === 'text')) return Math.max(TEXT_ROWS, given ?? 0);
  if (given !== undefined) return given;
  const bytes = inputs.reduce((sum, input) => sum + bytesPerRow(input), 0);
  const most = inputs.some(({ layout }) => layout === 'image') ? PICTURE_BYTES : BATCH_BYTES;
  return Math.max(1, Math.min(BATCH_ROWS, Math.floor(most / Math.max(1, bytes))));
}

/** Rows of texts in one run of the network. */
export function runRows(given: number | undefined): number {
  return given ?? TEXT_RUN_ROWS;
}

/** Bytes of one row of an input, as the network computes with it. */
function bytesPerRow(input: InputBinding): number {
  switch (input.layout) {
    case 'image': {
      const { width, height, channels } = input;
      if (width === undefined || height === undefined) return UNKNOWN_PIXELS * 4;
      return width * height * (channels === 'grey' ? 1 : 3) * 4;
    }
    case 'audio':
      return (input.samples ?? UNKNOWN_SAMPLES) * 4;
    case 'text':
      return UNKNOWN_VALUES * 8;
    default: {
      const width = { float64: 8, int64: 8, uint64: 8, string: 32, int8: 1, uint8: 1, bool: 1, int16: 2, uint16: 2 };
      return (elementsOf(input.rowDims) ?? UNKNOWN_VALUES) * (width[input.dtype as keyof typeof width] ?? 4);
    }
  }
}
