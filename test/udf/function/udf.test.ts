import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { describe as describeExpr } from '../../../src/frame/expr.js';
import { col } from '../../../src/frame/functions.js';
import { referenceOf } from '../../../src/frame/model.js';
import { udf } from '../../../src/udf/function/udf.js';
import { inframeError, temporaryFolder } from '../../support/onnx.js';
import { descriptorOf } from './calls.js';

type Loose = (options: unknown, batch?: unknown) => unknown;
/** As a caller without a compiler sees it. */
const loose = udf as unknown as Loose;
const one = { inputs: ['float64'], output: 'float64' };

test('a function is a frozen value that says what it is', () => {
  const double = udf({ inputs: { x: 'float64' }, output: 'float64', name: 'double' }, ({ x }) => x.map(v => v * 2));
  assert.equal(double.functionName, 'double');
  assert.equal(double.deterministic, true);
  assert.ok(Object.isFrozen(double));
  assert.equal(referenceOf(double)?.name, 'double');
  assert.equal(referenceOf(double)?.deterministic, true);
  const noise = udf({ inputs: {}, output: 'float64', deterministic: false }, (_, rows) => new Float64Array(rows));
  assert.equal(referenceOf(noise)?.deterministic, false);
  for (const other of [undefined, null, 5, 'double', () => 1, { name: 'double' }]) {
    assert.equal(referenceOf(other), undefined);
  }
});

test('it is called with columns, names, named inputs or nothing', () => {
  const add = udf({ inputs: { x: 'float64', z: 'float64' }, output: 'float64', name: 'add' }, ({ x, z }) =>
    x.map((v, row) => v + z[row]!),
  );
  const text = (column: ReturnType<typeof add>): string => describeExpr(column.expr);
  assert.equal(text(add(col('a'), 'b')), 'add(a, b)');
  assert.equal(text(add({ x: 'a', z: col('b').add(1) })), 'add(x: a, z: (b + 1))');
  assert.equal(text(add()), 'add()');
});

test('a name comes from the option, the function, the export or the file', t => {
  const path = join(temporaryFolder(t), 'slug.js');
  writeFileSync(path, 'export default x => x; export const loud = x => x;');
  function triple([x]: readonly [Float64Array]): Float64Array {
    return x.map(v => v * 3);
  }
  assert.equal(udf({ inputs: ['float64'], output: 'float64' }, triple).functionName, 'triple');
  assert.equal(udf({ inputs: ['float64'], output: 'float64', name: 'thrice' }, triple).functionName, 'thrice');
  assert.equal(udf({ inputs: ['float64'], output: 'float64' }, ([x]) => x).functionName, 'udf');
  assert.equal(udf({ inputs: ['string'], output: 'string', module: path }).functionName, 'slug');
  assert.equal(udf({ inputs: ['string'], output: 'string', module: path, export: 'loud' }).functionName, 'loud');
});

test('outputs() gives a column an output, unless each would be a call of its own', () => {
  const both = { inputs: ['float64'], output: { a: 'float64', b: 'string' } } as const;
  const split = udf({ ...both, name: 'split' }, ([x]) => ({ a: x, b: Array.from(x, String) }));
  const columns = Object.entries(split.outputs('x')).map(([name, column]) => [name, describeExpr(column.expr)]);
  assert.deepEqual(columns, [
    ['a', 'split(x).a'],
    ['b', 'split(x).b'],
  ]);
  const draw = udf({ ...both, name: 'draw', deterministic: false }, ([x]) => ({ a: x, b: Array.from(x, String) }));
  assert.throws(
    () => draw.outputs('x'),
    inframeError('ARGUMENT_INVALID', "function 'draw'", 'make its struct a column'),
  );
  const single = udf({ inputs: ['float64'], output: 'float64', name: 'single' }, ([x]) => x);
  assert.deepEqual(Object.keys(single.outputs('x')), ['result']);
});

test('options that are not possible are refused with what is', () => {
  const f = (x: unknown): unknown => x;
  const cases: readonly (readonly [unknown, unknown, readonly string[]])[] = [
    [undefined, f, ['options undefined', 'udf({ inputs, output }']],
    [{ ...one, name: '' }, f, ['name ""', 'is not a name']],
    [{ ...one, outputs: 'float64' }, f, ['option "outputs"', 'there are: name, inputs, output']],
    [{ ...one, batchSize: 0 }, f, ['batchSize 0', 'from 1 to']],
    [{ ...one, batchSize: 1.5 }, f, ['batchSize 1.5']],
    [{ ...one, batchSize: 2_000_000 }, f, ['batchSize 2000000']],
    [{ ...one, nulls: 'null' }, f, ['nulls "null"', 'skip, pass']],
    [{ ...one, onError: 'ignore' }, f, ['onError "ignore"', 'null, fail']],
    [{ ...one, deterministic: 'no' }, f, ['deterministic "no"', 'true or false']],
    [one, undefined, ['has no code', '{ module }']],
    [{ ...one, module: 'a.js' }, f, ['by value and by module']],
    [{ output: 'float64' }, f, ['inputs undefined', "{ x: 'float64' }"]],
    [{ inputs: 'float64', output: 'float64' }, f, ['inputs "float64"']],
    [{ inputs: { kind: 'float64' }, output: 'float64' }, f, ['inputs {"kind":"float64"}']],
    [{ inputs: ['float64'] }, f, ['type undefined of output', 'there are: boolean']],
    [{ inputs: ['float'], output: 'float64' }, f, ['type "float" of argument 1', 'float32, float64']],
    [{ inputs: { x: null }, output: 'float64' }, f, ["type null of input 'x'"]],
    [{ inputs: ['float64'], output: {} }, f, ['has no type']],
    [{ inputs: ['float64'], output: [] }, f, ['type [] of output']],
    [{ inputs: ['float64'], output: { a: 'number' } }, f, ['type "number" of output \'a\'']],
    [{ inputs: ['float64'], output: { kind: 'float64', b: 'string' } }, f, ["member 'b'", 'called kind']],
    [{ inputs: ['float64'], output: { kind: 'decimal', precision: 4, scale: 2 } }, f, ['decimal(4, 2)', 'cast']],
    [{ inputs: [{ kind: 'list' }], output: 'float64' }, f, ["of argument 1 of function 'f' is not one"]],
    [{ inputs: [{ kind: 'array', element: { kind: 'int8' }, length: 0 }], output: 'int8' }, f, ['int8[0]']],
    [{ inputs: [{ kind: 'struct', fields: [] }], output: 'int8' }, f, ['struct<>']],
    [{ inputs: [{ kind: 'list', element: { kind: 'uuid' } }], output: 'int8' }, f, ['type list<uuid> of argument 1']],
    [{ inputs: [{ kind: 'timestamp', unit: 'ns', zone: false }], output: 'int8' }, f, ['timestamp[ns]']],
  ];
  for (const [options, batch, words] of cases) {
    assert.throws(() => loose(options, batch), inframeError('ARGUMENT_INVALID', ...words));
  }
});

test('what cannot travel as text is refused at once', () => {
  const holder = {
    method(x: unknown): unknown {
      return x;
    },
    async later(x: unknown): Promise<unknown> {
      return x;
    },
  };
  const cases: readonly (readonly [unknown, string])[] = [
    [Math.sqrt, 'native or bound'],
    [((x: unknown) => x).bind(null), 'native or bound'],
    [holder.method, 'method'],
    [holder.later, 'method'],
    [class Scorer {}, 'is a class'],
    [
      function* (x: unknown) {
        yield x;
      },
      'is a generator',
    ],
    ['x => x', 'is given "x => x"'],
    [5, 'is given 5'],
    [null, 'is given null'],
  ];
  for (const [batch, words] of cases) assert.throws(() => loose(one, batch), inframeError('ARGUMENT_INVALID', words));
});

test('functions of every form are taken', () => {
  const forms: readonly unknown[] = [
    (x: unknown) => x,
    async (x: unknown) => x,
    function named(x: unknown) {
      return x;
    },
    // biome-ignore lint/complexity/useArrowFunction: the form is what is tested
    async function (x: unknown) {
      return x;
    },
  ];
  for (const form of forms) assert.doesNotThrow(() => loose(one, form));
});

test('a module is a path or a file: URL, and has to be there', t => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'f.js');
  writeFileSync(path, 'export default x => x;');
  for (const module of [path, pathToFileURL(path), pathToFileURL(path).href]) {
    const made = udf({ inputs: ['float64'], output: 'float64', module });
    const { source } = descriptorOf(made);
    assert.ok(source.kind === 'module' && source.path === path && source.exportName === 'default');
  }
  const missing = join(folder, 'missing.js');
  assert.throws(
    () => loose({ ...one, module: missing }),
    inframeError('FUNCTION_INVALID', `module '${missing}' of function 'missing' cannot be read`),
  );
  for (const module of [5, '', 'https://example.com/f.js', 'node:fs', new URL('https://example.com/f.js')]) {
    assert.throws(() => loose({ ...one, module }), inframeError('ARGUMENT_INVALID', 'is not a file'));
  }
  assert.throws(() => loose({ ...one, module: path, export: 5 }), inframeError('ARGUMENT_INVALID', 'export 5'));
});

test('a call is plain data, known by its code and types, not by speed or name', t => {
  const path = join(temporaryFolder(t), 'f.js');
  writeFileSync(path, 'export default ([x]) => x;');
  const make = (options: object, code = '([x]) => x.map(v => v * 2)'): string => {
    // Texts as they stand in a program; `loose` makes the value from it.
    const batch = new Function(`return ${code}`)() as unknown;
    return descriptorOf(loose({ ...one, ...options }, batch) as ReturnType<typeof udf>).key;
  };
  const base = make({});
  assert.equal(make({ batchSize: 7 }), base);
  assert.equal(make({ name: 'other' }), base);
  assert.equal(make({}, '([x]) => x.map(v => v * 2)'), base);
  const others = [
    make({}, '([x]) => x.map(v => v * 3)'),
    make({ nulls: 'pass' }),
    make({ onError: 'fail' }),
    make({ inputs: ['float32'] }),
    make({ inputs: { x: 'float64' } }),
    make({ output: 'float32' }),
    make({ output: { result: 'float64' } }),
  ];
  const module = (): string => descriptorOf(udf({ inputs: ['float64'], output: 'float64', module: path })).key;
  const first = module();
  writeFileSync(path, 'export default ([x]) => x ;');
  const second = module();
  const keys = [base, ...others, first, second];
  assert.equal(new Set(keys).size, keys.length);

  const descriptor = descriptorOf(udf({ inputs: ['float64'], output: 'float64' }, ([x]) => x));
  assert.deepEqual(JSON.parse(JSON.stringify(descriptor)), descriptor);
});
