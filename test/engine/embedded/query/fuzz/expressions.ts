import type { Kind, Scope } from './scope.js';

/*
 * Expressions as SQL text. Numbers stay multiples of 1/4 that float32 holds, and nothing depends on the order of rows, so
 * that there is one right answer: no division, no average, no row_number, no limit without a total order.
 */

export function expression(scope: Scope, kind: Kind, depth: number): string {
  switch (kind) {
    case 'number':
      return number(scope, depth);
    case 'text':
      return text(scope, depth);
    case 'boolean':
      return condition(scope, depth);
  }
}

export function number(scope: Scope, depth: number): string {
  const { choices } = scope;
  const inner = (): string => number(scope, depth - 1);
  const leaf = (): string => scope.atom('number') ?? literal(scope);
  if (depth <= 0) return choices.chance(20) ? literal(scope) : leaf();
  return choices.make<string>([
    [4, leaf],
    [1, () => literal(scope)],
    [12, () => modelCall(scope, depth)],
    [3, () => `(${inner()} ${choices.one(['+', '-'])} ${inner()})`],
    [1, () => `(${inner()} * ${choices.one(['2', '0.5', '-1'])})`],
    [2, () => `${choices.one(['coalesce', 'greatest', 'least'])}(${inner()}, ${inner()})`],
    [1, () => `${choices.one(['abs', 'floor', '-'])}(${inner()})`],
    [1, () => `nullif(${inner()}, ${inner()})`],
    [
      2,
      () =>
        `CASE WHEN ${condition(scope, depth - 1)} THEN ${inner()}${choices.chance(70) ? ` ELSE ${inner()}` : ''} END`,
    ],
    [1, () => `length(${text(scope, depth - 1)})`],
    [1, () => `(${condition(scope, depth - 1)})::INTEGER`],
    [scope.windows ? 2 : 0, () => window(scope, depth)],
    [scope.subquery ? 2 : 0, () => `(${scope.subquery!('number', true, scope.sources)})`],
  ]);
}

function literal({ choices, nulls }: Scope): string {
  const constant = choices.one(['1', '0', '2', '7', '-3', '2.5', '0.25::FLOAT', '10::BIGINT', 'NULL']);
  return constant === 'NULL' && !nulls ? '1' : constant;
}

/** A call of a model, by every way to call it and to read what it gives. */
function modelCall(scope: Scope, depth: number): string {
  const { choices } = scope;
  const argument = (): string => number(scope, depth - 1);
  // DuckDB forgets the type of a member of a struct or list that is made of a NULL written out, and calls it an INTEGER.
  const known = (): string => number({ ...scope, nulls: false }, depth - 1);
  return choices.make<string>([
    [6, () => `m(${argument()}, ${argument()})`],
    [3, () => `n(${argument()}, ${argument()})`],
    [1, () => `M(${argument()}, ${argument()})`],
    [1, () => `pair(x := ${argument()}, z := ${argument()})`],
    [1, () => `pair(${argument()}, ${argument()})`],
    [2, () => `m2(${known()}).${choices.one(['a', 'b'])}`],
    [1, () => `emb(${known()})[${choices.one(['1', '2', '3', '-1'])}]`],
    [1, () => `list_sum(list_transform(emb(${known()}), lambda v: v + ${choices.one(['1', 'v'])}))`],
  ]);
}

/** Functions whose answer is the same for rows that are equal in the order. */
function window(scope: Scope, depth: number): string {
  const { choices } = scope;
  // Windows in windows are refused by DuckDB: one level is enough of that.
  const below: Scope = choices.chance(97) ? { ...scope, windows: false } : scope;
  const part = (): string => number(below, depth - 1);
  const call = choices.make<string>([
    [3, () => `${choices.one(['sum', 'max', 'min', 'count'])}(${part()})`],
    [1, () => 'count(*)'],
    [1, () => `sum(${part()}) FILTER (WHERE ${condition(below, depth - 1)})`],
  ]);
  const by = choices.chance(60) ? `PARTITION BY ${expression(below, choices.one(['number', 'text']), depth - 1)}` : '';
  const order = (): string => `ORDER BY ${part()} ${choices.one(['', 'DESC', 'NULLS FIRST'])}`;
  if (choices.chance(30)) return `${choices.one(['rank', 'dense_rank'])}() OVER (${by} ${order()})`;
  return `${call} OVER (${by}${choices.chance(40) ? ` ${order()}` : ''})`;
}

export function text(scope: Scope, depth: number): string {
  const { choices } = scope;
  const inner = (): string => text(scope, depth - 1);
  const leaf = (): string => scope.atom('text') ?? `'p'`;
  if (depth <= 0) return choices.chance(20) ? choices.one([`'p'`, `'it''s'`, `''`]) : leaf();
  return choices.make<string>([
    [5, leaf],
    [1, () => choices.one([`'p'`, `'m(x, z)'`, `'$1'`])],
    [1, () => `upper(${inner()})`],
    [1, () => `(${inner()} || ${inner()})`],
    [2, () => `CASE WHEN ${condition(scope, depth - 1)} THEN ${inner()} ELSE ${inner()} END`],
    [1, () => `coalesce(${inner()}, ${inner()})`],
  ]);
}

export function condition(scope: Scope, depth: number): string {
  const { choices } = scope;
  const inner = (): string => condition(scope, depth - 1);
  const value = (): string => number(scope, depth - 1);
  const leaf = (): string => scope.atom('boolean') ?? `${number(scope, 0)} > 2`;
  if (depth <= 0) return leaf();
  return choices.make<string>([
    [2, leaf],
    [7, () => `${value()} ${choices.one(['>', '<', '>=', '=', '<>'])} ${value()}`],
    [3, () => `(${inner()} ${choices.one(['AND', 'OR'])} ${inner()})`],
    [1, () => `NOT (${inner()})`],
    [1, () => `${value()} IS ${choices.one(['', 'NOT '])}NULL`],
    [1, () => `${value()} IS DISTINCT FROM ${value()}`],
    [1, () => `${value()} BETWEEN ${value()} AND ${value()}`],
    [1, () => `${value()} IN (${value()}, ${value()}, 5)`],
    [1, () => `${text(scope, depth - 1)} ${choices.one(["= 'p'", "LIKE '%q%'", '<> name'])}`],
    [
      scope.subquery ? 1 : 0,
      () => `${value()} ${choices.one(['IN', 'NOT IN'])} (${scope.subquery!('number', false, scope.sources)})`,
    ],
    [
      scope.subquery ? 1 : 0,
      () => `${choices.one(['', 'NOT '])}EXISTS (${scope.subquery!('number', false, scope.sources)})`,
    ],
    [
      scope.subquery ? 1 : 0,
      () => `${value()} ${choices.one(['> ANY', '<= ALL'])} (${scope.subquery!('number', false, scope.sources)})`,
    ],
  ]);
}
