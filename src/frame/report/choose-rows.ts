/** Places of rows, from 1, by why they are shown. */
export interface ChosenRows {
  readonly least: readonly number[];
  readonly missing: readonly number[];
  readonly sample: readonly number[];
}

/** How many rows are shown because they are uncertain or have no prediction; the sample has the rest. */
export function shares(rows: number): { readonly least: number; readonly missing: number } {
  return { least: Math.ceil(rows * 0.4), missing: Math.ceil(rows * 0.2) };
}

/**
 * The rows that are shown: those that were found, and a sample from the whole table at equal distances, so that it is the
 * same on every run. No row is shown twice.
 *
 * @param most of all rows together
 */
export function chooseRows(
  total: number,
  most: number,
  found: { readonly least: readonly number[]; readonly missing: readonly number[] },
): ChosenRows {
  const least = found.least.slice(0, most);
  const seen = new Set(least);
  const missing = found.missing.filter(row => !seen.has(row)).slice(0, most - least.length);
  for (const row of missing) seen.add(row);
  const room = Math.min(most - seen.size, total - seen.size);
  const sample: number[] = [];
  for (let at = 0; at < room; at++) {
    // The next row that is not shown yet, where one is.
    let row = Math.floor(((at + 0.5) * total) / room) + 1;
    for (let tries = 0; seen.has(row) && tries < total; tries++) row = row === total ? 1 : row + 1;
    seen.add(row);
    sample.push(row);
  }
  return { least, missing, sample: sample.sort((a, b) => a - b) };
}
