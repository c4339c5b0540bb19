import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TypeOrName } from '../../../src/udf/function/signature.js';
import { type Udf, udf } from '../../../src/udf/function/udf.js';
import { inframeError } from '../../support/onnx.js';
import { numbers } from '../scoring.js';
import { type Chunk, scored, valuesOf } from './calls.js';

/* What functions give back: kept, refused, or a row's failure. */

/** For functions that something else is called in place of. */
const NOTHING = (): never => {
  throw new Error('not for calling');
};

test('answers of every type are kept, nulls among them too', async () => {
  const cases: readonly (readonly [TypeOrName, unknown, readonly unknown[]])[] = [
    ['float64', [1.5, null, -0], [1.5, null, -0]],
    ['float64', Int32Array.of(1, 2, 3), [1, 2, 3]],
    ['float32', Float64Array.of(0.1, 2, 3), [Math.fround(0.1), 2, 3]],
    ['float64', [Number.NaN, Number.POSITIVE_INFINITY, 1e300], [Number.NaN, Number.POSITIVE_INFINITY, 1e300]],
    ['int8', [127, -128, null], [127, -128, null]],
    ['int32', Float64Array.of(1, 2, 3), [1, 2, 3]],
    ['uint32', [4_294_967_295, 0, 1], [4_294_967_295, 0, 1]],
    ['int64', BigInt64Array.of(1n, -2n, 3n), [1n, -2n, 3n]],
    ['int64', Int32Array.of(1, -2, 3), [1n, -2n, 3n]],
    ['int64', [1, 2n ** 62n, null], [1n, 2n ** 62n, null]],
    ['uint64', [2n ** 64n - 1n, 0, 5n], [2n ** 64n - 1n, 0n, 5n]],
    ['boolean', [true, false, null], [1, 0, null]],
    ['boolean', Float64Array.of(1, 0, 1), [1, 0, 1]],
    ['string', ['a', '', null], ['a', '', null]],
    ['binary', [Uint8Array.of(1), new Uint8Array(0), null], [Uint8Array.of(1), new Uint8Array(0), null]],
    ['date', [new Date(0), new Date('2022-01-08T23:00Z'), new Date(-1)], [0, 19_000, -1]],
    ['timestamp', [new Date(1), null, new Date(-1)], [1000n, null, -1000n]],
    [{ kind: 'list', element: { kind: 'int8' } }, [[1, null], [], null], [[1, null], [], null]],
    [{ kind: 'list', element: { kind: 'float32' } }, [Float32Array.of(1, 2), [3], null], [[1, 2], [3], null]],
    [{ kind: 'array', element: { kind: 'float32' }, length: 2 }, [[1, 2], null, [null, 4]], [[1, 2], null, [null, 4]]],
    [
      { kind: 'list', element: { kind: 'list', element: { kind: 'string' } } },
      [[['a'], []], [null], []],
      [[['a'], []], [null], []],
    ],
    [
      {
        kind: 'struct',
        fields: [
          { name: 'a', type: { kind: 'int8' } },
          { name: 'b', type: { kind: 'string' } },
        ],
      },
      [{ a: 1, b: 'x' }, null, { a: null, b: 'y', more: 1 }],
      [{ a: 1, b: 'x' }, null, { a: null, b: 'y' }],
    ],
  ];
  for (const [type, given, wanted] of cases) {
    const gives = udf({ inputs: ['boolean'], output: type }, NOTHING);
    const scorer = await scored(gives, [[[numbers([0, 0, 0], 'bool')], 3]], () => given);
    assert.deepEqual(valuesOf(scorer.result), wanted, JSON.stringify(type));
    assert.equal(scorer.failedRows, 0);
  }
});

test("a value of the wrong type is its row's failure, with a reason", async () => {
  const cases: readonly (readonly [TypeOrName, unknown, string])[] = [
    ['float64', 'text', '"text" was given for float64'],
    ['float64', undefined, 'undefined was given for float64; give null for no value'],
    ['float64', 1n, '1n was given for float64'],
    ['int32', 1.5, '1.5 was given for int32'],
    ['int32', 2147483648, '2147483648 was given for int32'],
    ['uint8', -1, '-1 was given for uint8'],
    ['int8', 1n, '1n was given for int8'],
    ['int64', 2 ** 53, '9007199254740992 was given for int64'],
    ['int64', 2n ** 63n, '9223372036854775808n was given for int64'],
    ['uint64', -1n, '-1n was given for uint64'],
    ['boolean', 2, '2 was given for boolean'],
    ['string', 5, '5 was given for string'],
    ['binary', [1], '[1] was given for binary'],
    ['date', new Date(Number.NaN), 'null was given for date'],
    ['timestamp', 0, '0 was given for timestamp[us]'],
    [{ kind: 'list', element: { kind: 'int8' } }, [1, 300], '300 was given for int8'],
    [{ kind: 'list', element: { kind: 'int8' } }, 5, '5 was given for list<int8>'],
    [{ kind: 'array', element: { kind: 'int8' }, length: 2 }, [1], 'a list of 1 values was given for int8[2]'],
    [{ kind: 'struct', fields: [{ name: 'a', type: { kind: 'int8' } }] }, { b: 1 }, 'undefined was given for int8'],
    [{ kind: 'struct', fields: [{ name: 'a', type: { kind: 'int8' } }] }, [1], '[1] was given for struct<a: int8>'],
  ];
  for (const [output, bad, reason] of cases) {
    const answer = (): readonly unknown[] => [null, bad, null];
    const chunk: Chunk = [[numbers([1, 2, 3])], 3];
    const scorer = await scored(udf({ inputs: ['float32'], output }, NOTHING), [chunk], answer);
    assert.deepEqual(valuesOf(scorer.result), [null, null, null]);
    assert.equal(scorer.failedRows, 1, reason);
    assert.ok(scorer.reasons[0]!.startsWith(reason), `'${reason}' does not begin: ${scorer.reasons[0]}`);
    const strict = udf({ inputs: ['float32'], output, name: 'f', onError: 'fail' }, NOTHING);
    await assert.rejects(
      scored(strict, [chunk], answer),
      inframeError('FUNCTION_FAILED', "function 'f' failed on a row", reason),
    );
  }
});

test('an answer of the wrong form ends the job', async () => {
  const one = udf({ inputs: ['float32'], output: 'float32', name: 'f' }, NOTHING);
  const two = udf({ inputs: ['float32'], output: { a: 'float32', b: 'string' }, name: 'f' }, NOTHING);
  const cases: readonly (readonly [Udf, unknown, string])[] = [
    [one, undefined, "function 'f' gave nothing; return one value a row"],
    [one, 6, 'gave 6, which is no array'],
    [one, 'abc', 'gave "abc", which is no array'],
    [one, { a: [1, 2, 3] }, 'which is no array'],
    [one, new Set([1, 2, 3]), 'gave a Set'],
    [one, new DataView(new ArrayBuffer(3)), 'which is no array'],
    [one, [1, 2], 'gave 2 values for 3 rows'],
    [one, new Float32Array(4), 'gave 4 values for 3 rows'],
    [two, [1, 2, 3], 'return an object with an array an output: { a: [...], b: [...] }'],
    [two, null, 'gave null'],
    [two, { a: [1, 2, 3] }, "gave nothing for output 'b'"],
    [two, { a: [1, 2, 3], b: ['x'] }, "gave 1 values for output 'b' for 3 rows"],
  ];
  for (const [made, answer, words] of cases) {
    for (const later of [false, true]) {
      const run = scored(made, [[[numbers([1, 2, 3])], 3]], () => (later ? Promise.resolve(answer) : answer));
      await assert.rejects(run, inframeError('FUNCTION_FAILED', words));
    }
  }
});

test('several outputs are one struct, and a row is there if the function was called on it', async () => {
  const split = udf({ inputs: ['float32'], output: { half: 'float32', text: 'string' } }, ([x]) => ({
    text: Array.from(x, value => (value > 2 ? null : `t${value}`)),
    half: x.map(value => value / 2),
  }));
  const scorer = await scored(split, [[[numbers([1, null, 3])], 3]]);
  assert.deepEqual(valuesOf(scorer.result), [{ half: 0.5, text: 't1' }, null, { half: 1.5, text: null }]);
  const wrong = await scored(split, [[[numbers([1, 2])], 2]], () => ({ half: [1, 2], text: ['a', 5] }));
  assert.deepEqual(valuesOf(wrong.result), [{ half: 1, text: 'a' }, null]);
  assert.deepEqual(wrong.reasons, ['5 was given for string (text)']);
});
