import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { create, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { InframeError } from '../../../src/frame/errors.js';
import { freeBatch } from '../../../src/udf/onnx/batch.js';
import { graph, tensor } from '../../../src/udf/onnx/build.js';
import { externalReferences } from '../../../src/udf/onnx/external.js';
import { parseModel, readModel, serializeModel } from '../../../src/udf/onnx/file.js';
import { inspectModel } from '../../../src/udf/onnx/inspect.js';
import { GraphProtoSchema, type ModelProto, ModelProtoSchema } from '../../../src/udf/onnx/onnx_pb.js';
import { castInput, castOutput, keepOutputs, reshapeInput, transposeInput } from '../../../src/udf/onnx/rewrite.js';
import { removeZipMaps } from '../../../src/udf/onnx/zipmap.js';
import { trueInputs } from '../../../src/udf/signature.js';
import { fixture, fixtures } from '../../support/fixtures.js';
import { inframeError, temporaryFolder } from '../../support/onnx.js';

const skip = fixtures === undefined ? 'no fixtures' : false;
const MODELS = ['logreg_iris', 'mnist', 'light_resnet50', 'squeezenet', 'squeezenet_fp16'];

function small(): ModelProto {
  return graph({
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 2] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: ['N', 1] }],
    nodes: [{ op: 'MatMul', inputs: ['x', 'w'], outputs: ['y'] }],
    initializers: [{ name: 'w', dtype: 'float32', dims: [2, 1], data: [0.5, -1] }],
  });
}

for (const name of MODELS) {
  test(`${name} is the same model after a write and a read`, { skip }, () => {
    const model = parseModel(readFileSync(fixture('models', `${name}.onnx`)), name);
    assert.deepEqual(parseModel(serializeModel(model), name), model);
  });
}

test('what serializeModel writes piece by piece is as long as what protobuf writes in one go', { skip }, () => {
  for (const name of MODELS) {
    const model = parseModel(readFileSync(fixture('models', `${name}.onnx`)), name);
    assert.equal(serializeModel(model).length, toBinary(ModelProtoSchema, model).length);
  }
});

test('fields the subset of the format does not list survive', () => {
  const model = small();
  // GraphProto.quantization_annotation = 14, NodeProto.metadata_props = 9, TensorProto.metadata_props = 16,
  // ModelProto.training_info = 20, TypeProto.denotation = 6.
  const unknown = (no: number) => [{ no, wireType: 2, data: new Uint8Array([3, 10, 1, 113]) }];
  const bytes = (() => {
    const copy = parseModel(serializeModel(model), 'm');
    copy.$unknown = unknown(20);
    copy.graph!.$unknown = unknown(14);
    copy.graph!.node[0]!.$unknown = unknown(9);
    copy.graph!.initializer[0]!.$unknown = unknown(16);
    copy.graph!.input[0]!.type!.$unknown = unknown(6);
    return toBinary(ModelProtoSchema, copy);
  })();
  const read = parseModel(parseAndSerialize(bytes), 'm');
  assert.equal(read.$unknown?.[0]?.no, 20);
  assert.equal(read.graph!.$unknown?.[0]?.no, 14);
  assert.deepEqual([...read.graph!.$unknown![0]!.data], [3, 10, 1, 113]);
  assert.equal(read.graph!.node[0]!.$unknown?.[0]?.no, 9);
  assert.equal(read.graph!.initializer[0]!.$unknown?.[0]?.no, 16);
  assert.equal(read.graph!.input[0]!.type!.$unknown?.[0]?.no, 6);
});

function parseAndSerialize(bytes: Uint8Array): Uint8Array {
  return serializeModel(parseModel(bytes, 'm'));
}

test('weights are views of the bytes read, not copies', () => {
  const bytes = serializeModel(small());
  assert.equal(parseModel(bytes, 'm').graph!.initializer[0]!.rawData.buffer, bytes.buffer);
});

test('built models survive a write and a read, whatever their weights', () => {
  fc.assert(
    fc.property(
      fc.array(fc.float()),
      fc.array(fc.string({ unit: 'grapheme' })),
      fc.string(),
      (floats, strings, name) => {
        const model = graph({
          inputs: [{ name: 'x', dtype: 'float32' }],
          outputs: [{ name, dtype: 'string', dims: [undefined, 'N', 3] }],
          nodes: [{ op: 'Op', inputs: ['x', ''], outputs: [name], attributes: { floats: { floats }, s: { strings } } }],
          initializers: [
            tensor('w', 'float32', [floats.length], floats),
            tensor('s', 'string', [strings.length], strings),
          ],
        });
        assert.deepEqual(parseModel(serializeModel(model), 'm'), model);
      },
    ),
    { numRuns: 100 },
  );
});

function onlyInframeErrors(bytes: Uint8Array): boolean {
  try {
    parseModel(bytes, 'm');
    return true;
  } catch (error) {
    assert.ok(error instanceof InframeError, String((error as Error).stack));
    assert.equal(error.code, 'MODEL_INVALID');
    return false;
  }
}

test('random bytes are refused in our own words or are a model', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), bytes => {
      onlyInframeErrors(bytes);
    }),
    { numRuns: 2000 },
  );
});

for (const name of MODELS) {
  test(`${name} cut short anywhere is refused in our own words`, { skip }, () => {
    const bytes = readFileSync(fixture('models', `${name}.onnx`));
    const step = Math.max(1, Math.floor(bytes.length / 300));
    for (let end = 0; end < bytes.length; end += step) {
      assert.equal(onlyInframeErrors(bytes.subarray(0, end)), false, `the first ${end} bytes pass`);
    }
  });
}

/** Everything that reads or changes a model, on one that need not make sense: nothing but InframeError may come out. */
function everyEdit(model: ModelProto): void {
  const attempt = (edit: () => unknown): void => {
    try {
      edit();
    } catch (error) {
      assert.ok(error instanceof InframeError, String((error as Error).stack));
    }
  };
  const file = { path: '/m', model, sha256: '', bytes: 0, externalFiles: [], externalFolder: undefined };
  const input = trueInputs(model.graph!)[0]?.name ?? '';
  const output = model.graph!.output[0]!.name;
  attempt(() => inspectModel(file));
  attempt(() => externalReferences(model, 'm'));
  attempt(() => serializeModel(freeBatch(removeZipMaps(model).model)));
  attempt(() => serializeModel(transposeInput(model, input)));
  attempt(() => serializeModel(castInput(reshapeInput(model, input), input, 'uint8')));
  attempt(() => serializeModel(castOutput(model, output, 'float64')));
  attempt(() => serializeModel(keepOutputs(model, [output])));
}

for (const name of ['logreg_iris', 'mnist', 'light_resnet50']) {
  test(`${name} with flipped bits is refused in our own words or is a model`, { skip }, () => {
    const original = new Uint8Array(readFileSync(fixture('models', `${name}.onnx`)));
    fc.assert(
      fc.property(fc.array(fc.nat({ max: original.length * 8 - 1 }), { minLength: 1, maxLength: 4 }), bits => {
        const bytes = original.slice();
        for (const bit of bits) bytes[bit >> 3]! ^= 1 << (bit & 7);
        if (onlyInframeErrors(bytes)) everyEdit(parseModel(bytes, 'm'));
      }),
      { numRuns: name === 'logreg_iris' ? 1000 : 150 },
    );
  });
}

test('a model without graph, inputs, outputs or operator set is refused', () => {
  const parse = (model: ModelProto) => () => parseModel(toBinary(ModelProtoSchema, model), 'x.onnx');
  const broken = (change: (model: ModelProto) => void) => {
    const model = small();
    change(model);
    return parse(model);
  };
  assert.throws(() => parseModel(new Uint8Array(), 'x.onnx'), inframeError('MODEL_INVALID', "model 'x.onnx' is empty"));
  assert.throws(parse(create(ModelProtoSchema, { irVersion: 8n })), inframeError('MODEL_INVALID', 'not an ONNX file'));
  assert.throws(
    broken(model => {
      model.graph = create(GraphProtoSchema, { output: model.graph!.output });
    }),
    inframeError('MODEL_INVALID', 'has no inputs'),
  );
  assert.throws(
    broken(model => {
      model.graph!.output = [];
    }),
    inframeError('MODEL_INVALID', 'has no outputs'),
  );
  assert.throws(
    broken(model => {
      model.opsetImport = [];
    }),
    inframeError('MODEL_INVALID', 'version of the operators'),
  );
});

test('hostile sizes and nesting are refused, not followed', () => {
  // graph (field 7), of claimed length 2^32 - 1, and of a length that needs more than 32 bits
  assert.throws(
    () => parseModel(new Uint8Array([8, 8, 0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f]), 'm'),
    inframeError('MODEL_INVALID', 'cut short'),
  );
  assert.equal(onlyInframeErrors(new Uint8Array([0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f])), false);
  // graph > node > attribute > graph > node ... 20 000 deep
  let bytes = new Uint8Array([0x0a, 0]);
  for (let depth = 0; depth < 20_000; depth++) {
    const tag = [0x0a, 0x2a, 0x32][depth % 3]!;
    const length: number[] = [];
    for (let rest = bytes.length; ; rest >>>= 7) {
      length.push(rest > 127 ? (rest & 127) | 128 : rest);
      if (rest <= 127) break;
    }
    const next = new Uint8Array(1 + length.length + bytes.length);
    next.set([tag, ...length]);
    next.set(bytes, 1 + length.length);
    bytes = next;
    if (depth % 3 === 2 && depth > 300) break; // 300 levels are beyond the limit of 100 already
  }
  assert.equal(
    onlyInframeErrors(new Uint8Array([0x3a, ...[0x80 | (bytes.length & 127), bytes.length >> 7], ...bytes])),
    false,
  );
  // groups, which ONNX never uses, nested without end
  assert.equal(onlyInframeErrors(new Uint8Array(100_000).fill(0x83)), false);
  assert.equal(onlyInframeErrors(new Uint8Array(100_000).fill(0x7b)), false);
});

test('files that people take for models are named for what they are', async context => {
  const folder = temporaryFolder(context);
  const cases: readonly [string, string | Uint8Array, string][] = [
    ['empty.onnx', '', 'is empty'],
    ['text.onnx', 'hello, this is a text file\n', 'it is text'],
    ['lfs.onnx', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n', 'git lfs pull'],
    ['page.onnx', '<!DOCTYPE html><html></html>', 'web page'],
    ['torch.onnx', 'PK\u0003\u0004abcdefgh', 'ZIP'],
    ['small.ort', new Uint8Array([20, 0, 0, 0, 0x4f, 0x52, 0x54, 0x4d, 9, 9]), '.ort'],
  ];
  for (const [name, content, words] of cases) {
    writeFileSync(join(folder, name), content);
    await assert.rejects(readModel(join(folder, name)), inframeError('MODEL_INVALID', name, words));
  }
});

test('a missing model, a folder and a pipe are refused', async context => {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, 'delay.onnx'), serializeModel(small()));
  await assert.rejects(
    readModel(join(folder, 'dealy.onnx')),
    inframeError('MODEL_NOT_FOUND', 'does not exist', "did you mean 'delay.onnx'?"),
  );
  await assert.rejects(readModel(join(folder, 'no', 'x.onnx')), inframeError('MODEL_NOT_FOUND', '(none)'));
  await assert.rejects(readModel(folder), inframeError('MODEL_INVALID', 'a folder', 'delay.onnx'));
  if (process.platform !== 'win32') {
    execFileSync('mkfifo', [join(folder, 'pipe.onnx')]);
    await assert.rejects(readModel(join(folder, 'pipe.onnx')), inframeError('MODEL_INVALID', 'neither a file'));
  }
});

test('readModel reports path, size and hash', async context => {
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, 'a'));
  const path = join(folder, 'a', 'm.onnx');
  const bytes = serializeModel(small());
  writeFileSync(path, bytes);
  const file = await readModel(join(folder, 'a', '..', 'a', 'm.onnx'));
  assert.equal(file.path, path);
  assert.equal(file.bytes, bytes.length);
  assert.equal(file.sha256, createHash('sha256').update(bytes).digest('hex'));
  assert.deepEqual(file.externalFiles, []);
  assert.equal(file.externalFolder, undefined);
  assert.deepEqual(file.model, small());
});
