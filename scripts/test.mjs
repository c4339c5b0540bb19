// Runs the compiled tests (build/test/**/*.test.js) with node's own runner.
// `node scripts/test.mjs engine frame/expr` runs only the files whose path contains one of the words;
// files under test/long/ run only when named (npm run test:long).

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const words = process.argv.slice(2);
const files = readdirSync('build/test', { recursive: true })
  .map(name => join('build/test', String(name)))
  .filter(name => name.endsWith('.test.js'))
  .filter(name => (words.length ? words.some(word => name.includes(word)) : !name.includes('/long/')))
  .sort();
if (files.length === 0) {
  console.error(`no test file matches: ${words.join(' ')}`);
  process.exit(1);
}
const { status } = spawnSync(process.execPath, ['--enable-source-maps', '--test', ...files], { stdio: 'inherit' });
process.exit(status ?? 1);
