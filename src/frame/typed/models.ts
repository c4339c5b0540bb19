import type { Column } from '../expr.js';
import type { NeedsOf, Unnamed, ValuesOf } from './column.js';
import type { Fits, Needs } from './needs.js';
import type { IsAny, Unchecked } from './row.js';
import type { Ref } from './terms.js';
import type { List, Numeric } from './values.js';

/*
 * Type-level only: calls of models, and of functions of a user's own.
 */

/** What a model takes and gives, as `inframe types model.onnx` writes it. */
export interface ModelTypes {
  /** What a row has for each input: a list, where an input takes several values. */
  readonly inputs: object;
  /** What a row gets from each output. */
  readonly outputs: object;
  /** The names of the inputs in the model's order, where there are several. */
  readonly order?: readonly string[];
}

type Source = Column | string;

type NamedSources = Readonly<Record<string, Source | readonly Source[]>>;

/** What a call is given: columns in the order of the inputs, or an object that names inputs. */
export type CallArguments = readonly Source[] | readonly [NamedSources];

type Inputs<M> = M extends { readonly inputs: infer I } ? I : never;

type IsUnion<T, U = T> = T extends unknown ? ([U] extends [T] ? false : true) : never;

/** Of the input at a position; of any of them, if the order is not known. */
type InputAt<M, I> =
  Inputs<M> extends readonly unknown[]
    ? Inputs<M>[I & keyof Inputs<M>]
    : M extends { readonly order: infer Order extends readonly string[] }
      ? Inputs<M>[Order[I & keyof Order] & keyof Inputs<M>]
      : Inputs<M>[keyof Inputs<M>];

/** How many inputs there are; `number`, if that is not known. */
type CountOf<M> =
  Inputs<M> extends { readonly length: infer L extends number }
    ? L
    : M extends { readonly order: { readonly length: infer L extends number } }
      ? L
      : IsUnion<keyof Inputs<M>> extends true
        ? number
        : 1;

/** How many columns may fill an input in the place of one. */
type WidthOf<In> = [In] extends [List<unknown>] ? In['length'] : 1;

/** The arguments of a call, or what is wrong with their number and names. What they hold is for the table to check. */
export type CheckedCall<A extends readonly unknown[], M> =
  IsAny<M> extends true
    ? A
    : [A] extends [readonly [infer Named extends NamedSources]]
      ? readonly [{ readonly [N in keyof Named]: CheckedInput<Named[N], N, Inputs<M>> }]
      : number extends A['length'] | CountOf<M>
        ? A
        : A['length'] extends 0 | CountOf<M> | (CountOf<M> extends 1 ? Widths<A, M> : never)
          ? A
          : {
              readonly [I in keyof A]: `${A['length']} columns are given, but the model takes ${CountOf<M> extends 1 ? WidthOf<InputAt<M, 0>> : CountOf<M>}`;
            };

type Widths<A extends readonly unknown[], M> =
  number extends WidthOf<InputAt<M, 0>> ? A['length'] : WidthOf<InputAt<M, 0>>;

type CheckedInput<Given, N, I> = N extends keyof I
  ? Given extends { readonly length: infer L extends number; readonly map: unknown }
    ? number extends L | WidthOf<I[N]>
      ? Given
      : L extends 1 | WidthOf<I[N]>
        ? Given
        : `${L} columns are given, but input '${N & string}' takes ${WidthOf<I[N]>}`
    : Given
  : `input '${N & string}' is not one of the model's`;

/**
 * What a call asks of its table.
 *
 * @typeParam ByName false if inputs that a call leaves out may be fed otherwise than by columns of their names
 */
export type CallNeeds<A extends readonly unknown[], M, ByName> =
  IsAny<M> extends true
    ? A extends readonly [infer Named extends NamedSources]
      ? EachNeeds<Named[keyof Named], unknown>
      : EachNeeds<A[number], unknown>
    : A extends readonly [infer Named extends NamedSources]
      ? InputsNeed<Named, Inputs<M>, ByName>
      : A extends readonly []
        ? InputsNeed<Unnamed, Inputs<M>, ByName>
        : CountOf<M> extends 1
          ? A extends readonly [unknown]
            ? EachNeeds<A[0], One<InputAt<M, 0>>>
            : EachNeeds<A[number], Scalar<InputAt<M, 0>>>
          : { [I in keyof A]: EachNeeds<A[I], One<InputAt<M, I>>> }[number];

type InputsNeed<Named, I, ByName> = {
  [N in keyof I]: N extends keyof Named
    ? Named[N] extends readonly unknown[]
      ? EachNeeds<Named[N][number], Scalar<I[N]>>
      : EachNeeds<Named[N], One<I[N]>>
    : ByName extends true
      ? EachNeeds<N, One<I[N]>>
      : never;
}[keyof I];

type EachNeeds<V, Wanted> = V extends string
  ? V | Needs<Ref<V>, Wanted>
  : V extends readonly (infer E)[]
    ? EachNeeds<E, Wanted>
    : NeedsOf<V> | Fits<ValuesOf<V>, Wanted>;

/** What the one column that feeds an input may hold. */
type One<In> = [In] extends [List<unknown>]
  ? List<Nested<Scalar<In>>> | (number extends In['length'] ? Scalar<In> : In['length'] extends 1 ? Scalar<In> : never)
  : Scalar<In>;

/** What a column may hold that feeds one value of an input: numbers and booleans of all kinds, where numbers are wanted. */
type Scalar<In> = [In] extends [List<infer E>]
  ? Scalar<Exclude<E, null>>
  : [In] extends [Numeric]
    ? Numeric | boolean
    : [In] extends [string | boolean | Date | Uint8Array]
      ? In
      : { readonly [N in keyof In]: unknown };

type Nested<E> = E | null | readonly Nested<E>[];

/** What a row gets from a model: its only output, or a struct of all, which is null for a row without a prediction. */
export type CallResult<M> =
  IsAny<M> extends true
    ? Unchecked
    : M extends { readonly result: infer V }
      ? V
      : M extends { readonly outputs: infer O }
        ? IsUnion<keyof O> extends true
          ? { readonly [N in keyof O]: O[N] } | null
          : O[keyof O]
        : Unchecked;

/** A call of a model. */
export type Call<M, ByName> = <const A extends CallArguments>(
  ...args: CheckedCall<A, M>
) => Column<CallResult<M>, CallNeeds<A, M, ByName>, Unnamed>;

/** A call that gives a column for each output. */
export type CallOutputs<M, ByName> = <const A extends CallArguments>(
  ...args: CheckedCall<A, M>
) => OutputColumns<M, CallNeeds<A, M, ByName>>;

type OutputColumns<M, R> =
  IsAny<M> extends true
    ? Readonly<Record<string, Column>>
    : M extends { readonly outputs: infer O }
      ? { readonly [N in keyof O]: Column<O[N], R, N & string> }
      : never;
