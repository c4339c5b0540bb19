/** Middle value; the mean of the two middle ones where their number is even. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** `1.23 M`, `456 k`: a rate with three digits. */
export function formatRate(rate: number): string {
  if (rate >= 1e6) return `${(rate / 1e6).toPrecision(3)} M`;
  if (rate >= 1e3) return `${(rate / 1e3).toPrecision(3)} k`;
  return rate.toPrecision(3);
}

/** Median and range: `1.93 M (1.88 M to 2.01 M)`. */
export function formatRates(rates: readonly number[]): string {
  return `${formatRate(median(rates))} (${formatRate(Math.min(...rates))} to ${formatRate(Math.max(...rates))})`;
}

/** The ratio of two measurements taken side by side in each round: median and range. */
export function formatRatios(numerators: readonly number[], denominators: readonly number[]): string {
  const ratios = ratiosOf(numerators, denominators);
  return `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`;
}

export function ratiosOf(numerators: readonly number[], denominators: readonly number[]): readonly number[] {
  return numerators.map((value, round) => value / denominators[round]!);
}
