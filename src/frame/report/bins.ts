/** How many bars a histogram has. */
export const BINS = 20;

/** Bins of equal width; the last one holds its upper end. */
export interface Bins {
  readonly low: number;
  readonly high: number;
  readonly count: number;
  /** True if each holds one whole number, which is its middle. */
  readonly whole: boolean;
}

/**
 * The bins of a column: of scores over 0 to 1, so that pages can be compared; of few whole numbers one each; else over what
 * there is. Undefined where values are too far apart for their distance to be a number.
 */
export function binsOf(low: number, high: number, kind: 'score' | 'whole' | 'real'): Bins | undefined {
  if (kind === 'score' && low >= 0 && high <= 1) return { low: 0, high: 1, count: BINS, whole: false };
  if (!Number.isFinite(high - low)) return undefined;
  if (kind === 'whole' && high - low < BINS)
    return { low: low - 0.5, high: high + 0.5, count: high - low + 1, whole: true };
  // Of one value a bin around it, of the width of its last digits at least.
  if (high === low) {
    const half = Math.max(0.5, Math.abs(low) / 1e6);
    return { low: low - half, high: high + half, count: 1, whole: false };
  }
  return { low, high, count: BINS, whole: false };
}
