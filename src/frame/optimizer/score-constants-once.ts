import type { Named } from '../expr.js';
import type { ModelCall } from '../model.js';
import { mapInputs, type Relation, type ScoreCall } from '../relation.js';
import { Schema } from '../schema.js';
import { isOneRow, ONE_ROW } from './one-row.js';
import { reads } from './reads.js';
import { isVolatile } from './volatile.js';

/**
 * A call whose arguments read no column gives the same for all rows: it is made once, on a table of one row that is
 * joined to every row.
 *
 * It is made even where there turn out to be no rows. Where it fails, every row has the null (or the job the error) that
 * calls with these arguments give.
 *
 * Comes after `liftModelCalls`, when every call stands in a `score` node.
 */
export function scoreConstantsOnce(relation: Relation): Relation {
  const node = mapInputs(relation, scoreConstantsOnce);
  return node.kind === 'score' ? split(node) : node;
}

function split(node: Relation & { readonly kind: 'score' }): Relation {
  // A single row is as good as a table of one row.
  if (isOneRow(node.input)) return node;
  const below = constantsIn(node.input);
  const constants = node.calls.filter(({ call }) => isConstant(call, below.names));
  const perRow = node.calls.filter(call => !constants.includes(call));
  const once = constants.length > 0 ? resultsOf(scored(constants, below.once)) : below.results;
  if (once === undefined) return node;
  // Calls that take a constant's result need it beside their rows; the others are made before, row by row from the files.
  const needed = [...reads(perRow.flatMap(({ call }) => call.args))].some(name => once.schema.has(name));
  return needed ? scored(perRow, beside(below.rows, once)) : beside(scored(perRow, below.rows), once);
}

/** @param names columns that hold the same in every row */
function isConstant(call: ModelCall, names: ReadonlySet<string>): boolean {
  if (call.args.length === 0 || isVolatile({ kind: 'modelCall', call })) return false;
  return [...reads(call.args)].every(name => names.has(name));
}

/** Rows, and what is the same for all of them. */
interface Constants {
  readonly rows: Relation;
  /** The table of one row that stands beside the rows; undefined if there is none. */
  readonly results: Relation | undefined;
  readonly names: ReadonlySet<string>;
  /** Where further calls on constants are made. */
  readonly once: Relation;
}

function constantsIn(input: Relation): Constants {
  if (input.kind === 'join' && input.how === 'cross' && isOneRow(input.inputs[1])) {
    const [rows, results] = input.inputs;
    return { rows, results, names: new Set(results.schema.names), once: results };
  }
  return { rows: input, results: undefined, names: new Set(), once: ONE_ROW };
}

function resultsOf(once: Relation): Relation {
  const fields = once.schema.fields.filter(({ name }) => !ONE_ROW.schema.has(name));
  const columns = fields.map(({ name }): Named => ({ name, expr: { kind: 'column', name } }));
  return { kind: 'project', schema: new Schema(fields), input: once, columns };
}

function scored(calls: readonly ScoreCall[], input: Relation): Relation {
  if (calls.length === 0) return input;
  const fields = calls.map(({ column, call }) => ({ name: column, type: call.type }));
  return { kind: 'score', schema: new Schema([...input.schema.fields, ...fields]), calls, input };
}

function beside(rows: Relation, once: Relation): Relation {
  const schema = new Schema([...rows.schema.fields, ...once.schema.fields]);
  return { kind: 'join', how: 'cross', condition: undefined, schema, inputs: [rows, once] };
}
