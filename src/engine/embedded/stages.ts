import { quote } from '../../connectors/duckdb/quote.js';
import { columnsOf } from '../../frame/expr.js';
import { isVolatile } from '../../frame/optimizer/volatile.js';
import {
  expressionsOf,
  inputsOf,
  mapInputs,
  type Relation,
  type ScanRelation,
  type ScoreCall,
  stageResult,
  withInputs,
} from '../../frame/relation.js';
import { compile, type LeafWriter } from './compile.js';

/*
 * Where a plan is cut (DESIGN section 2). Pure: relations in, relations and SQL out.
 */

/** A model stage: rows are read from `input`, scored, and handed on through the filters and projections of `output`. */
export interface ModelStage {
  /** What is below the model. It holds no score node. */
  readonly input: Relation;
  readonly calls: readonly ScoreCall[];
  /** The score node, and above it only filters and projections; the stage's result is its topmost node. */
  readonly output: Relation;
}

/** A plan cut at its deepest model call. */
export interface Cut {
  readonly stage: ModelStage;
  /** The rest of the plan, once the stage's result stands in files; undefined if the stage is all there is. */
  readonly rest: ((result: ScanRelation) => Relation) | undefined;
}

/** Cuts out the first stage that has to run, or gives undefined where no model is left. */
export function cut(relation: Relation): Cut | undefined {
  const inputs = inputsOf(relation);
  for (const [at, input] of inputs.entries()) {
    const below = cut(input);
    if (below === undefined) continue;
    const { stage, rest } = below;
    if (rest === undefined && isRowWise(relation)) {
      return { stage: { ...stage, output: withInputs(relation, [stage.output]) }, rest };
    }
    return {
      stage,
      rest: result => withInputs(relation, inputs.with(at, rest === undefined ? result : rest(result))),
    };
  }
  if (relation.kind !== 'score') return undefined;
  return { stage: { input: relation.input, calls: relation.calls, output: relation }, rest: undefined };
}

/** How many stages a plan is carried out in: one a cut, and one for what stands above the last. */
export function countStages(relation: Relation): number {
  const next = cut(relation);
  if (next === undefined) return 1;
  const done = stageResult(next.stage.output.schema, [], '');
  return 1 + (next.rest === undefined ? 0 : countStages(next.rest(done)));
}

function isRowWise(node: Relation): boolean {
  return node.kind === 'project' || node.kind === 'filter';
}

/** What a stage can read slice by slice, and where its rows end if only some are wanted. */
export interface SlicedInput {
  readonly scan: ScanRelation;
  readonly limit: { readonly count: number; readonly offset: number } | undefined;
}

/**
 * The scan a stage's input reads row by row, or undefined where the input has to be made whole first: where it sorts,
 * groups, limits after a filter, is not a splittable format, or would not give the same rows when it is read twice.
 */
export function slicedInput(input: Relation): SlicedInput | undefined {
  let limit: SlicedInput['limit'];
  let node = input;
  while (node.kind !== 'scan') {
    if (!('input' in node)) return undefined;
    if (expressionsOf(node).some(isVolatile)) return undefined;
    // Rows can be counted off at the source only where every source row below the limit is a row of its input.
    const sliceable =
      node.kind === 'project' || (limit === undefined && (node.kind === 'limit' || node.kind === 'filter'));
    if (!sliceable) return undefined;
    if (node.kind === 'limit') limit = { count: node.count, offset: node.offset };
    node = node.input;
  }
  return node.splittable ? { scan: node, limit } : undefined;
}

/** The SELECT that gives a stage's input over part of its source: a limit is in the slices already. */
export function sliceSql(input: Relation, leaf: LeafWriter): string {
  return compile(withoutLimit(input), leaf);
}

function withoutLimit(relation: Relation): Relation {
  return relation.kind === 'limit' ? withoutLimit(relation.input) : mapInputs(relation, withoutLimit);
}

/**
 * The SELECT that puts the outputs beside the columns that pass through (which never enter JavaScript, Rule 2) and
 * carries the stage's filters and projections out.
 *
 * @param slice the input's SELECT over the task's rows
 * @param outputs a table function that gives the outputs in the same order
 */
export function outputSql(stage: ModelStage, slice: string, outputs: string): string {
  const own = new Set(stage.calls.map(({ column }) => column));
  const passed = [...neededColumns(stage)].filter(name => !own.has(name));
  const columns = [
    ...passed.map(name => `s.${quote(name)} AS ${quote(name)}`),
    ...stage.calls.map(call => `o.${quote(call.column)}`),
  ];
  const source =
    passed.length === 0
      ? `${outputs} o`
      : `(SELECT ${passed.map(quote).join(', ')} FROM (${slice})) s POSITIONAL JOIN ${outputs} o`;
  return aboveScore(stage.output, `SELECT ${columns.join(', ')} FROM ${source}`);
}

/** Columns of the score node that something above it reads. */
function neededColumns(stage: ModelStage): ReadonlySet<string> {
  const needed = new Set<string>();
  let node = stage.output;
  let projected = false;
  const nodes: Relation[] = [];
  for (; node.kind !== 'score' && 'input' in node; node = node.input) nodes.push(node);
  // From the score node upwards: a projection ends what passes through unseen.
  for (const above of nodes.reverse()) {
    if (projected) break;
    for (const expr of expressionsOf(above)) columnsOf(expr, needed);
    projected = above.kind === 'project';
  }
  return projected ? needed : new Set(stage.output.schema.names);
}

function aboveScore(relation: Relation, score: string): string {
  const placed = replaceScore(relation);
  return compile(placed, () => score);
}

/** The score node as a leaf, so that what is above it compiles like anything else. */
function replaceScore(relation: Relation): Relation {
  return relation.kind === 'score' ? stageResult(relation.schema, [], '') : mapInputs(relation, replaceScore);
}
