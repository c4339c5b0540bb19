import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelTypescript } from '../../src/udf/typescript.js';
import { compile } from '../support/compiler.js';

const NAMES = { name: 'M', comment: 'm.onnx' };

test('inputs are values or lists, and outputs are what columns become', () => {
  const text = modelTypescript({
    ...NAMES,
    inputs: [
      { name: 'one', dtype: 'float16', dims: ['N'] },
      { name: 'single', dtype: 'int64', dims: ['N', 1] },
      { name: 'several', dtype: 'float32', dims: ['N', 20] },
      { name: 'picture', dtype: 'uint8', dims: [1, 3, 8, 8] },
      { name: 'free', dtype: 'bool', dims: ['N', undefined] },
      { name: 'not known', dtype: 'string', dims: undefined },
    ],
    outputs: [
      { name: 'label', type: { kind: 'int64' } },
      { name: 'scores', type: { kind: 'array', element: { kind: 'float32' }, length: 3 } },
      {
        name: 'boxes',
        type: { kind: 'array', element: { kind: 'array', element: { kind: 'float64' }, length: 4 }, length: 2 },
      },
    ],
  });
  assert.equal(
    text,
    `/** m.onnx */
export interface M {
  inputs: {
    /** float16[N] */
    one: number;
    /** int64[N, 1] */
    single: bigint;
    /** float32[N, 20] */
    several: readonly number[] & { readonly length: 20 };
    /** uint8[1, 3, 8, 8] */
    picture: readonly number[] & { readonly length: 192 };
    /** bool[N, ?] */
    free: readonly boolean[];
    /** string[...] */
    'not known': readonly string[];
  };
  outputs: {
    /** int64 */
    label: bigint | null;
    /** float32[3] */
    scores: readonly number[] | null;
    /** float64[4][2] */
    boxes: readonly (readonly number[])[] | null;
  };
  order: ['one', 'single', 'several', 'picture', 'free', 'not known'];
}
`,
  );
  const use = "import type { Model, ModelTypes } from 'inframe';\nexport const types: ModelTypes[] = [] as M[];\n";
  assert.deepEqual(compile(`${use}${text}export const model = {} as Model<M>;`).errors, []);
});

test('a model of one input has no order to tell, and one without inputs none to give', () => {
  const output = { name: 'y', type: { kind: 'string' } } as const;
  const one = modelTypescript({ ...NAMES, inputs: [{ name: 'x', dtype: 'float32', dims: ['N'] }], outputs: [output] });
  assert.doesNotMatch(one, /order/);
  const none = modelTypescript({ ...NAMES, inputs: [], outputs: [output] });
  assert.match(none, /^ {2}inputs: \{\};$/m);
});
