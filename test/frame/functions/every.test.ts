import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { aggregates } from '../../../src/frame/functions/aggregates.js';
import { conditionals } from '../../../src/frame/functions/conditionals.js';
import { dates } from '../../../src/frame/functions/dates.js';
import { lists } from '../../../src/frame/functions/lists.js';
import { maps } from '../../../src/frame/functions/maps.js';
import { numbers } from '../../../src/frame/functions/numbers.js';
import { pictures } from '../../../src/frame/functions/pictures.js';
import { strings } from '../../../src/frame/functions/strings.js';
import { structs } from '../../../src/frame/functions/structs.js';
import { vectors } from '../../../src/frame/functions/vectors.js';
import { windows } from '../../../src/frame/functions/windows.js';
import { fn } from '../../../src/index.js';

/** A domain's title in the documentation, and its functions. */
const DOMAINS: Readonly<Record<string, readonly [title: string, functions: object]>> = {
  aggregates: ['Aggregates', aggregates],
  numbers: ['Numbers', numbers],
  strings: ['Texts', strings],
  dates: ['Dates and times', dates],
  lists: ['Lists', lists],
  structs: ['Structs', structs],
  maps: ['Maps', maps],
  conditionals: ['Choices and nulls', conditionals],
  windows: ['Windows', windows],
  pictures: ['Pictures', pictures],
  vectors: ['Vectors', vectors],
};

const DOCUMENT = 'docs/functions.md';

test('every function stands in one domain, whose test uses it', () => {
  const all = Object.values(DOMAINS).flatMap(([, functions]) => Object.entries(functions));
  assert.deepEqual(
    all.map(([name]) => name),
    Object.keys(fn),
  );
  for (const [name, each] of Object.entries(fn)) assert.equal(each, new Map(all).get(name), name);
  // The test of a domain fails for a function without a use.
  for (const domain of Object.keys(DOMAINS)) assert.ok(existsSync(`test/frame/functions/${domain}.test.ts`), domain);
  assert.ok(Object.isFrozen(fn));
});

/** A comment that begins with how the function is called, and the function. */
const DECLARED = /\/\*\*\s+(?:\*\s+)?`([^`]+)`: ((?:(?!\*\/).)*?)\s*\*\/\s+(\w+): /gs;

function documentation(): string {
  const sections = Object.entries(DOMAINS).map(([domain, [title, functions]]) => {
    const source = readFileSync(`src/frame/functions/${domain}.ts`, 'utf8');
    const rows = new Map(
      [...source.matchAll(DECLARED)].map(([, call, text, name]) => {
        assert.equal(/^\w+/.exec(call!)?.[0], name, 'a comment names its function');
        const meaning = text!.replace(/\s*\n\s*\*\s*/g, ' ').replaceAll('|', '\\|');
        return [name!, `| \`${call!.replaceAll('|', '\\|')}\` | ${meaning} |`];
      }),
    );
    assert.deepEqual([...rows.keys()], Object.keys(functions), `${domain}.ts: every function has its comment`);
    return `## ${title}\n\n| Function | Meaning |\n|---|---|\n${[...rows.values()].join('\n')}\n`;
  });
  return `# Functions

Functions of columns, in \`fn\`. Names and meanings are Spark's; where DuckDB's function of a name means something else,
ours is put together so that it means Spark's. An argument is a column or a plain value, but for those of aggregates,
which are columns. A null gives a null where nothing else is said. Whatever is not here is reached by the engine's name
for it: \`call('jaro_similarity', col('a'), col('b'))\`; so are functions that give something else each time, such as
\`call('random')\`.

Aggregates can be said more of: \`fn.sum(col('x')).filterWhere(col('y').gt(0))\`,
\`fn.collectList(col('x')).orderBy(col('t').desc())\`, and \`fn.sum(col('x')).over(Window.partitionBy('g').orderBy('t'))\`.

${sections.join('\n')}`;
}

test('the documentation lists every function', () => {
  const text = documentation();
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(DOCUMENT, text);
  assert.equal(readFileSync(DOCUMENT, 'utf8'), text, `${DOCUMENT} is made by UPDATE_DOCS=1 and this test`);
});
