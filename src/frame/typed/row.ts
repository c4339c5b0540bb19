/*
 * Type-level only. A row type is a plain interface: column name -> type of the values that `collect()` gives.
 */

/**
 * The row of a table of which nothing was declared, and the values of an expression that nobody has typed. It has to be
 * `any`: that alone is accepted wherever some row or value is asked for, so that everything compiles and nothing is checked.
 */
// biome-ignore lint/suspicious/noExplicitAny: said above; it is the only one
export type Unchecked = any;

/** The member of a frame that has its row type. */
export declare const rowType: unique symbol;

/** True of `any` alone. */
export type IsAny<T> = 0 extends 1 & T ? true : false;

/** True of names that are known when the program is compiled; false of `string` and of patterns. */
export type IsLiteral<N> = N extends string ? (Nothing extends Readonly<Record<N, 1>> ? false : true) : false;

/** No members. */
export type Nothing = Readonly<Record<never, 1>>;

/** The name of a column; the editor suggests those of the table, whose row is `S`. */
export type Suggested<S> = (keyof S & string) | (string & Nothing);

/** The columns of a row and others, which replace those of their names. */
export type Extended<S, A> =
  IsAny<S> extends true
    ? Unchecked
    : { [K in keyof S | keyof A]: K extends keyof A ? A[K] : K extends keyof S ? S[K] : never };
