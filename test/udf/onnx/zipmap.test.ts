import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { freeBatch } from '../../../src/udf/onnx/batch.js';
import { graph, type NodeSpec } from '../../../src/udf/onnx/build.js';
import { parseModel } from '../../../src/udf/onnx/file.js';
import { withFields } from '../../../src/udf/onnx/message.js';
import { type ModelProto, TypeProtoSchema } from '../../../src/udf/onnx/onnx_pb.js';
import { removeZipMaps } from '../../../src/udf/onnx/zipmap.js';
import { signatureOf } from '../../../src/udf/signature.js';
import { fixture, fixtures } from '../../support/fixtures.js';
import { assertClose, float32, inframeError, run } from '../../support/onnx.js';

const skip = fixtures === undefined ? 'no fixtures' : false;

/** Class probabilities p = x, through a ZipMap; declared as converters declare it. */
function classifier(nodes: readonly NodeSpec[], outputs: readonly string[], labels: object): ModelProto {
  const sequence = create(TypeProtoSchema, {
    value: { case: 'sequenceType', value: { elemType: { value: { case: 'mapType', value: { keyType: 7 } } } } },
  });
  const model = graph({
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 2] }],
    outputs: outputs.map(name => ({ name, dtype: 'float32' as const, dims: ['N', 2] })),
    nodes: nodes.map(node =>
      node.op === 'ZipMap' ? { ...node, domain: 'ai.onnx.ml', attributes: labels as never } : node,
    ),
    mlOpset: 1,
  });
  const output = model.graph!.output.map(item =>
    nodes.some(node => node.op === 'ZipMap' && node.outputs[0] === item.name)
      ? withFields(item, { type: sequence })
      : item,
  );
  return withFields(model, { graph: withFields(model.graph!, { output }) });
}

test('iris gives the probabilities scikit-learn gives', { skip }, async () => {
  const original = parseModel(readFileSync(fixture('models', 'logreg_iris.onnx')), 'iris');
  assert.throws(
    () => signatureOf(original),
    inframeError('MODEL_UNSUPPORTED', "output 'probabilities'", 'sequence of map'),
  );
  const { model, classes } = removeZipMaps(original);
  assert.deepEqual([...classes], [['probabilities', [0, 1, 2]]]);
  assert.deepEqual(signatureOf(model, classes).outputs, [
    { name: 'label', dtype: 'int64', dims: [3] },
    { name: 'probabilities', dtype: 'float32', dims: [3, 3], classes: [0, 1, 2] },
  ]);
  // The numbers of the fixtures' README, four digits each.
  const rows = float32([3, 2], [6.7, 3.1, 4.9, 3.0, 5.8, 2.7]);
  const expected = [0.8981, 0.9562, 0.8878];
  for (const variant of [model, freeBatch(model)]) {
    const { label, probabilities } = await run(variant, { float_input: rows });
    assert.deepEqual([...(label!.data as BigInt64Array)], [0n, 0n, 0n]);
    const p = probabilities!.data as Float32Array;
    assertClose([p[0], p[3], p[6]], expected, 5e-5);
  }
  const { probabilities } = await run(freeBatch(model), { float_input: float32([1, 2], [4.9, 3.0]) });
  assert.deepEqual(probabilities!.dims, [1, 3]);
  assertClose([(probabilities!.data as Float32Array)[0]], [0.9562], 5e-5);
});

test('labels may be strings, and two ZipMaps may share a tensor that is an output itself', async () => {
  const model = classifier(
    [
      { op: 'Neg', inputs: ['x'], outputs: ['p'] },
      { op: 'ZipMap', inputs: ['p'], outputs: ['a'] },
      { op: 'ZipMap', inputs: ['p'], outputs: ['b'] },
      { op: 'Neg', inputs: ['p'], outputs: ['again'] },
    ],
    ['a', 'b', 'again'],
    { classlabels_strings: ['ham', 'spam'] },
  );
  const before = structuredClone(model.graph!.node.map(node => node.opType));
  const result = removeZipMaps(model);
  assert.deepEqual([...result.classes.keys()], ['a', 'b']);
  assert.deepEqual(result.classes.get('b'), ['ham', 'spam']);
  assert.deepEqual(
    model.graph!.node.map(node => node.opType),
    before,
  );
  const out = await run(result.model, { x: float32([1, 2], [0.25, 0.75]) });
  assertClose(out['a']!.data as Float32Array, [-0.25, -0.75], 0);
  assertClose(out['b']!.data as Float32Array, [-0.25, -0.75], 0);
  assertClose(out['again']!.data as Float32Array, [0.25, 0.75], 0);
});

test('a ZipMap over the input itself becomes an Identity, and declares the operator set it is in', async () => {
  const classical = classifier([{ op: 'ZipMap', inputs: ['x'], outputs: ['a'] }], ['a'], {
    classlabels_int64s: { ints: [3, 5] },
  });
  const model = withFields(classical, { opsetImport: classical.opsetImport.filter(item => item.domain !== '') });
  const result = removeZipMaps(model);
  const { a } = await run(result.model, { x: float32([1, 2], [0.25, 0.75]) });
  assertClose(a!.data as Float32Array, [0.25, 0.75], 0);
  assert.deepEqual(result.classes.get('a'), [3, 5]);
});

test('a model without ZipMap comes back as it is', { skip }, () => {
  const model = parseModel(readFileSync(fixture('models', 'mnist.onnx')), 'mnist');
  assert.equal(removeZipMaps(model).model, model);
});
