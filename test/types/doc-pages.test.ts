import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { examplesIn } from '../package/readme.js';
import { compile } from '../support/compiler.js';

for (const page of ['adapters', 'files', 'timeseries', 'vectors']) {
  test(`the examples of docs/${page}.md compile`, () => {
    for (const example of examplesIn(readFileSync(`docs/${page}.md`, 'utf8'))) {
      assert.deepEqual(compile(`${example}\nexport {};`).errors, []);
    }
  });
}
