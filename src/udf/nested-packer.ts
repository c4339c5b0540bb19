import { type ColumnView, isValid, type ListColumn, type NumericColumn } from './columns.js';
import type { TensorBinding } from './descriptor.js';
import { type NumericArray, numericArray } from './dtypes.js';
import { type Feeds, groupBy, type InputPacker, isFloat, type RowMarks } from './input-packers.js';

/** The values of one row and the lengths of its lists. */
interface NestedRow {
  readonly data: NumericArray;
  readonly dims: readonly number[];
}

/** Where a row is looked at: its lengths so far, and what is wrong with them. */
interface Walk {
  readonly dims: (number | undefined)[];
  /** Slices of the values, in order. */
  readonly pieces: (readonly [from: number, count: number])[];
  missing: boolean;
  ragged: boolean;
}

/**
 * An input whose rows have shapes of their own, given as lists in lists. Rows of one shape are run together. A row whose lists are not
 * all of one length on a level has no shape, and fails.
 */
export class NestedListPacker implements InputPacker {
  readonly binding: TensorBinding;
  readonly split: NonNullable<InputPacker['split']>;
  readonly #rows: (NestedRow | undefined)[] = [];

  constructor(binding: TensorBinding) {
    this.binding = binding;
    this.split = rows => groupBy(rows, row => this.#rows[row]!.dims.join());
  }

  append(view: ColumnView, _position: number, from: number, count: number, at: number, marks: RowMarks): void {
    for (let row = 0; row < count; row++) {
      this.#rows[at + row] = isValid(view.validity, from + row)
        ? this.#read(view, from + row, at + row, marks)
        : undefined;
    }
  }

  #read(view: ColumnView, index: number, row: number, marks: RowMarks): NestedRow | undefined {
    const { rowDims } = this.binding;
    const walk: Walk = { dims: rowDims.map(() => undefined), pieces: [], missing: false, ragged: false };
    const leaf = descend(view, index, 0, walk);
    const dims = walk.dims.map(length => length ?? 0);
    if (walk.missing) {
      marks.markNull(row);
      return undefined;
    }
    const fits = rowDims.every((dim, level) => dim === null || dim === dims[level]);
    if (walk.ragged || !fits || dims.includes(0)) {
      const what = walk.ragged ? 'lists of unlike length on one level' : `lists of ${dims.join(' x ')} values`;
      marks.fail(row, `${what} do not fit the input '${this.binding.name}'`);
      return undefined;
    }
    const data = numericArray(
      this.binding.dtype,
      dims.reduce((product, dim) => product * dim, 1),
    );
    let filled = 0;
    for (const [from, count] of walk.pieces) {
      (data as Float32Array).set((leaf!.values as Float32Array).subarray(from, from + count), filled);
      if (!this.#clearNulls(leaf!, from, count, data, filled, marks)) {
        marks.markNull(row);
        return undefined;
      }
      filled += count;
    }
    return { data, dims };
  }

  /** NaN in the place of nulls, where the model is to see them. @returns false where a null makes the row null */
  #clearNulls(
    leaf: NumericColumn,
    from: number,
    count: number,
    data: NumericArray,
    filled: number,
    { nullsAsNaN }: RowMarks,
  ): boolean {
    if (leaf.validity === undefined) return true;
    for (let at = 0; at < count; at++) {
      if (isValid(leaf.validity, from + at)) continue;
      if (!nullsAsNaN || !isFloat(this.binding)) return false;
      data[filled + at] = Number.NaN;
    }
    return true;
  }

  feedWhole(feeds: Feeds, rows: number): void {
    this.feedSome(
      feeds,
      Array.from({ length: rows }, (_, row) => row),
    );
  }

  feedSome(feeds: Feeds, rows: readonly number[]): void {
    const { name, dtype } = this.binding;
    const { dims, data: first } = this.#rows[rows[0]!]!;
    const data = numericArray(dtype, rows.length * first.length);
    rows.forEach((row, index) => {
      (data as Float32Array).set(this.#rows[row]!.data as Float32Array, index * first.length);
    });
    feeds[name] = { dtype, data, dims: [rows.length, ...dims] };
  }

  reset(): void {
    this.#rows.length = 0;
  }
}

/** Goes down through a row's lists. @returns the column of the values themselves */
function descend(view: ColumnView, index: number, level: number, walk: Walk): NumericColumn | undefined {
  const { entries, child } = view as ListColumn;
  const offset = Number(entries[index * 2]);
  const length = Number(entries[index * 2 + 1]);
  if (walk.dims[level] === undefined) walk.dims[level] = length;
  else if (walk.dims[level] !== length) walk.ragged = true;
  if (child.kind !== 'list') {
    walk.pieces.push([offset, length]);
    return child as NumericColumn;
  }
  let leaf: NumericColumn | undefined;
  for (let at = offset; at < offset + length; at++) {
    if (isValid(child.validity, at)) leaf = descend(child, at, level + 1, walk) ?? leaf;
    else walk.missing = true;
  }
  return leaf;
}
