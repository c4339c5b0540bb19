import assert from 'node:assert/strict';
import { test } from 'node:test';
import { col, type DataFrame, type Model, type Udf, udf } from '../../src/index.js';
import { row } from './same.js';

/*
 * What models and functions give, by their declared types. Nothing here runs; what is wrong with a call, the compiler says
 * in messages.test.ts.
 */

interface Measured {
  a: number;
  b: bigint | null;
  name: string;
  list: readonly number[] | null;
  nested: readonly (readonly (number | null)[])[];
}

interface One {
  inputs: { a: number; name: string };
  outputs: { y: number | null };
  order: ['a', 'name'];
}

interface Several {
  inputs: { x: readonly number[] & { readonly length: 2 } };
  outputs: { label: bigint | null; scores: readonly number[] | null };
}

interface AnyNumber {
  inputs: { x: readonly number[] };
  outputs: { y: string | null };
}

type Scores = { readonly label: bigint | null; readonly scores: readonly number[] | null };

export function models(
  table: DataFrame<Measured>,
  one: Model<One>,
  several: Model<Several>,
  free: Model<AnyNumber>,
  unknown: Model,
): void {
  row<{ y: number | null }>()(table.select(one().as('y')), true);
  row<{ y: number | null }>()(table.select(one('b', col('name')).as('y')), true);
  row<{ y: number | null }>()(table.select(one({ a: 'b' }).as('y')), true);
  row<{ y: Scores | null }>()(table.select(several('a', 'b').as('y')), true);
  row<{ y: Scores | null }>()(table.select(several('list').as('y')), true);
  row<{ y: Scores | null }>()(table.select(several({ x: ['a', col('b')] }).as('y')), true);
  row<{ label: bigint | null }>()(table.select(several('list').field('label')), true);
  row<{ name: string; label: bigint | null; scores: readonly number[] | null }>()(
    table.withColumns(several.outputs('a', 'b')).select('name', 'label', 'scores'),
    true,
  );
  row<{ y: string | null }>()(table.select(free('a', 'b', 'a').as('y')), true);
  row<{ y: string | null }>()(table.select(free('nested').as('y')), true);
  row<{ y: unknown }>()(table.select(unknown('a', 'name').as('y')), true);
}

export function functions(table: DataFrame<Measured>): Udf {
  const double = udf({ inputs: { a: 'float64' }, output: 'float64' }, ({ a }) => a.map(each => each * 2));
  row<{ y: number | null }>()(table.select(double().as('y')), true);
  row<{ y: number | null }>()(table.select(double('b').as('y')), true);
  const pair = udf({ inputs: ['string', 'int64'], output: { upper: 'string', next: 'int64' } }, ([text, whole]) => ({
    upper: text.map(each => each.toUpperCase()),
    next: whole.map(each => each + 1n),
  }));
  row<{ y: { readonly upper: string | null; readonly next: bigint | null } | null }>()(
    table.select(pair('name', 'b').as('y')),
    true,
  );
  row<{ upper: string | null; next: bigint | null }>()(
    table.withColumns(pair.outputs('name', 'b')).select('upper', 'next'),
    true,
  );
  const list = { kind: 'list', element: { kind: 'float32' } } as const;
  const longest = udf({ inputs: { list }, output: list }, columns => columns.list);
  row<{ y: readonly (number | null)[] | null }>()(table.select(longest().as('y')), true);
  return double;
}

test('what models give compiles', () => {
  assert.equal(typeof models, 'function');
});
