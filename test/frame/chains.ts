import fc from 'fast-check';
import type { DataFrame } from '../../src/frame/dataframe.js';
import type { Column } from '../../src/frame/expr.js';
import { col, fn } from '../../src/frame/functions.js';
import { Window } from '../../src/frame/window.js';

/*
 * Chains of verbs, and what they mean: each step is applied to a frame of the library, and to rows in plain JavaScript.
 */

export type Value = number | string | null;

export interface PlainTable {
  readonly names: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}

/** One step. Columns are told by any number: the remainder of dividing it by how many there are. */
export type Step =
  | { readonly verb: 'select'; readonly columns: readonly number[] }
  | { readonly verb: 'drop'; readonly column: number }
  | { readonly verb: 'rename'; readonly column: number; readonly other: number }
  | { readonly verb: 'add'; readonly target: number; readonly left: number; readonly right: number }
  | { readonly verb: 'times'; readonly target: number; readonly left: number; readonly factor: number }
  | { readonly verb: 'filter'; readonly column: number; readonly above: number; readonly sql: boolean }
  | { readonly verb: 'known'; readonly column: number }
  | { readonly verb: 'limit'; readonly count: number; readonly offset: number }
  | { readonly verb: 'sort'; readonly column: number; readonly descending: boolean; readonly nullsFirst: boolean }
  | { readonly verb: 'group'; readonly key: number; readonly value: number }
  | { readonly verb: 'union'; readonly column: number; readonly above: number }
  | { readonly verb: 'distinct' }
  | { readonly verb: 'firsts'; readonly column: number }
  | { readonly verb: 'total'; readonly target: number; readonly key: number; readonly value: number }
  | { readonly verb: 'count'; readonly target: number; readonly key: number; readonly above: number }
  | { readonly verb: 'explode'; readonly target: number; readonly left: number; readonly right: number }
  | { readonly verb: 'score'; readonly target: number; readonly left: number; readonly right: number }
  | { readonly verb: 'scoreFilter'; readonly left: number; readonly right: number; readonly above: number };

const at = fc.nat({ max: 20 });

export const relationalStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ verb: fc.constant('select'), columns: fc.array(at, { minLength: 1, maxLength: 4 }) }),
  fc.record({ verb: fc.constant('drop'), column: at }),
  fc.record({ verb: fc.constant('rename'), column: at, other: at }),
  fc.record({ verb: fc.constant('add'), target: at, left: at, right: at }),
  fc.record({ verb: fc.constant('times'), target: at, left: at, factor: fc.integer({ min: -2, max: 2 }) }),
  fc.record({ verb: fc.constant('filter'), column: at, above: fc.integer({ min: -5, max: 12 }), sql: fc.boolean() }),
  fc.record({ verb: fc.constant('known'), column: at }),
  fc.record({ verb: fc.constant('limit'), count: fc.nat({ max: 40 }), offset: fc.nat({ max: 5 }) }),
  fc.record({ verb: fc.constant('sort'), column: at, descending: fc.boolean(), nullsFirst: fc.boolean() }),
  fc.record({ verb: fc.constant('group'), key: at, value: at }),
  fc.record({ verb: fc.constant('union'), column: at, above: fc.integer({ min: -5, max: 12 }) }),
  fc.record({ verb: fc.constant('distinct') }),
  fc.record({ verb: fc.constant('firsts'), column: at }),
  fc.record({ verb: fc.constant('total'), target: at, key: at, value: at }),
  fc.record({ verb: fc.constant('count'), target: at, key: at, above: fc.integer({ min: -5, max: 12 }) }),
  fc.record({ verb: fc.constant('explode'), target: at, left: at, right: at }),
) as fc.Arbitrary<Step>;

export const scoringStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: relationalStep },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('score'), target: at, left: at, right: at }) },
  {
    weight: 1,
    arbitrary: fc.record({
      verb: fc.constant('scoreFilter'),
      left: at,
      right: at,
      above: fc.integer({ min: -10, max: 60 }),
    }),
  },
) as fc.Arbitrary<Step>;

/** y = 2a + 4b + 1, as the model of test/support/models.ts has it. */
type Model = (left: string, right: string) => Column;

/** A table as the library has it, as plain rows, and which of its columns are numbers. */
interface State {
  readonly frame: DataFrame;
  readonly plain: PlainTable;
  readonly numeric: ReadonlySet<string>;
}

export function applySteps(
  frame: DataFrame,
  plain: PlainTable,
  numeric: readonly string[],
  steps: readonly Step[],
  model?: Model,
): State {
  return steps.reduce<State>((state, step) => applyStep(state, step, model), {
    frame,
    plain,
    numeric: new Set(numeric),
  });
}

function applyStep(state: State, step: Step, model: Model | undefined): State {
  const { frame, plain } = state;
  const { names, rows } = plain;
  const name = (index: number): string => names[index % names.length]!;
  const numbers = names.filter(each => state.numeric.has(each));
  /** Every other time in capitals: names are matched without regard to case. */
  const spelt = (each: string): string => (rows.length % 2 === 0 ? each : each.toUpperCase());
  const number = (index: number): string => numbers[index % numbers.length]!;
  const get = (row: readonly Value[], each: string): number | null => row[names.indexOf(each)] as number | null;
  const keep = (frame: DataFrame, rows: PlainTable['rows']): State => ({ ...state, frame, plain: { names, rows } });

  /** In the order of all columns: what verbs give that have no order of their own. */
  const keepSorted = (frame: DataFrame, rows: PlainTable['rows']): State =>
    keep(frame.orderBy(...names), rows.toSorted(compareAll));

  const compute = (target: number, column: Column, rule: (row: readonly Value[]) => number | null): State => {
    // A column of the table is replaced, or a new one is put behind.
    const existing = target % 2 === 0 ? name(target) : undefined;
    const label = existing ?? `c${target}`;
    const index = names.indexOf(label);
    return {
      frame: frame.withColumn(label, column),
      plain: {
        names: index < 0 ? [...names, label] : names,
        rows: rows.map(row => (index < 0 ? [...row, rule(row)] : row.with(index, rule(row)))),
      },
      numeric: new Set([...state.numeric, label]),
    };
  };

  switch (step.verb) {
    case 'select': {
      const chosen = [...new Set(step.columns.map(name))];
      return {
        ...state,
        // The spelling of a selected column becomes its name, so it is kept here.
        frame: frame.select(...chosen),
        plain: { names: chosen, rows: rows.map(row => chosen.map(each => row[names.indexOf(each)]!)) },
      };
    }
    case 'drop': {
      if (names.length === 1) return state;
      const index = step.column % names.length;
      return {
        ...state,
        frame: frame.drop(spelt(name(step.column))),
        plain: { names: names.toSpliced(index, 1), rows: rows.map(row => row.toSpliced(index, 1)) },
      };
    }
    case 'rename': {
      const [a, b] = [name(step.column), name(step.other)];
      // Two columns change places, or one gets a new name.
      const to = (each: string): string =>
        a === b ? (each === a ? `r${a}` : each) : each === a ? b : each === b ? a : each;
      if (a === b && names.includes(`r${a}`)) return state;
      return {
        frame: frame.rename(a === b ? { [spelt(a)]: `r${a}` } : { [spelt(a)]: b, [b]: a }),
        plain: { names: names.map(to), rows },
        numeric: new Set([...state.numeric].map(to)),
      };
    }
    case 'known': {
      const each = name(step.column);
      return keep(
        frame.filter(col(spelt(each)).isNotNull()),
        rows.filter(row => row[names.indexOf(each)] !== null),
      );
    }
    case 'limit':
      return keep(frame.limit(step.count, step.offset), rows.slice(step.offset, step.offset + step.count));
    case 'sort': {
      // By all columns, so that rows which compare alike are alike.
      const first = name(step.column);
      const key = col(first);
      const direction = step.descending ? key.desc() : key.asc();
      const rest = names.filter(each => each !== first);
      return keep(
        frame.orderBy(step.nullsFirst ? direction.withNullsFirst() : direction, ...rest),
        rows.toSorted(
          (a, b) =>
            compare(a[names.indexOf(first)]!, b[names.indexOf(first)]!, step.descending, step.nullsFirst) ||
            compareAll(
              rest.map(each => a[names.indexOf(each)]!),
              rest.map(each => b[names.indexOf(each)]!),
            ),
        ),
      );
    }
    case 'distinct':
      return keepSorted(
        frame.distinct(),
        firstOfEach(rows, row => row),
      );
    case 'firsts': {
      // Which of the rows is kept depends on the order of the source, not on that of the chain: only the values are looked at.
      const each = name(step.column);
      return {
        ...state,
        frame: frame.dropDuplicates(spelt(each)).select(each).orderBy(each),
        plain: {
          names: [each],
          rows: firstOfEach(
            rows.map(row => [row[names.indexOf(each)]!]),
            row => row,
          ).toSorted(compareAll),
        },
      };
    }
    default:
      break;
  }
  if (numbers.length === 0) return state;
  switch (step.verb) {
    case 'add': {
      const [a, b] = [number(step.left), number(step.right)];
      return compute(step.target, col(spelt(a)).add(col(b)), row => both(get(row, a), get(row, b), (x, y) => x + y));
    }
    case 'times': {
      const a = number(step.left);
      return compute(step.target, col(a).mul(step.factor), row => both(get(row, a), step.factor, (x, y) => x * y));
    }
    case 'filter': {
      const a = number(step.column);
      const condition = step.sql ? `"${spelt(a)}" > ${step.above}` : col(spelt(a)).gt(step.above);
      return keep(
        frame.filter(condition),
        rows.filter(row => (get(row, a) ?? Number.NEGATIVE_INFINITY) > step.above),
      );
    }
    case 'union': {
      const a = number(step.column);
      const above = rows.filter(row => (get(row, a) ?? Number.NEGATIVE_INFINITY) > step.above);
      return keep(frame.union(frame.filter(col(a).gt(step.above))), [...rows, ...above]);
    }
    case 'total': {
      const key = name(step.key);
      const value = number(step.value);
      const totals = groupsOf(rows, row => row[names.indexOf(key)]!);
      const made = compute(step.target, fn.sum(col(value)).over(Window.partitionBy(spelt(key))), row =>
        sumOf(totals.get(row[names.indexOf(key)]!)!.map(other => get(other, value))),
      );
      return sorted(made);
    }
    case 'count': {
      // With how many rows, of those above, each has a value in common: a table beside its own groups.
      const [key, label] = [name(step.key), `n${step.target}`];
      const a = number(step.target);
      if (names.includes(label)) return state;
      const counted = frame.filter(col(a).gt(step.above)).groupBy(key).agg(fn.count().as(label));
      const above = rows.filter(row => (get(row, a) ?? Number.NEGATIVE_INFINITY) > step.above);
      const groups = groupsOf(above, row => row[names.indexOf(key)]!);
      const joined = rows.map((row): readonly Value[] => {
        const own = row[names.indexOf(key)]!;
        return [...row, own === null ? null : (groups.get(own)?.length ?? null)];
      });
      return sorted({
        frame: frame.join(counted, key, 'left'),
        plain: { names: [...names, label], rows: joined },
        numeric: new Set([...state.numeric, label]),
      });
    }
    case 'explode': {
      const [a, b, label] = [number(step.left), number(step.right), `e${step.target}`];
      if (names.includes(label)) return state;
      return {
        frame: frame.withColumn(label, fn.array(col(a), col(b))).explode(label),
        plain: {
          names: [...names, label],
          rows: rows.flatMap(row => [
            [...row, get(row, a)],
            [...row, get(row, b)],
          ]),
        },
        numeric: new Set([...state.numeric, label]),
      };
    }
    case 'group': {
      const key = name(step.key);
      const value = number(step.value);
      const groups = groupsOf(rows, row => row[names.indexOf(key)]!);
      const grouped = [...groups].map(([each, members]): readonly Value[] => [
        each,
        members.length,
        sumOf(members.map(row => get(row, value))),
      ]);
      const labels = ['k', 'n', 's'];
      return {
        frame: frame
          .groupBy(col(spelt(key)).as('k'))
          .agg(fn.count().as('n'), fn.sum(col(value)).as('s'))
          .orderBy(...labels),
        plain: { names: labels, rows: grouped.toSorted(compareAll) },
        numeric: new Set(state.numeric.has(key) ? labels : ['n', 's']),
      };
    }
    case 'score':
    case 'scoreFilter': {
      if (model === undefined) return state;
      const [a, b] = [number(step.left), number(step.right)];
      const rule = (row: readonly Value[]): number | null =>
        both(get(row, a), get(row, b), (x, y) => 2 * x + 4 * y + 1);
      if (step.verb === 'score') return compute(step.target, model(a, b), rule);
      return keep(
        frame.filter(model(a, b).gt(step.above)),
        rows.filter(row => (rule(row) ?? Number.NEGATIVE_INFINITY) > step.above),
      );
    }
  }
}

function sorted({ frame, plain, numeric }: State): State {
  return {
    frame: frame.orderBy(...plain.names),
    plain: { names: plain.names, rows: plain.rows.toSorted(compareAll) },
    numeric,
  };
}

function groupsOf(
  rows: PlainTable['rows'],
  key: (row: readonly Value[]) => Value,
): ReadonlyMap<Value, readonly (readonly Value[])[]> {
  const groups = new Map<Value, (readonly Value[])[]>();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return groups;
}

/** As SQL has it: of no known value the sum is null. */
function sumOf(values: readonly (number | null)[]): number | null {
  const known = values.filter(value => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

function firstOfEach(rows: PlainTable['rows'], key: (row: readonly Value[]) => unknown): PlainTable['rows'] {
  const seen = new Set<string>();
  return rows.filter(row => seen.size !== seen.add(JSON.stringify(key(row))).size);
}

function both(a: number | null, b: number | null, rule: (a: number, b: number) => number): number | null {
  return a === null || b === null ? null : rule(a, b);
}

function compare(a: Value, b: Value, descending = false, nullsFirst = false): number {
  if (a === b) return 0;
  if (a === null) return nullsFirst ? -1 : 1;
  if (b === null) return nullsFirst ? 1 : -1;
  return (a < b ? -1 : 1) * (descending ? -1 : 1);
}

function compareAll(a: readonly Value[], b: readonly Value[]): number {
  for (let index = 0; index < a.length; index++) {
    const order = compare(a[index]!, b[index]!);
    if (order !== 0) return order;
  }
  return 0;
}
