import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compile } from '../support/compiler.js';

test('the examples of docs/types.md compile, but for the lines that say they do not', () => {
  const blocks = [...readFileSync('docs/types.md', 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(
    ([, text]) => text,
  );
  const program = `${blocks.join('\n')}\nexport { rows, sql, type DataFrame };`;
  const { errors } = compile(program);
  const found = new Map(errors.map(({ line, text }) => [line, text]));
  program.split('\n').forEach((line, at) => {
    const words = /\/\/ error: (.*)$/.exec(line)?.[1];
    const said = found.get(at + 1);
    if (words === undefined) assert.equal(said, undefined, line);
    else assert.ok(said?.includes(words), `${line}: ${said}`);
    found.delete(at + 1);
  });
  assert.deepEqual([...found], []);
});
