import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../support/compiler.js';

/*
 * How much the compiler has to do for a wide table. Its instantiations are counted, which are the same on every machine,
 * not its time. The bounds are a third above what was measured: a change that goes beyond one makes the compiler slower for
 * every user, and should not be let through without a reason.
 */

const TYPES = ['number', 'bigint', 'string | null', 'Date | null', 'boolean | null'];

const WIDE = `
import { col, type DataFrame, fn, type Model, when } from 'inframe';
interface Wide {
${Array.from({ length: 200 }, (_, at) => `  c${at}: ${TYPES[at % TYPES.length]};`).join('\n')}
}
interface Many { inputs: { x: readonly number[] & { readonly length: 20 } }; outputs: { y: number | null } }
declare const wide: DataFrame<Wide>;
declare const model: Model<Many>;
`;

const PROGRAMS: Readonly<Record<string, readonly [most: number, program: string]>> = {
  'a name': [25_000, "wide.select('c0', 'c199');"],
  'a filter': [22_000, "wide.filter(col('c0').gt(5).and(col('c2').like('I%')));"],
  'ten verbs': [
    68_000,
    `wide
  .filter(col('c0').gt(5).and(col('c2').like('I%')))
  .withColumn('ratio', col('c0').div(col('c5')))
  .withColumns({ a: col('c1').add(1), b: fn.upper(col('c2')) })
  .drop('c3', 'c8')
  .rename({ c6: 'six', c7: 'seven' })
  .withColumn('c9', when(col('c9'), 'yes').otherwise('no'))
  .orderBy('c10', col('six').desc())
  .dropNulls({ subset: ['c12', 'c13'] })
  .filter(col('ratio').gt(0.5))
  .limit(10);`,
  ],
  'a group': [
    38_000,
    "wide.groupBy('c2', 'c7').agg(fn.count().as('n'), fn.sum(col('c0')).as('s'), fn.max(col('c3')).as('last'));",
  ],
  'a join of two wide tables': [41_000, "wide.join(wide, 'c1', 'left', { suffix: '_r' }).filter(col('c0_r').gt(5));"],
  'twenty columns for a model': [
    23_000,
    `wide.withColumn('y', model(${Array.from({ length: 20 }, (_, at) => `'c${at * 5}'`).join(', ')}));`,
  ],
  'an expression of a hundred parts': [
    175_000,
    `wide.withColumn('y', col('c0')${Array.from({ length: 100 }, (_, at) => `.${at % 3 === 0 ? 'sub' : 'add'}(col('c${(at % 40) * 5}'))`).join('')});`,
  ],
  'every value read': [
    33_000,
    `const rows = await wide.withColumn('y', 1).drop('c9').collect();
export const texts: string[] = rows.map(row => \`${Array.from({ length: 200 }, (_, at) => (at === 9 ? '' : `\${row.c${at}}`)).join('')}\`);`,
  ],
};

for (const [what, [most, program]] of Object.entries(PROGRAMS)) {
  test(`${what}: at most ${most} instantiations`, t => {
    const { errors, instantiations } = compile(`${WIDE}${program}\nexport {};`);
    assert.deepEqual(errors, []);
    t.diagnostic(`${instantiations}`);
    assert.ok(instantiations <= most, `${instantiations} instantiations, and ${most} were pinned`);
    // A bound that is far off would let anything through.
    assert.ok(instantiations > most / 2, `${instantiations} instantiations: lower the bound of ${most}`);
  });
}
