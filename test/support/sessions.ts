import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { connect, type EmbeddedOptions, type InframeSession } from '../../src/index.js';

/** A session that is closed when the test ends. */
export async function openSession(test: TestContext, options: EmbeddedOptions = {}): Promise<InframeSession> {
  const session = await connect(options);
  test.after(() => session.close());
  return session;
}

/** A folder of the test's own that goes when it ends. */
export function temporaryFolder(test: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'inframe-test-'));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
