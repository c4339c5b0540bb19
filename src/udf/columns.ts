import type { NumericArray } from './dtypes.js';

/*
 * Columns of a chunk, as an engine shows them to whoever packs batches: views over the engine's own memory, good until its next
 * chunk. No per-row object (Rule 2), but for strings and bytes, which have no other
 * form in JavaScript.
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

export interface BinaryColumn {
  readonly kind: 'binary';
  /** A copy of the bytes; called only for values that are there. */
  readonly at: (index: number) => Uint8Array;
  readonly validity: Validity;
}

export interface ListColumn {
  readonly kind: 'list';
  /** Offset and length of each row's elements in `child`: two entries a row. */
  readonly entries: BigUint64Array;
  readonly child: ColumnView;
  readonly validity: Validity;
}

/** A list of what tensors are made of. */
export interface FlatListColumn extends ListColumn {
  readonly child: NumericColumn | StringColumn;
}

export interface StructColumn {
  readonly kind: 'struct';
  /** In the order of the type's fields. */
  readonly fields: readonly ColumnView[];
  readonly validity: Validity;
}

export type ColumnView = NumericColumn | StringColumn | BinaryColumn | ListColumn | StructColumn;

export function isValid(validity: Validity, index: number): boolean {
  return validity === undefined || ((validity[index >> 3]! >> (index & 7)) & 1) === 1;
}
