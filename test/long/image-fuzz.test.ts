import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Tallies } from './pictures/fuzz-child.js';

/*
 * Runs with `npm run fuzz:images`. INFRAME_FUZZ_COUNT says how many, INFRAME_FUZZ_SEED where to begin: a seed that is
 * reported is tried alone with INFRAME_FUZZ_COUNT=1.
 */

const count = Number(process.env['INFRAME_FUZZ_COUNT'] ?? 100_000);
const seed = Number(process.env['INFRAME_FUZZ_SEED'] ?? 0);

/** A picture that takes longer hangs. */
const PATIENCE = 60_000;

test(`${count} mutated pictures are decoded or refused with a reason`, async t => {
  const folder = mkdtempSync(join(tmpdir(), 'inframe-fuzz-'));
  const progress = join(folder, 'seed');
  const start = performance.now();
  try {
    const tallies = await inChild(progress);
    const seconds = (performance.now() - start) / 1000;
    t.diagnostic(
      `${tallies.decoded} decoded, ${tallies.described} described, ${tallies.peak} MiB, ${seconds.toFixed(0)} s`,
    );
    for (const [reason, times] of Object.entries(tallies.refused).sort((a, b) => b[1] - a[1])) {
      t.diagnostic(`${String(times).padStart(7)}  ${reason}`);
    }
    assert.deepEqual(tallies.wrong, []);
    const refused = Object.values(tallies.refused).reduce((sum, times) => sum + times, 0);
    assert.equal(tallies.decoded + refused, count);
    // A fuzz that lets nothing through, or all, tests nothing.
    if (count >= 1000) assert.ok(tallies.decoded > count / 50 && refused > count / 50);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** A crash of the decoder is the child's. */
function inChild(progress: string): Promise<Tallies> {
  const script = fileURLToPath(new URL('./pictures/fuzz-child.js', import.meta.url));
  const child = fork(script, [String(seed), String(count), progress]);
  return new Promise((fulfil, reject) => {
    let tallies: Tallies | undefined;
    let last = '';
    const at = (): string => {
      try {
        return readFileSync(progress, 'utf8').trim();
      } catch {
        return 'none yet';
      }
    };
    const watch = setInterval(() => {
      const now = at();
      if (now === last && tallies === undefined) {
        reject(new Error(`seed ${now} hangs`));
        child.kill('SIGKILL');
      }
      last = now;
    }, PATIENCE);
    // Only the child sends, and only this.
    child.on('message', message => {
      tallies = message as Tallies;
    });
    child.on('exit', (code, signal) => {
      clearInterval(watch);
      if (code === 0 && tallies !== undefined) fulfil(tallies);
      else reject(new Error(`the decoder died (${signal ?? `exit code ${code}`}) of seed ${at()}`));
    });
  });
}
