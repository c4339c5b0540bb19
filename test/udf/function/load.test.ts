import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { FunctionCallDescriptor } from '../../../src/udf/function/descriptor.js';
import { FunctionCache } from '../../../src/udf/function/load.js';
import { udf } from '../../../src/udf/function/udf.js';
import { inframeError, temporaryFolder } from '../../support/onnx.js';
import { descriptorOf } from './calls.js';

function moduleCall(path: string, exportName?: string): FunctionCallDescriptor {
  const from = exportName === undefined ? {} : { export: exportName };
  return descriptorOf(udf({ inputs: ['float64'], output: 'float64', name: 'f', module: path, ...from }));
}

function textCall(text: string): FunctionCallDescriptor {
  const call = descriptorOf(udf({ inputs: ['float64'], output: 'float64', name: 'f' }, ([x]) => x));
  return { ...call, source: { kind: 'text', text } };
}

test('texts of every form give their function, in strict mode', async () => {
  const cache = new FunctionCache();
  for (const text of [
    'x => x + 1',
    'function (x) { return x + 1; }',
    'function later(x) { return x > 9 ? x : later(x + 10) - 9; }',
    'x => x + 1 // with a word behind it',
    // What compilers that keep names leave in a text.
    'x => { const inner = __name(v => v + 1, "inner"); return inner(x); }',
  ]) {
    assert.equal((await cache.get(textCall(text)))(1, 1), 2, text);
  }
  const own = await cache.get(textCall('function () { return this; }'));
  assert.equal(own(1, 1), undefined);
  assert.equal(await (await cache.get(textCall('async x => x + 1')))(1, 1), 2);
});

test('a text is compiled once, and a module imported once, while they stay the same', async t => {
  const path = join(temporaryFolder(t), 'f.js');
  writeFileSync(path, 'let calls = 0; export default () => ++calls;');
  const cache = new FunctionCache();
  const call = moduleCall(path);
  assert.equal((await cache.get(call))(0, 1), 1);
  assert.equal((await cache.get(moduleCall(path)))(0, 1), 2);
  assert.equal(await cache.get(textCall('x => x')), await cache.get(textCall('x => x')));

  writeFileSync(path, 'export default () => "changed";');
  assert.equal((await cache.get(moduleCall(path)))(0, 1), 'changed');
  // Another thread, which has not read the file before.
  await assert.rejects(
    new FunctionCache().get(call),
    inframeError('FUNCTION_CHANGED', `module '${path}' of function 'f' has changed`, 'call udf() again'),
  );
});

test('a module that cannot be used says what is wrong with it', async t => {
  const folder = temporaryFolder(t);
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const cache = new FunctionCache();
  const refused = async (call: FunctionCallDescriptor, ...words: string[]): Promise<void> => {
    await assert.rejects(cache.get(call), inframeError('FUNCTION_INVALID', "of function 'f'", ...words));
  };
  const two = write('two.js', 'export const a = x => x; export const b = 5;');
  await refused(moduleCall(two), "has no export 'default'", 'it exports: a, b');
  await refused(moduleCall(two, 'b'), "has 5 as its export 'b'");
  await refused(moduleCall(write('syntax.js', 'export default x => ;')), 'cannot be imported', 'Unexpected token');
  await refused(moduleCall(write('throws.js', 'throw new Error("no licence");')), 'cannot be imported: no licence');
  await refused(moduleCall(write('lost.js', 'import "./nowhere.js"; export default x => x;')), 'nowhere.js');
  assert.equal((await cache.get(moduleCall(two, 'a')))(7, 1), 7);
});

test('a module that was refused is tried again', async t => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'f.js');
  writeFileSync(path, 'import { value } from "./other.js"; export default () => value;');
  const cache = new FunctionCache();
  await assert.rejects(cache.get(moduleCall(path)), inframeError('FUNCTION_INVALID'));
  writeFileSync(join(folder, 'other.js'), 'export const value = 3;');
  assert.equal((await cache.get(moduleCall(path)))(0, 1), 3);
});

test('functions that have not been used for longest are let go of', async () => {
  const cache = new FunctionCache(2);
  const first = await cache.get(textCall('x => 1'));
  await cache.get(textCall('x => 2'));
  await cache.get(textCall('x => 3'));
  const again = await cache.get(textCall('x => 1'));
  assert.notEqual(again, first);
  assert.equal(again(0, 1), 1);
});
