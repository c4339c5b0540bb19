import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import ort from 'onnxruntime-node';
import { type ErrorCode, InframeError } from '../../src/frame/errors.js';
import { serializeModel } from '../../src/udf/onnx/file.js';
import type { ModelProto } from '../../src/udf/onnx/onnx_pb.js';

export type Feeds = Record<string, ort.Tensor>;

/** Runs a model once in ONNX Runtime, on this thread: fine in a test (Rule 1 is about the program). */
export async function run(
  model: ModelProto,
  feeds: Feeds,
  options: ort.InferenceSession.SessionOptions = {},
): Promise<Record<string, ort.Tensor>> {
  const session = await ort.InferenceSession.create(serializeModel(model), {
    logSeverityLevel: 3,
    intraOpNumThreads: 1,
    ...options,
  });
  try {
    return (await session.run(feeds)) as Record<string, ort.Tensor>;
  } finally {
    await session.release();
  }
}

export function float32(dims: readonly number[], data: ArrayLike<number>): ort.Tensor {
  return new ort.Tensor('float32', Float32Array.from(data), [...dims]);
}

/** Numbers that look arbitrary and are the same on every run, in [0, 1): a linear congruential generator. */
export function noise(count: number, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
}

export function assertClose(actual: ArrayLike<unknown>, expected: ArrayLike<unknown>, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (let index = 0; index < expected.length; index++) {
    const difference = Math.abs(Number(actual[index]) - Number(expected[index]));
    assert.ok(difference <= tolerance, `element ${index}: ${actual[index]} is not ${expected[index]}`);
  }
}

/** A check for `assert.throws`/`rejects`: this code, these words, and nothing of a library's in the sentence. */
export function inframeError(code: ErrorCode, ...words: readonly (string | RegExp)[]): (error: unknown) => true {
  return error => {
    assert.ok(error instanceof InframeError, `not an InframeError: ${error instanceof Error ? error.stack : error}`);
    assert.equal(error.code, code, error.message);
    assert.doesNotMatch(error.message, /\n|node_modules|premature EOF|illegal tag/);
    for (const word of words) {
      if (typeof word === 'string') assert.ok(error.message.includes(word), `'${word}' is not in: ${error.message}`);
      else assert.match(error.message, word);
    }
    return true;
  };
}

/** An empty folder that goes when the test ends. */
export function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'inframe-onnx-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
