import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import type { TestContext } from 'node:test';

/**
 * Mounts a file system of its own at a new folder, and takes it away when the test ends.
 *
 * @param options for example `size=300k` or `ro`
 * @returns false where mounting is not allowed; the test is then to be skipped
 */
export function mountDisk(test: TestContext, folder: string, options: string): boolean {
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'inframe-test', folder], { stdio: 'ignore' });
  } catch {
    return false;
  }
  test.after(() => execFileSync('umount', ['-l', folder], { stdio: 'ignore' }));
  return true;
}

/** Gives a mounted disk another size. */
export function resizeDisk(folder: string, size: string): void {
  execFileSync('mount', ['-o', `remount,size=${size}`, folder], { stdio: 'ignore' });
}
