import { columnsOf, type Expr, some } from '../../../frame/expr.js';
import type { ModelCall } from '../../../frame/model.js';
import { conjuncts } from '../../../frame/optimizer/conjuncts.js';
import { KEPT_SIDES } from '../../../frame/optimizer/join-sides.js';
import { isOneRow } from '../../../frame/optimizer/one-row.js';
import { reads, readsOnly } from '../../../frame/optimizer/reads.js';
import { substitute } from '../../../frame/optimizer/substitute.js';
import { evaluatesVolatile, isVolatile } from '../../../frame/optimizer/volatile.js';
import { expressionsOf, inputsOf, type Relation } from '../../../frame/relation.js';
import { conditionText, holdsCase, limitText } from './lines.js';
import { type PlanWords, say, sayCall } from './words.js';

/**
 * Why a plan does not do less: which filters and limits stay above a model, and which models run on more rows than a
 * person may expect. Pure: it looks at the plan that is carried out.
 */
export function notesOf(relation: Relation, words: PlanWords): readonly string[] {
  // What fills a cache is a plan of its own.
  if (relation.kind === 'cache') return [];
  const below = inputsOf(relation).flatMap(input => notesOf(input, words));
  return [...new Set([...below, ...ownNotes(relation, words)])];
}

function ownNotes(relation: Relation, words: PlanWords): readonly string[] {
  switch (relation.kind) {
    case 'filter':
      return [...filterNotes(relation, words), ...caseNotes(relation)];
    case 'limit': {
      const why = runsModels(relation.input) ? limitBarrier(relation.input, words) : undefined;
      return why === undefined ? [] : [`limit ${limitText(relation)} is taken after the models have run: ${why}`];
    }
    case 'score':
      return scoreNotes(relation, words);
    default:
      return caseNotes(relation);
  }
}

function runsModels(relation: Relation): boolean {
  if (relation.kind === 'cache' && relation.store.result !== undefined) return false;
  return relation.kind === 'score' || inputsOf(relation).some(runsModels);
}

/** The calls whose results columns are made of. */
function callsBehind(names: ReadonlySet<string>, relation: Relation): ReadonlySet<ModelCall> {
  const from = (exprs: readonly Expr[], input: Relation): ReadonlySet<ModelCall> => callsBehind(reads(exprs), input);
  const own = (columns: readonly { readonly name: string; readonly expr: Expr }[]): readonly Expr[] =>
    columns.filter(({ name }) => names.has(name)).map(({ expr }) => expr);
  switch (relation.kind) {
    case 'score': {
      const made = relation.calls.filter(({ column }) => names.has(column)).map(({ call }) => call);
      return new Set([...made, ...callsBehind(names, relation.input)]);
    }
    case 'project':
      return from(own(relation.columns), relation.input);
    case 'aggregate':
      return from(own([...relation.keys, ...relation.aggregates]), relation.input);
    case 'window':
      return new Set([...from(own(relation.columns), relation.input), ...callsBehind(names, relation.input)]);
    case 'cache':
    case 'query':
      return new Set();
    default:
      return new Set(inputsOf(relation).flatMap(input => [...callsBehind(names, input)]));
  }
}

function filterNotes(filter: Relation & { readonly kind: 'filter' }, words: PlanWords): readonly string[] {
  const { input, predicate } = filter;
  if (!runsModels(input)) return [];
  const notes = conjuncts(predicate).flatMap(part => {
    const calls = [...callsBehind(columnsOf(part), input)];
    const text = say(part, words.of(input));
    if (calls.length === 1) return [`filter ${text} stays above ${modelText(calls[0]!)}: it reads what that gives`];
    if (calls.length > 1) {
      const models = [...new Set(calls.map(modelText))].join(' and ');
      return [`filter ${text} stays above ${models}: it needs what each gives, so each runs on the same rows`];
    }
    const why = filterBarrier(part, input);
    return why === undefined ? [] : [`filter ${text} is asked after the models have run: ${why}`];
  });
  return notes;
}

/** What a filter that reads no prediction cannot pass. */
function filterBarrier(predicate: Expr, input: Relation): string | undefined {
  if (isVolatile(predicate)) return 'it may say something else each time it is asked';
  if (evaluatesVolatile(input)) return 'it would pass what may give something else each time';
  switch (input.kind) {
    case 'filter':
    case 'sort':
    case 'score':
    case 'distinct':
      return filterBarrier(predicate, input.input);
    case 'project': {
      const moved = substitute(predicate, input.columns);
      return moved === undefined ? undefined : filterBarrier(moved, input.input);
    }
    case 'limit':
      return `limit ${limitText(input)} counts the rows before it`;
    case 'sample':
      return 'the rows before it are drawn';
    case 'window':
      return 'windows see the rows that it takes away';
    case 'aggregate':
      return 'it asks about groups, which are made of all rows';
    case 'explode':
      return 'it reads the elements';
    case 'cache':
      return 'a cache is computed whole';
    case 'query':
      return 'it would have to go into a SQL statement';
    case 'join': {
      const side = ([0, 1] as const).find(each => readsOnly(predicate, input.inputs[each].schema));
      if (side === undefined) return 'it reads both tables of the join';
      if (KEPT_SIDES[input.how].includes(side)) return filterBarrier(predicate, input.inputs[side]);
      return `rows of the table it reads may stand as nulls in the ${input.how} join`;
    }
    case 'nearest':
      return readsOnly(predicate, input.inputs[0].schema)
        ? filterBarrier(predicate, input.inputs[0])
        : 'it asks about the nearest rows, which are found among all';
    default:
      return undefined;
  }
}

/** What a limit cannot pass. */
function limitBarrier(input: Relation, words: PlanWords): string | undefined {
  switch (input.kind) {
    case 'project':
    case 'score':
      return limitBarrier(input.input, words);
    case 'sort': {
      const [call] = callsBehind(reads(input.keys.map(({ expr }) => expr)), input.input);
      if (call !== undefined) return `the rows are sorted by what ${modelText(call)} gives`;
      return limitBarrier(input.input, words) ?? 'the rows are sorted first';
    }
    case 'filter':
      return `how many rows pass ${conditionText(input.predicate, words.of(input.input))} is not known before`;
    case 'aggregate':
      return 'groups are made of all rows';
    case 'window':
      return 'windows see all rows';
    case 'distinct':
      return 'which rows are equal is not known before';
    case 'explode':
      return input.outer ? undefined : 'how many elements a row has is not known before';
    case 'join':
    case 'nearest':
      return 'which rows belong together is not known before';
    case 'setOperation':
      return input.operation === 'union' && input.all ? undefined : 'which rows are equal is not known before';
    case 'cache':
      return 'a cache is computed whole';
    case 'query':
      return 'it would have to go into a SQL statement';
    default:
      return undefined;
  }
}

function scoreNotes(relation: Relation & { readonly kind: 'score' }, words: PlanWords): readonly string[] {
  const below = words.of(relation.input);
  return relation.calls.flatMap(({ call }) => {
    if (isOneRow(relation.input)) return [`${sayCall(call, below)} is called once: it reads no column`];
    if (call.deterministic) return [];
    return [
      `${modelText(call)} is not deterministic: it is called for every row, as often as it is written, and no filter passes it`,
    ];
  });
}

/** CASE takes its branches row by row; which rows need a model's result is not known when it runs. */
function caseNotes(relation: Relation): readonly string[] {
  const [input] = inputsOf(relation);
  if (input === undefined || !runsModels(input)) return [];
  return expressionsOf(relation).flatMap(expr =>
    [...callsBehind(branchColumns(expr), input)].map(
      call =>
        `${modelText(call)} runs also on rows for which CASE takes another branch: models run before it chooses; filter the rows first to spare those`,
    ),
  );
}

/** Columns inside of CASE. */
function branchColumns(expr: Expr): ReadonlySet<string> {
  const names = new Set<string>();
  some(expr, part => {
    if ((part.kind === 'case' || part.kind === 'fragment') && holdsCase(part)) columnsOf(part, names);
    return false;
  });
  return names;
}

function modelText(call: ModelCall): string {
  return `${call.descriptor.kind} ${call.modelName}`;
}
