import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The folder of real models, data and reference numbers; undefined where it is absent, and tests that need it are skipped. */
export const fixtures: string | undefined = (() => {
  const folder = resolve(process.env['INFRAME_FIXTURES'] ?? '../shared/fixtures');
  return existsSync(folder) ? folder : undefined;
})();

/** The path of one fixture. Call it inside a test that is skipped when {@link fixtures} is undefined. */
export function fixture(...parts: string[]): string {
  if (fixtures === undefined) throw new Error('the fixtures are not here; set INFRAME_FIXTURES');
  return join(fixtures, ...parts);
}
