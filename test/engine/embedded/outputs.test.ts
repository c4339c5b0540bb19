import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import {
  anomaly,
  classification,
  detection,
  embedding,
  type InframeSession,
  image,
  type OutputAdapter,
  raw,
  regression,
} from '../../../src/index.js';
import { graph, type ModelSpec } from '../../../src/udf/onnx/build.js';
import { serializeModel } from '../../../src/udf/onnx/file.js';
import { fixture, fixtures } from '../../support/fixtures.js';
import { assertClose, inframeError } from '../../support/onnx.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';

function save(folder: string, name: string, spec: ModelSpec): string {
  const path = join(folder, name);
  writeFileSync(path, serializeModel(graph(spec)));
  return path;
}

async function png(width: number, height: number): Promise<Uint8Array> {
  return new Uint8Array(
    await sharp({ create: { width, height, channels: 3, background: '#804020' } })
      .png()
      .toBuffer(),
  );
}

/** A network over pictures that always says the same: constants of `dims`, as many rows as pictures. */
function constant(
  outputs: Readonly<Record<string, { readonly dims: readonly number[]; readonly data: readonly number[] }>>,
): ModelSpec {
  const names = Object.keys(outputs);
  return {
    inputs: [{ name: 'pixels', dtype: 'float32', dims: ['N', 3, 20, 40] }],
    outputs: names.map(name => ({ name, dtype: 'float32', dims: ['N', ...outputs[name]!.dims] })),
    nodes: [
      { op: 'ReduceMean', inputs: ['pixels'], outputs: ['mean'], attributes: { axes: [1, 2, 3], keepdims: 1 } },
      { op: 'Mul', inputs: ['mean', 'zero'], outputs: ['nothing'] },
      ...names.flatMap(name => {
        const rank = outputs[name]!.dims.length;
        const flat = rank === 2 ? [{ op: 'Squeeze', inputs: ['nothing', 'last'], outputs: [`${name}/row`] }] : [];
        return [
          ...flat,
          { op: 'Add', inputs: [rank === 2 ? `${name}/row` : 'nothing', `${name}/value`], outputs: [name] },
        ];
      }),
    ],
    initializers: [
      { name: 'zero', dtype: 'float32', dims: [], data: [0] },
      { name: 'last', dtype: 'int64', dims: [1], data: [3n] },
      ...names.map(name => {
        const { dims, data } = outputs[name]!;
        return { name: `${name}/value`, dtype: 'float32' as const, dims: [1, ...dims], data };
      }),
    ],
  };
}

interface Found {
  readonly label: string;
  readonly score: number;
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

/** The network sees 40 x 20 pixels. Two boxes of one thing, one of another thing, and one that is too faint. */
const CORNERS = [
  [10, 5, 20, 15],
  [11, 5, 21, 15],
  [0, 0, 40, 20],
  [1, 1, 2, 2],
];
const SCORES = [
  [0.75, 0.125],
  [0.5, 0.25],
  [0.125, 0.625],
  [0.0625, 0.125],
];

for (const format of ['boxes', 'yolo', 'detr'] as const) {
  test(`detection: ${format}, in the pixels of each picture, whatever its size`, async t => {
    const folder = temporaryFolder(t);
    const session = await openSession(t, { workers: 2, threads: 1 });
    const centred = CORNERS.map(([a, b, c, d]) => [(a! + c!) / 2, (b! + d!) / 2, c! - a!, d! - b!]);
    const outputs =
      format === 'boxes'
        ? { boxes: { dims: [4, 4], data: CORNERS.flat() }, scores: { dims: [4, 2], data: SCORES.flat() } }
        : format === 'yolo'
          ? {
              out: {
                dims: [6, 4],
                data: [0, 1, 2, 3]
                  .flatMap(at => centred.map(box => box[at]!))
                  .concat([0, 1].flatMap(label => SCORES.map(row => row[label]!))),
              },
            }
          : {
              pred_boxes: {
                dims: [4, 4],
                data: centred.flatMap(([x, y, w, h]) => [x! / 40, y! / 20, w! / 40, h! / 20]),
              },
              // Logarithms, whose softmax is the scores again; the rest is "no object".
              logits: { dims: [4, 3], data: SCORES.flatMap(row => [...row, 1 - row[0]! - row[1]!].map(Math.log)) },
            };
    const path = save(folder, `${format}.onnx`, constant(outputs));
    const name = format === 'boxes' ? 'boxes' : format === 'yolo' ? 'out' : 'pred_boxes';
    for (const resize of ['exact', 'letterbox'] as const) {
      const model = await session.model(path, {
        inputs: { pixels: image({ resize }) },
        outputs: { [name]: detection({ format, labels: ['cat', 'dog'], threshold: 0.25, overlap: 0.5 }) },
      });
      const rows = [await png(80, 40), await png(40, 40), null, new Uint8Array([1, 2, 3])].map(picture => ({
        image: picture,
      }));
      const found = await session
        .fromRows(rows, { image: { kind: 'binary' } })
        .withColumn('found', model())
        .collect();
      const [wide, square, none, broken] = found.map(row => row['found'] as readonly Found[] | null);
      assert.equal(none, null);
      assert.equal(broken, null);
      // 80 x 40: both sides are twice the network's.
      assert.deepEqual(
        wide!.map(({ label }) => label),
        ['cat', 'dog'],
      );
      assertClose(
        wide!.map(({ score }) => score),
        [0.75, 0.625],
        1e-5,
      );
      assertClose(Object.values(wide![0]!.box), [20, 10, 20, 20], 1e-3);
      assertClose(Object.values(wide![1]!.box), [0, 0, 80, 40], 1e-3);
      // 40 x 40: squeezed to half its height; or made 20 x 20 in the middle, with 10 pixels on both sides.
      assertClose(Object.values(square![0]!.box), resize === 'exact' ? [10, 10, 10, 20] : [0, 10, 20, 20], 1e-3);
      assertClose(Object.values(square![1]!.box), [0, 0, 40, 40], 1e-3);
    }
    const strict = await session.model(path, {
      inputs: { pixels: image() },
      outputs: { [name]: detection({ format, threshold: 0.9 }) },
    });
    const [empty] = await session
      .fromRows([{ image: await png(8, 8) }])
      .withColumn('found', strict())
      .collect();
    assert.deepEqual(empty!['found'], []);
    const one = await session.model(path, {
      inputs: { pixels: image() },
      outputs: { [name]: detection({ format, threshold: 0.1, overlap: 1, most: 2 }) },
    });
    const [best] = await session
      .fromRows([{ image: await png(40, 20) }])
      .withColumn('found', one())
      .collect();
    assert.deepEqual(
      (best!['found'] as readonly Found[]).map(({ label }) => label),
      ['0', '1'],
    );
  });
}

test('detection without pictures, or with labels of another number, is refused in words', async t => {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers: 1, threads: 1 });
  const path = save(
    folder,
    'boxes.onnx',
    constant({ boxes: { dims: [4, 4], data: CORNERS.flat() }, scores: { dims: [4, 2], data: SCORES.flat() } }),
  );
  const load = (outputs: Readonly<Record<string, OutputAdapter>>, pictures = true) =>
    session.model(path, { ...(pictures ? { inputs: { pixels: image() } } : {}), outputs });
  await assert.rejects(
    load({ boxes: detection() }, false),
    inframeError('SHAPE_MISMATCH', 'no input takes any', 'image()'),
  );
  await assert.rejects(
    load({ boxes: detection({ labels: ['one'] }) }),
    inframeError('SHAPE_MISMATCH', '2 classes', '1 labels'),
  );
  await assert.rejects(
    load({ boxes: detection({ scores: 'nothing' }) }),
    inframeError('ARGUMENT_INVALID', "'nothing'", 'boxes, scores'),
  );
  await assert.rejects(load({ boxes: classification() }), inframeError('SHAPE_MISMATCH', 'not one score a class'));
});

/** Rows of numbers `x` [N, 3] through a network, as columns. */
async function scoreRows(
  session: InframeSession,
  path: string,
  rows: readonly (readonly number[] | null)[],
  outputs: Readonly<Record<string, OutputAdapter>>,
) {
  const model = await session.model(path, { outputs });
  const frame = session.fromRows(
    rows.map(x => ({ x })),
    { x: { kind: 'list', element: { kind: 'float32' } } },
  );
  return (await frame.withColumn('y', model()).collect()).map(({ y }) => y);
}

/** A network that ends in an operator over x [N, 3]. */
function ending(op: string, attributes: Readonly<Record<string, number>> = {}): ModelSpec {
  return {
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 3] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: ['N', 3] }],
    nodes: [{ op, inputs: ['x'], outputs: ['y'], attributes }],
  };
}

test('classification: probabilities whatever the network ends in', async t => {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers: 1, threads: 1 });
  const x = [1, 3, 2];
  const total = x.reduce((sum, value) => sum + Math.exp(value), 0);
  const softmax = [3, 2, 1].map(value => Math.exp(value) / total);
  const sigmoid = [3, 2, 1].map(value => 1 / (1 + Math.exp(-value)));
  for (const [op, expected] of [
    ['Identity', softmax],
    ['Softmax', softmax],
    ['LogSoftmax', softmax],
    ['Sigmoid', sigmoid],
  ] as const) {
    const path = save(folder, `${op}.onnx`, ending(op, op.includes('Softmax') ? { axis: 1 } : {}));
    const [found, missing] = (await scoreRows(session, path, [x, null], {
      y: classification({ labels: ['a', 'b', 'c'], top: 5 }),
    })) as readonly (readonly { readonly label: string; readonly score: number }[] | null)[];
    assert.equal(missing, null);
    assert.deepEqual(
      found!.map(({ label }) => label),
      ['b', 'c', 'a'],
    );
    assertClose(
      found!.map(({ score }) => score),
      expected,
      1e-6,
    );
    const [one, none] = await scoreRows(session, path, [x, null], { y: classification() });
    assert.equal((one as { readonly label: bigint }).label, 1n);
    assert.equal(none, null);
  }
  const path = join(folder, 'Identity.onnx');
  await assert.rejects(
    session.model(path, { outputs: { y: classification({ labels: ['a', 'b'] }) } }),
    inframeError('SHAPE_MISMATCH', '3 classes', '2 labels'),
  );
});

test('regression, raw and several outputs at once', async t => {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers: 1, threads: 1 });
  const path = save(folder, 'two.onnx', {
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 3] }],
    outputs: [
      { name: 'y', dtype: 'float32', dims: ['N', 3] },
      { name: 'z', dtype: 'float32', dims: ['N', 3] },
    ],
    nodes: [
      { op: 'Identity', inputs: ['x'], outputs: ['y'] },
      { op: 'Neg', inputs: ['x'], outputs: ['z'] },
    ],
  });
  const both = await scoreRows(session, path, [[1, 2, 4], null], {
    y: regression({ scale: [2, 1, 0.5], offset: [0, 1, 0], names: ['p', 'q', 'r'] }),
    z: raw(),
  });
  assert.deepEqual(both, [{ y: { p: 2, q: 3, r: 2 }, z: [-1, -2, -4] }, null]);
  assert.deepEqual(await scoreRows(session, path, [[1, 2, 4]], { y: regression({ scale: [10] }) }), [[10, 20, 40]]);
  await assert.rejects(
    session.model(path, { outputs: { y: regression({ names: ['p', 'q'] }) } }),
    inframeError('SHAPE_MISMATCH', '2 values', 'p, q'),
  );
});

test('anomaly: how far a reconstruction is from what the network was fed', async t => {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers: 1, threads: 1 });
  const path = save(folder, 'half.onnx', {
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 3] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: ['N', 3] }],
    nodes: [{ op: 'Mul', inputs: ['x', 'half'], outputs: ['y'] }],
    initializers: [{ name: 'half', dtype: 'float32', dims: [], data: [0.5] }],
  });
  assert.deepEqual(await scoreRows(session, path, [[2, 4, 0], null], { y: anomaly() }), [Math.fround(5 / 3), null]);
  assert.deepEqual(await scoreRows(session, path, [[2, -4, 0]], { y: anomaly({ error: 'mae' }) }), [1]);
  const pictures = save(folder, 'pictures.onnx', {
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 3, 2, 2] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: ['N', 3, 2, 2] }],
    nodes: [{ op: 'Sub', inputs: ['x', 'one'], outputs: ['y'] }],
    initializers: [{ name: 'one', dtype: 'float32', dims: [], data: [0.25] }],
  });
  const model = await session.model(pictures, { inputs: { x: image({ range: [0, 1] }) }, outputs: { y: anomaly() } });
  const [row] = await session
    .fromRows([{ image: await png(5, 5) }])
    .withColumn('error', model())
    .collect();
  assertClose([row!['error']], [0.0625], 1e-6);
});

test('embedding: places are averaged, vectors are made one long', async t => {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers: 1, threads: 1 });
  const path = save(folder, 'places.onnx', {
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 3, 2, 2] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: ['N', 3, 2, 2] }],
    nodes: [
      { op: 'Identity', inputs: ['x'], outputs: ['y0'] },
      { op: 'Relu', inputs: ['y0'], outputs: ['y'] },
    ],
  });
  const x = [1, 2, 3, 6, 0, 0, 0, 0, 4, 4, 4, 4];
  const frame = session.fromRows([{ x }], { x: { kind: 'list', element: { kind: 'float32' } } });
  const embed = async (adapter: OutputAdapter) => {
    const model = await session.model(path, { outputs: { y: adapter } });
    const [row] = await frame.withColumn('v', model()).collect();
    return row!['v'] as readonly number[];
  };
  assert.deepEqual(await embed(embedding()), [3, 0, 4]);
  assert.deepEqual(await embed(embedding({ pooling: 'max' })), [6, 0, 4]);
  assertClose(await embed(embedding({ normalize: true })), [0.6, 0, 0.8], 1e-6);
  assert.deepEqual(await embed(embedding({ pooling: 'none' })), x);
});

const skip = fixtures === undefined ? 'the fixtures are not here' : false;

test("a scikit-learn classifier's own classes are its labels", { skip }, async t => {
  const session = await openSession(t, { workers: 1, threads: 1 });
  const iris = await session.model(fixture('models', 'logreg_iris.onnx'), {
    outputs: { probabilities: classification() },
  });
  const rows = await session
    .fromRows([
      { a: 6.7, b: 3.1 },
      { a: 4.9, b: 3.0 },
    ])
    .withColumn('y', iris('a', 'b'))
    .collect();
  const found = rows.map(({ y }) => y as { readonly label: string; readonly score: number });
  assert.deepEqual(
    found.map(({ label }) => label),
    ['0', '0'],
  );
  assertClose(
    found.map(({ score }) => score),
    [0.8981, 0.9562],
    1e-4,
  );
});
