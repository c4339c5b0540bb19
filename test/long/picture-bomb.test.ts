import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createDeflate } from 'node:zlib';
import { pngAround } from '../udf/adapters/image/pictures.js';
import type { BombReport } from './pictures/bomb-child.js';

/* Runs with `npm test -- picture-bomb`. */

const folder = mkdtempSync(join(tmpdir(), 'inframe-bomb-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const SIDE = 50_000;

/** All 2.5 billion pixels of it, zeros, in 2.4 MB. */
async function bomb(): Promise<Buffer> {
  const deflate = createDeflate();
  const packed: Buffer[] = [];
  deflate.on('data', (piece: Buffer) => packed.push(piece));
  const lines = Buffer.alloc((SIDE + 1) * 100);
  for (let y = 0; y < SIDE; y += 100) {
    if (!deflate.write(lines)) await new Promise(ready => deflate.once('drain', ready));
  }
  deflate.end();
  await new Promise(done => deflate.once('end', done));
  return pngAround(SIDE, SIDE, Buffer.concat(packed), 8, 0);
}

test('a true bomb is refused in little memory, and described', async t => {
  const path = join(folder, 'bomb.png');
  writeFileSync(path, await bomb());
  const script = fileURLToPath(new URL('./pictures/bomb-child.js', import.meta.url));
  const child = fork(script, [path]);
  const report = await new Promise<BombReport>((fulfil, reject) => {
    // Only the child sends, and only this.
    child.once('message', message => fulfil(message as BombReport));
    child.once('exit', (code, signal) => reject(new Error(`the child ended with ${signal ?? code}`)));
  });
  t.diagnostic(`${report.bytes} bytes, ${report.milliseconds} ms, ${report.peak} MiB more than before`);
  assert.equal(report.reason, 'the picture has 2500000000 pixels, more than the limit of 100000000');
  assert.equal(report.described, '50000 x 50000');
  // Its pixels would be 2 384 MiB.
  assert.ok(report.peak < 64, `${report.peak} MiB`);
});
