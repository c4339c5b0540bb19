import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/**
 * A small file system of the test's own, which goes when it ends.
 *
 * @param options for example `size=300k` or `ro`
 * @returns its folder, or undefined where mounting is not allowed; the test is then to be skipped
 */
export function mountDisk(test: TestContext, options: string): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'inframe-disk-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'inframe-test', folder], { stdio: 'ignore' });
  } catch {
    remove();
    return undefined;
  }
  test.after(() => {
    execFileSync('umount', ['-l', folder], { stdio: 'ignore' });
    remove();
  });
  return folder;
}

/** Gives a mounted disk another size. */
export function resizeDisk(folder: string, size: string): void {
  execFileSync('mount', ['-o', `remount,size=${size}`, folder], { stdio: 'ignore' });
}
