import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { replacingText, validText } from '../../src/connectors/text.js';

/** Bytes near the borders of what UTF-8 allows, so that broken characters of every kind come up. */
const byte = fc.oneof(
  fc.constantFrom(0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec),
  fc.constantFrom(0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff, 0xbb, 0x0a),
  fc.integer({ min: 0, max: 255 }),
);

test('bytes become the text that TextDecoder makes of them', async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const inputs = fc
    .sample(fc.array(byte, { maxLength: 12 }), { numRuns: 4000, seed: 7 })
    .map(each => Buffer.from(each));
  const list = inputs.map(bytes => `(unhex('${bytes.toString('hex')}'))`).join(', ');
  const reader = await connection.runAndReadAll(
    `SELECT ${replacingText('b')}, ${validText('b')} FROM (VALUES ${list}) v(b)`,
  );
  const strict = new TextDecoder('utf-8', { fatal: true });
  for (const [row, [replaced, valid]] of reader.getRows().entries()) {
    const bytes = inputs[row]!;
    assert.equal(replaced, new TextDecoder().decode(bytes), bytes.toString('hex'));
    let whole: string | null = null;
    try {
      whole = strict.decode(bytes);
    } catch {
      // Not UTF-8: null is right.
    }
    assert.equal(valid, whole, bytes.toString('hex'));
  }
  const [[nothing]] = (
    await connection.runAndReadAll(`SELECT ${replacingText('b')} FROM (SELECT NULL::BLOB AS b)`)
  ).getRows() as [[unknown]];
  assert.equal(nothing, null);
  connection.closeSync();
});
