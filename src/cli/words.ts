/*
 * Numbers as people read them.
 */

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `3,000,000` */
export function count(value: number): string {
  return WHOLE.format(value);
}

/** `1 row`, `3,000,000 rows` */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** `712,000`: a rate has no more than three digits worth reading. */
export function rate(perSecond: number): string {
  if (!Number.isFinite(perSecond)) return '0';
  return perSecond < 10 ? String(Number(perSecond.toPrecision(2))) : count(Number(perSecond.toPrecision(3)));
}

/** `0.31 s`, `4.2 s`, `41 s`, `2 min 05 s`, `3 h 12 min` */
export function duration(seconds: number): string {
  if (seconds < 1) return `${seconds.toFixed(2)} s`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  const minutes = Math.round(whole / 60);
  return `${count(Math.floor(minutes / 60))} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** A guess at seconds to come: in whole ones. */
export function timeLeft(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 60 ? `${whole} s` : duration(whole);
}

/** One line that cannot command the terminal, whatever a file or a library put into it. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
}
