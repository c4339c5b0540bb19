import type { NumericArray } from './dtypes.js';

/*
 * Columns of a chunk, as an engine shows them to the packer: views over the engine's own memory, good until its next
 * chunk. No per-row object (Rule 2), but for strings, which have no other form in JavaScript.
 */

/** One bit a value, least significant first, 1 where there is one; undefined where all are. */
export type Validity = Uint8Array | undefined;

export interface NumericColumn {
  readonly kind: 'numeric';
  readonly values: NumericArray;
  readonly validity: Validity;
}

export interface StringColumn {
  readonly kind: 'string';
  /** Called only for values that are there. */
  readonly at: (index: number) => string;
  readonly validity: Validity;
}

export interface ListColumn {
  readonly kind: 'list';
  /** Offset and length of each row's elements in `child`: two entries a row. */
  readonly entries: BigUint64Array;
  readonly child: NumericColumn | StringColumn;
  readonly validity: Validity;
}

export type ColumnView = NumericColumn | StringColumn | ListColumn;

export function isValid(validity: Validity, index: number): boolean {
  return validity === undefined || ((validity[index >> 3]! >> (index & 7)) & 1) === 1;
}
