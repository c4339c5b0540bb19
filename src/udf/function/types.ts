import type { ValueOfType } from '../../frame/typed/values.js';
import type { DataType } from '../../frame/types.js';
import type { InputTypes, OutputTypes, ScalarName, TypeOrName } from './signature.js';

/*
 * What a function is given and gives, as TypeScript's types, worked out from the declared ones.
 */

/** The kind of a declared type, however it is written. */
type KindOf<T> = T extends ScalarName ? T : T extends { readonly kind: infer K } ? K : never;

/** Numbers as they are handed over and taken back, by kind. */
interface Arrays {
  readonly boolean: Uint8Array;
  readonly int8: Int8Array;
  readonly int16: Int16Array;
  readonly int32: Int32Array;
  readonly int64: BigInt64Array;
  readonly uint8: Uint8Array;
  readonly uint16: Uint16Array;
  readonly uint32: Uint32Array;
  readonly uint64: BigUint64Array;
  readonly float32: Float32Array;
  readonly float64: Float64Array;
}

interface Values {
  readonly boolean: boolean;
  readonly int64: bigint;
  readonly uint64: bigint;
  readonly string: string;
  readonly binary: Uint8Array;
  readonly date: Date;
  readonly timestamp: Date;
}

/** `'skip'`: values are all there; `'pass'`: each may be null. */
type Nullable<T, N> = N extends 'pass' ? T | null : T;

/** A single value: in a struct, or where nulls are among the values. */
type ValueOf<T, N> =
  KindOf<T> extends infer K
    ? K extends keyof Values
      ? Values[K]
      : K extends keyof Arrays
        ? number
        : T extends { readonly kind: 'list' | 'array'; readonly element: infer E }
          ? ColumnOf<E, N>
          : T extends { readonly kind: 'struct'; readonly fields: readonly (infer F)[] }
            ? { readonly [P in F as NameOf<P>]: Nullable<ValueOf<TypeOf<P>, N>, N> }
            : unknown
    : never;

type NameOf<F> = F extends { readonly name: infer Name extends string } ? Name : never;
type TypeOf<F> = F extends { readonly type: infer T } ? T : never;

/** A column of a batch, or the elements of a list: a typed array of numbers where no null may be among them. */
export type ColumnOf<T, N> = N extends 'pass'
  ? (ValueOf<T, N> | null)[]
  : KindOf<T> extends keyof Arrays
    ? Arrays[KindOf<T>]
    : ValueOf<T, N>[];

/** The columns of a batch: by input name, or in order. */
export type ColumnsOf<I extends InputTypes, N> = I extends readonly TypeOrName[]
  ? { readonly [P in keyof I]: ColumnOf<I[P], N> }
  : { readonly [P in keyof I]: ColumnOf<I[P], N> };

/** A value that is given back. */
type GivenValue<T> =
  KindOf<T> extends infer K
    ? K extends 'int64' | 'uint64'
      ? bigint | number
      : K extends 'boolean'
        ? boolean | 0 | 1
        : K extends keyof Values
          ? Values[K]
          : K extends keyof Arrays
            ? number
            : T extends { readonly kind: 'list' | 'array'; readonly element: infer E }
              ? GivenColumn<E>
              : T extends { readonly kind: 'struct'; readonly fields: readonly (infer F)[] }
                ? { readonly [P in F as NameOf<P>]: GivenValue<TypeOf<P>> | null }
                : unknown
    : never;

/** One value a row: an array, or, for numbers and booleans, any typed array whose values fit. */
export type GivenColumn<T> =
  | readonly (GivenValue<T> | null)[]
  | (KindOf<T> extends keyof Arrays ? AnyTypedArray<T> : never);

type AnyTypedArray<T> =
  KindOf<T> extends 'int64' | 'uint64' ? BigInt64Array | BigUint64Array | NumberArray : NumberArray;

type NumberArray =
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** What a function gives for a batch. */
export type ResultOf<O extends OutputTypes> = O extends ScalarName | DataType
  ? GivenColumn<O>
  : { readonly [P in keyof O]: GivenColumn<O[P]> };

/** What a function takes and gives as a function of columns. What it gives is null for a row that it is not given or fails on. */
export interface UdfTypes<I extends InputTypes, O extends OutputTypes> {
  readonly inputs: { readonly [P in keyof I]: TableValue<I[P]> };
  readonly outputs: OutputsOf<O>;
  readonly result: O extends ScalarName | DataType ? TableValue<O> | null : OutputsOf<O> | null;
}

type OutputsOf<O> = O extends ScalarName | DataType
  ? { readonly result: TableValue<O> | null }
  : { readonly [P in keyof O]: TableValue<O[P]> | null };

/** A value of a declared type as a table has it. */
type TableValue<T> = ValueOfType<T extends ScalarName ? { readonly kind: T } : T>;
