/** Four significant digits, and thousands apart: `0.1235`, `12,346`, `1.235e-7`. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'not a number' : value < 0 ? '-infinity' : 'infinity';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e15) return value.toLocaleString('en-US');
  if (size >= 1e9 || size < 1e-4) return value.toExponential(3).replace(/\.?0+e/, 'e');
  return size >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(4)));
}

/** `1 row`, `2 rows`, `1,234 rows`. */
export function plural(count: number, noun: string): string {
  const many = noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${count.toLocaleString('en-US')} ${count === 1 ? noun : many}`;
}

/** A part of a whole: `12 %`, `0.4 %`, `less than 0.1 %`. */
export function percent(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0 %';
  const value = (part / whole) * 100;
  if (value < 0.1) return 'less than 0.1 %';
  return part === whole
    ? '100 %'
    : `${value < 10 || value > 99 ? Math.min(value, 99.9).toFixed(1) : Math.round(value)} %`;
}

/** A score from 0 to 1: `0.87`, `0.9993`, `0.0012`. */
export function formatScore(score: number): string {
  if (score === 0 || score === 1) return String(score);
  const near = score > 0.99 || score < 0.01;
  return near ? String(Number(score.toPrecision(score > 0.5 ? 4 : 2))) : score.toFixed(2);
}
