import assert from 'node:assert/strict';
import { test } from 'node:test';
import { udf } from '../../src/index.js';

/*
 * What a function is given and gives, by its declared types. Nothing here runs: the compiler itself is the test.
 */

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <_T extends true>(): void => undefined;

export function given(): void {
  udf({ inputs: { a: 'float64', b: 'int64', c: 'boolean', d: 'string' }, output: 'float64' }, columns => {
    same<Same<(typeof columns)['a'], Float64Array>>();
    same<Same<(typeof columns)['b'], BigInt64Array>>();
    same<Same<(typeof columns)['c'], Uint8Array>>();
    same<Same<(typeof columns)['d'], string[]>>();
    // @ts-expect-error there is no such input
    void columns.e;
    return columns.a;
  });
  udf({ inputs: ['int8', 'binary', 'timestamp'], output: 'int8' }, ([a, b, c], rows) => {
    same<Same<typeof a, Int8Array>>();
    same<Same<typeof b, Uint8Array[]>>();
    same<Same<typeof c, Date[]>>();
    same<Same<typeof rows, number>>();
    return a;
  });
  udf({ inputs: { a: 'float64', b: 'string' }, output: 'float64', nulls: 'pass' }, ({ a, b }) => {
    same<Same<typeof a, (number | null)[]>>();
    same<Same<typeof b, (string | null)[]>>();
    return a;
  });
  const list = { kind: 'list', element: { kind: 'float32' } } as const;
  const struct = {
    kind: 'struct',
    fields: [
      { name: 'n', type: { kind: 'int64' } },
      { name: 'l', type: list },
    ],
  } as const;
  udf({ inputs: [list, struct], output: 'boolean' }, ([a, b]) => {
    same<Same<typeof a, Float32Array[]>>();
    same<Same<(typeof b)[number], { readonly n: bigint; readonly l: Float32Array }>>();
    return a.map(each => each.length > 0);
  });
  udf({ inputs: { l: list }, output: 'int32', nulls: 'pass' }, ({ l }) => {
    same<Same<typeof l, ((number | null)[] | null)[]>>();
    return l.map(each => each?.length ?? null);
  });
}

export function gives(): void {
  udf({ inputs: ['float64'], output: 'float64' }, ([x]) => x.map(value => value * 2));
  udf({ inputs: ['float64'], output: 'float64' }, async ([x]) => Array.from(x, value => (value > 0 ? value : null)));
  udf({ inputs: ['float64'], output: 'int64' }, ([x]) => Array.from(x, BigInt));
  udf({ inputs: ['float64'], output: { a: 'float64', b: 'string' } }, ([x]) => ({ a: x, b: Array.from(x, String) }));
  udf({ inputs: ['float64'], output: { kind: 'list', element: { kind: 'string' } } }, ([x]) =>
    Array.from(x, value => [String(value), null]),
  );
  // @ts-expect-error texts are no numbers
  udf({ inputs: ['string'], output: 'float64' }, ([x]) => x);
  // @ts-expect-error one value is no column
  udf({ inputs: ['float64'], output: 'float64' }, ([x]) => x[0]!);
  // @ts-expect-error an output is missing
  udf({ inputs: ['float64'], output: { a: 'float64', b: 'string' } }, ([x]) => ({ a: x }));
  // @ts-expect-error nor are bigints float64
  udf({ inputs: ['int64'], output: 'float64' }, ([x]) => x);
  // @ts-expect-error undefined is no value; null is
  udf({ inputs: ['float64'], output: 'string' }, ([x]) => Array.from(x, () => undefined));
}

export function declared(): void {
  // @ts-expect-error there is no such type
  udf({ inputs: ['float'], output: 'float64' }, () => []);
  // @ts-expect-error an output is declared
  udf({ inputs: ['float64'] }, () => []);
  // @ts-expect-error there are two ways with nulls
  udf({ inputs: ['float64'], output: 'float64', nulls: 'null' }, () => []);
  // @ts-expect-error code is given
  udf({ inputs: ['float64'], output: 'float64' });
  udf({ inputs: ['float64'], output: 'float64', module: new URL('file:///f.js'), export: 'f' });
}

export function called(): void {
  const add = udf({ inputs: { x: 'float64', z: 'float64' }, output: 'float64' }, ({ x }) => x);
  add('a', 'b');
  add({ x: 'a' });
  // @ts-expect-error a number is no column
  add(5);
}

test('the compiler agrees', () => {
  assert.ok([given, gives, declared, called].every(each => typeof each === 'function'));
});
