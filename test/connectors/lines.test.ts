import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { readLines } from '../../src/connectors/lines.js';
import type { InvalidTextPolicy } from '../../src/frame/file-formats.js';
import { inframeError } from '../support/onnx.js';
import { temporaryFolder } from '../support/sessions.js';

async function all(path: string, policy: InvalidTextPolicy = 'replace'): Promise<(string | null)[]> {
  const lines: (string | null)[] = [];
  for await (const block of readLines(path, policy)) lines.push(...block);
  return lines;
}

/** Said another way: byte by byte, each line decoded by itself. */
function expected(bytes: Uint8Array): string[] {
  const lines: string[] = [];
  let line: number[] = [];
  const end = (): void => {
    lines.push(new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(line)));
    line = [];
  };
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === 10) end();
    else if (bytes[at] === 13) {
      end();
      if (bytes[at + 1] === 10) at += 1;
    } else line.push(bytes[at]!);
  }
  if (line.length > 0) end();
  return lines;
}

/** Pieces of text and of what is not text, and ends of lines of every kind. */
const pieces = fc.array(
  fc.oneof(
    fc.constantFrom('\n', '\r\n', '\r', 'a', '"q"', ',', 'č', '☃', '😀', '\0').map(text => Buffer.from(text)),
    fc.constantFrom('ff', 'eda080', 'f09f98', 'e282', 'c3', '80', 'c0af').map(hex => Buffer.from(hex, 'hex')),
  ),
  { maxLength: 40 },
);

test('lines are those of a decoder that looks at each byte', async t => {
  const path = join(temporaryFolder(t), 'a.txt');
  await fc.assert(
    fc.asyncProperty(pieces, async parts => {
      const bytes = Buffer.concat(parts);
      writeFileSync(path, bytes);
      assert.deepEqual(await all(path), expected(bytes));
    }),
    { numRuns: 300, seed: 4 },
  );
});

test('the ends of lines may fall anywhere among the blocks', async t => {
  const folder = temporaryFolder(t);
  // Longer than a block, with a line of 3 MB in it and a CRLF at every distance from the block's end.
  for (const [index, shift] of [0, 1, 2].entries()) {
    const text = `${'x'.repeat(shift)}\r\n${`${'y'.repeat(998)}\r\n`.repeat(2500)}${'č'.repeat(1_500_000)}\r\nend`;
    const path = join(folder, `${index}.txt`);
    writeFileSync(path, text);
    assert.deepEqual(await all(path), text.split('\r\n'));
  }
});

test('empty files, empty lines, a mark at the beginning', async t => {
  const path = join(temporaryFolder(t), 'a.txt');
  const table: readonly (readonly [string, readonly string[]])[] = [
    ['', []],
    ['\n', ['']],
    ['\n\na', ['', '', 'a']],
    ['\uFEFFa\n\uFEFFb', ['a', '\uFEFFb']],
  ];
  for (const [content, lines] of table) {
    writeFileSync(path, content);
    assert.deepEqual(await all(path), lines, JSON.stringify(content));
  }
});

test('lines that are not UTF-8 are null, or stop the reading, as asked', async t => {
  const path = join(temporaryFolder(t), 'a.txt');
  writeFileSync(path, Buffer.concat([Buffer.from('č\r\n'), Buffer.from([0x61, 0xff]), Buffer.from('\nb\n')]));
  assert.deepEqual(await all(path), ['č', 'a\uFFFD', 'b']);
  assert.deepEqual(await all(path, 'null'), ['č', null, 'b']);
  await assert.rejects(all(path, 'fail'), inframeError('SOURCE_UNREADABLE', path, 'line 2 is not UTF-8'));
});

test('packed files are unpacked, and one that is cut off is told', async t => {
  const folder = temporaryFolder(t);
  const packed = gzipSync('a\nb\n');
  writeFileSync(join(folder, 'a.txt.gz'), packed);
  writeFileSync(join(folder, 'b.txt.gz'), packed.subarray(0, 20));
  writeFileSync(join(folder, 'c.txt.gz'), 'not packed');
  assert.deepEqual(await all(join(folder, 'a.txt.gz')), ['a', 'b']);
  await assert.rejects(all(join(folder, 'b.txt.gz')), inframeError('SOURCE_UNREADABLE', 'b.txt.gz'));
  await assert.rejects(all(join(folder, 'c.txt.gz')), inframeError('SOURCE_UNREADABLE', 'c.txt.gz'));
  await assert.rejects(all(join(folder, 'd.txt')), inframeError('SOURCE_UNREADABLE', 'd.txt'));
});
