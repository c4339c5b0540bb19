import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { BinaryColumn, ColumnView, StructColumn } from '../../../src/udf/columns.js';
import type { TypeOrName } from '../../../src/udf/function/signature.js';
import { type Udf, udf } from '../../../src/udf/function/udf.js';
import { inframeError } from '../../support/onnx.js';
import { lists, numbers, strings, validityOf } from '../scoring.js';
import { type Chunk, scored, valuesOf } from './calls.js';

/** What a function gives for rows of one chunk. */
async function answers(made: Udf, views: readonly ColumnView[], rows: number): Promise<readonly unknown[]> {
  return valuesOf((await scored(made, [[views, rows]])).result);
}

/** For functions that something else is called in place of. */
const NOTHING = (): never => {
  throw new Error('not for calling');
};

function binary(values: readonly (Uint8Array | null)[]): BinaryColumn {
  return { kind: 'binary', at: index => values[index]!, validity: validityOf(values) };
}

test('batches are full but for the last, whatever the chunks', async () => {
  const sizes = udf({ inputs: ['float32'], output: 'int32', batchSize: 4 }, ([x], rows) =>
    Array.from(x, () => (rows === x.length ? rows : -1)),
  );
  const scorer = await scored(sizes, [
    [[numbers([1, 2, 3])], 3],
    [[numbers([4, 5, 6, 7, 8, 9])], 6],
    [[numbers([])], 0],
  ]);
  assert.deepEqual(valuesOf(scorer.result), [4, 4, 4, 4, 4, 4, 4, 4, 1]);
  assert.deepEqual([scorer.rows, scorer.runs], [9, 3]);
});

test('no rows are no call', async () => {
  const never = udf({ inputs: ['float32'], output: 'int32' }, () => {
    throw new Error('called');
  });
  const scorer = await scored(never, [[[numbers([])], 0]]);
  assert.deepEqual([scorer.rows, scorer.runs, scorer.failedRows], [0, 0, 0]);
});

test('numbers come as typed arrays of the declared type, whatever is read', async () => {
  const kinds: readonly (readonly [TypeOrName, string, ColumnView])[] = [
    ['boolean', 'Uint8Array', numbers([1, 0], 'bool')],
    ['int8', 'Int8Array', numbers([1, 0], 'int8')],
    ['int16', 'Int16Array', numbers([1, 0], 'int16')],
    ['int32', 'Int32Array', numbers([1, 0], 'int32')],
    ['int64', 'BigInt64Array', numbers([1n, 0n], 'int64')],
    ['uint8', 'Uint8Array', numbers([1, 0], 'uint8')],
    ['uint16', 'Uint16Array', numbers([1, 0], 'uint16')],
    ['uint32', 'Uint32Array', numbers([1, 0], 'uint32')],
    ['uint64', 'BigUint64Array', numbers([1n, 0n], 'uint64')],
    ['float32', 'Float32Array', numbers([1, 0])],
    ['float64', 'Float64Array', numbers([1, 0], 'float64')],
    ['float64', 'Float64Array', numbers([1, 0], 'int32')],
    ['float32', 'Float32Array', numbers([1, 0], 'float64')],
  ];
  for (const [type, name, view] of kinds) {
    const says = udf({ inputs: [type], output: 'string' }, ([x]) => {
      const values = x as ArrayLike<unknown>;
      return Array.from(values, value => `${values.constructor.name} ${String(value)}`);
    });
    assert.deepEqual(await answers(says, [view], 2), [`${name} 1`, `${name} 0`], String(type));
  }
});

test('texts, bytes, dates, lists and structs come as JavaScript has them', async () => {
  const shows = (type: TypeOrName): Udf =>
    udf({ inputs: [type], output: 'string' }, ([x]) => {
      const show = (value: unknown): string => {
        if (value instanceof Date) return `Date ${value.toISOString()}`;
        if (ArrayBuffer.isView(value)) return `${value.constructor.name} ${Array.from(value as Uint8Array, String)}`;
        if (Array.isArray(value)) return `[${value.map(show)}]`;
        if (typeof value === 'object' && value !== null) {
          return `{${Object.entries(value).map(([name, member]) => `${name}: ${show(member)}`)}}`;
        }
        return `${typeof value} ${String(value)}`;
      };
      return (x as readonly unknown[]).map(show);
    });
  assert.deepEqual(await answers(shows('string'), [strings(['a', ''])], 2), ['string a', 'string ']);
  assert.deepEqual(await answers(shows('binary'), [binary([Uint8Array.of(1, 2), new Uint8Array(0)])], 2), [
    'Uint8Array 1,2',
    'Uint8Array ',
  ]);
  assert.deepEqual(await answers(shows('date'), [numbers([0, -1, 19_000], 'int32')], 3), [
    'Date 1970-01-01T00:00:00.000Z',
    'Date 1969-12-31T00:00:00.000Z',
    'Date 2022-01-08T00:00:00.000Z',
  ]);
  // Microseconds are rounded down, before 1970 too.
  assert.deepEqual(await answers(shows('timestamp'), [numbers([0n, 1999n, -1n, -1000n], 'int64')], 4), [
    'Date 1970-01-01T00:00:00.000Z',
    'Date 1970-01-01T00:00:00.001Z',
    'Date 1969-12-31T23:59:59.999Z',
    'Date 1969-12-31T23:59:59.999Z',
  ]);
  const floats: TypeOrName = { kind: 'list', element: { kind: 'float32' } };
  assert.deepEqual(await answers(shows(floats), [lists([[1, 2], [], [3]])], 3), [
    'Float32Array 1,2',
    'Float32Array ',
    'Float32Array 3',
  ]);
  const texts: TypeOrName = { kind: 'list', element: { kind: 'string' } };
  assert.deepEqual(await answers(shows(texts), [lists([['a', 'b'], []], 'string')], 2), ['[string a,string b]', '[]']);
  const struct: TypeOrName = {
    kind: 'struct',
    fields: [
      { name: 'n', type: { kind: 'int64' } },
      { name: 'yes', type: { kind: 'boolean' } },
      { name: 'l', type: floats },
    ],
  };
  const view: StructColumn = {
    kind: 'struct',
    fields: [numbers([5n, 6n], 'int64'), numbers([1, 0], 'bool'), lists([[1], [2, 3]])],
    validity: undefined,
  };
  assert.deepEqual(await answers(shows(struct), [view], 2), [
    '{n: bigint 5,yes: boolean true,l: Float32Array 1}',
    '{n: bigint 6,yes: boolean false,l: Float32Array 2,3}',
  ]);
});

test('rows with a null are not given to the function, however deep it is', async () => {
  const counts = udf({ inputs: ['float32', 'float32'], output: 'float32' }, ([a, b]) => {
    for (const value of [...a, ...b]) if (value === 77) throw new Error('what stands under a null was given');
    return a.map((value, row) => value + b[row]!);
  });
  const scorer = await scored(counts, [[[numbers([1, null, 3, null, 5]), numbers([10, 20, null, null, 50])], 5]]);
  assert.deepEqual(valuesOf(scorer.result), [11, null, null, null, 55]);
  assert.deepEqual([scorer.nullRows, scorer.failedRows, scorer.runs], [3, 0, 1]);

  const lengths = udf({ inputs: [{ kind: 'list', element: { kind: 'float32' } }], output: 'int32' }, ([x]) =>
    x.map(each => each.length),
  );
  const nested = await scored(lengths, [[[lists([[1, 2], [3, null], null, []])], 4]]);
  assert.deepEqual(valuesOf(nested.result), [2, null, null, 0]);
  assert.equal(nested.nullRows, 2);

  const all = await scored(counts, [[[numbers([null, null]), numbers([1, 2])], 2]]);
  assert.deepEqual([valuesOf(all.result), all.runs], [[null, null], 0]);
});

test("nulls: 'pass' hands nulls over, in plain arrays", async () => {
  const fill = udf({ inputs: ['float32', 'string'], output: 'string', nulls: 'pass' }, ([x, s]) =>
    x.map((value, row) => `${value} ${s[row]} ${Array.isArray(x)}`),
  );
  const scorer = await scored(fill, [[[numbers([1, null, 3]), strings(['a', null, null])], 3]]);
  assert.deepEqual(valuesOf(scorer.result), ['1 a true', 'null null true', '3 null true']);
  assert.equal(scorer.nullRows, 0);

  const sum = udf(
    { inputs: [{ kind: 'list', element: { kind: 'float32' } }], output: 'float32', nulls: 'pass' },
    ([x]) => x.map(each => (each === null ? -1 : each.reduce<number>((total, value) => total + (value ?? 100), 0))),
  );
  assert.deepEqual(
    valuesOf((await scored(sum, [[[lists([[1, 2], [3, null], null, []])], 4]])).result),
    [3, 103, -1, 0],
  );

  const struct: StructColumn = {
    kind: 'struct',
    fields: [numbers([1, null, 3])],
    validity: validityOf([true, true, null]),
  };
  const member = udf(
    {
      inputs: [{ kind: 'struct', fields: [{ name: 'a', type: { kind: 'float32' } }] }],
      output: 'string',
      nulls: 'pass',
    },
    ([x]) => x.map(each => (each === null ? 'none' : String(each.a))),
  );
  assert.deepEqual(await answers(member, [struct], 3), ['1', 'null', 'none']);
});

test('values that did not fit on the way in are failures', async () => {
  const pair = udf({ inputs: [{ kind: 'array', element: { kind: 'float32' }, length: 2 }], output: 'float32' }, ([x]) =>
    x.map(([a, b]) => a! + b!),
  );
  const scorer = await scored(pair, [[[lists([[1, 2], [1, 2, 3], null, [], [5, 6]])], 5]]);
  assert.deepEqual(valuesOf(scorer.result), [3, null, null, null, 11]);
  assert.deepEqual([scorer.failedRows, scorer.nullRows], [2, 1]);
  assert.match(scorer.reasons[0]!, /a list of 3 values stands where 2 are declared \(argument 1\)/);

  const year = udf({ inputs: ['timestamp'], output: 'int32' }, ([x]) => x.map(each => each.getUTCFullYear()));
  const dates = await scored(year, [[[numbers([0n, 2n ** 63n - 1n], 'int64')], 2]]);
  assert.deepEqual(valuesOf(dates.result), [1970, null]);
  assert.match(dates.reasons[0]!, /a timestamp lies outside what a Date can hold/);
});

test('rows the function throws on are found, whatever else is in their batch', async () => {
  const rows = fc.array(fc.oneof(fc.constant(null), fc.integer({ min: -20, max: 100 })), { maxLength: 60 });
  const layout = fc.record({ rows, batchSize: fc.integer({ min: 1, max: 70 }), cut: fc.nat(60), later: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(layout, async ({ rows: values, batchSize, cut, later }) => {
      const root = udf({ inputs: ['int32'], output: 'string', batchSize }, ([x]) => {
        // Changes what it is given, and only then looks at it.
        for (let row = 0; row < x.length; row++) x[row]! *= 2;
        return Array.from(x, value => {
          if (value < 0) throw new Error(`no root of ${value}`);
          return `root of ${value}`;
        });
      });
      const rootLater = udf({ inputs: ['int32'], output: 'string', batchSize }, async ([x]) =>
        Array.from(x, value => {
          if (value < 0) throw new Error(`no root of ${value * 2}`);
          return `root of ${value * 2}`;
        }),
      );
      const chunks = [values.slice(0, cut), values.slice(cut)].map(
        (part): Chunk => [[numbers(part, 'int32')], part.length],
      );
      const scorer = await scored(later ? rootLater : root, chunks);
      const wanted = values.map(value => (value === null || value < 0 ? null : `root of ${value * 2}`));
      assert.deepEqual(valuesOf(scorer.result), wanted);
      assert.equal(scorer.failedRows, values.filter(value => value !== null && value < 0).length);
      assert.equal(scorer.nullRows, values.filter(value => value === null).length);
      const given = values.length - scorer.nullRows;
      assert.ok(scorer.runs <= 2 * given);
    }),
  );
});

test('an array that the function fills again for each call is kept in time', async () => {
  const buffer: number[] = [];
  const twice = udf({ inputs: ['float32'], output: 'float32' }, NOTHING);
  const scorer = await scored(twice, [[[numbers([1, 2, 3, 4, 5])], 5]], columns => {
    const [x] = columns as readonly [Float32Array];
    if (x.includes(3)) throw new Error('no three');
    buffer.length = 0;
    buffer.push(...x.map(value => value * 2));
    return buffer;
  });
  assert.deepEqual(valuesOf(scorer.result), [2, 4, null, 8, 10]);
  assert.deepEqual(scorer.reasons, ['no three']);
});

test('reasons are few, and each is told once', async () => {
  const picky = udf({ inputs: ['float32'], output: 'float32' }, ([x]) => {
    throw new Error(`row ${x.length === 1 ? x[0]! % 7 : 'many'}`);
  });
  const scorer = await scored(picky, [[[numbers(Array.from({ length: 30 }, (_, row) => row))], 30]]);
  assert.deepEqual([scorer.failedRows, scorer.reasons.length, new Set(scorer.reasons).size], [30, 5, 5]);
});

test("onError: 'fail' stops at the first throw, without a search", async () => {
  const strict = udf({ inputs: ['float32'], output: 'float32', onError: 'fail', name: 'f' }, () => {
    throw new Error('no licence\n    at somewhere');
  });
  const run = scored(strict, [[[numbers([1, 2, 3])], 3]]);
  await assert.rejects(run, inframeError('FUNCTION_FAILED', "function 'f' failed on a row: no licence;"));
});

test('a function given by value that looks around itself is told so', async () => {
  const factor = 3;
  const outer = udf({ inputs: ['float32'], output: 'float32', name: 'f' }, ([x]) => x.map(value => value * factor));
  await assert.rejects(
    scored(outer, [[[numbers([1])], 1]]),
    inframeError('FUNCTION_FAILED', "function 'f'", 'factor is not defined', '{ module }'),
  );
});

test('somebody who watches is told when the function is called, and can keep it from being called', async () => {
  const seen: string[] = [];
  const watch = { enter: () => void seen.push('enter'), leave: () => void seen.push('leave') };
  const half = udf({ inputs: ['float32'], output: 'float32', batchSize: 2 }, ([x]) => {
    if (x.includes(2)) throw new Error('no two');
    return x;
  });
  await scored(half, [[[numbers([1, 2, 3])], 3]], undefined, watch);
  assert.deepEqual(seen, Array.from({ length: 4 }, () => ['enter', 'leave']).flat());
  const stop = new Error('stop');
  const never = {
    enter: () => {
      throw stop;
    },
    leave: () => undefined,
  };
  await assert.rejects(scored(half, [[[numbers([1])], 1]], undefined, never), error => error === stop);
});

test('a batch is full by its bytes too', async () => {
  const rows = 300;
  const large = new Uint8Array(1024 * 1024);
  const sizes = udf({ inputs: ['binary'], output: 'int32' }, ([x]) => x.map(() => x.length));
  const scorer = await scored(sizes, [[[binary(Array.from({ length: rows }, () => large))], rows]]);
  const given = valuesOf(scorer.result) as readonly number[];
  assert.equal(given.length, rows);
  // 16 MiB, and what came with the last rows.
  assert.ok(Math.max(...given) <= 16 + 64, `${Math.max(...given)} MiB in one batch`);
});
