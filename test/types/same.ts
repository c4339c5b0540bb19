import type { DataFrame } from '../../src/index.js';

/** True if two types are one: neither is wider. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** The row of a frame, as one flat type. */
export type RowType<D> = D extends DataFrame<infer S> ? (0 extends 1 & S ? S : { [K in keyof S]: S[K] }) : never;

/** Does not compile unless the row of the frame is exactly this one: `row<{ n: bigint }>()(frame, true)`. */
export function row<Expected>() {
  return <D>(_frame: D, _same: Same<RowType<D>, Expected>): void => {};
}

/** Does not compile unless two types are one: `same<typeof a, string>(true)`. */
export function same<A, B>(_same: Same<A, B>): void {}
