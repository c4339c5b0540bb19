import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { fixture, fixtures } from '../../support/fixtures.js';
import { assertClose } from '../../support/onnx.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';

const skip = fixtures === undefined ? 'the fixtures are not here' : false;

test('mnist: the logits of four pictures are those of onnxruntime in Python', { skip }, async t => {
  const folder = temporaryFolder(t);
  const expected = JSON.parse(readFileSync(fixture('expected', 'mnist.json'), 'utf8')) as {
    readonly logits: Readonly<Record<string, readonly number[]>>;
  };
  const names = Object.keys(expected.logits);
  const lines: string[] = [];
  for (const name of names) {
    const grey = await sharp(fixture('images', 'digits', name))
      .greyscale()
      .raw()
      .toBuffer();
    assert.equal(grey.length, 28 * 28);
    lines.push(JSON.stringify({ name, pixels: Array.from(grey, value => Math.fround(value / 255)) }));
  }
  writeFileSync(join(folder, 'digits.jsonl'), lines.join('\n'));

  const session = await openSession(t);
  const model = await session.model(fixture('models', 'mnist.onnx'));
  assert.deepEqual(model.batch, { kind: 'free', freed: true });
  const rows = await session.read
    .jsonl(join(folder, 'digits.jsonl'))
    .select('name', model('pixels').as('logits'))
    .collect();
  assert.deepEqual(
    rows.map(row => row['name']),
    names,
  );
  for (const row of rows) assertClose(row['logits'] as number[], expected.logits[row['name'] as string]!, 1e-4);
});
