import { InframeError } from '../errors.js';
import type { Named } from '../expr.js';
import type { NearestNode } from '../plan-verbs.js';
import type { NearestRelation, Relation } from '../relation.js';
import { Schema } from '../schema.js';
import { type DataType, type Field, isNumeric, typeName } from '../types.js';
import { columnOf, freshName } from './columns.js';
import type { AnalysisContext } from './context.js';
import { hiddenNames, outputColumns, renamed } from './join.js';
import { numberedRows } from './join-by-numbers.js';
import { arrayLength, unlikeLengths } from './vector-lengths.js';

/** Each row beside the rows of another table that are nearest to it. */
export async function analyzeNearest(plan: NearestNode, context: AnalysisContext): Promise<Relation> {
  const left = await context.analyze(plan.left);
  const original = await context.analyze(plan.right);
  const hidden = hiddenNames(left.schema, original.schema);
  const right = renamed(original, hidden);
  const own = vectorField(left.schema, plan.by[0], 'left');
  const other = vectorField(original.schema, plan.by[1], 'right');
  const lengths = [own, other].map(({ type }) => arrayLength(type));
  if (lengths[0] !== undefined && lengths[1] !== undefined && lengths[0] !== lengths[1]) {
    throw unlikeLengths('nearest', [lengths[0], lengths[1]], [own.name, other.name]);
  }
  const taken = new Set([...left.schema.names, ...right.schema.names].map(name => name.toLowerCase()));
  const fresh = (stem: string): string => {
    const name = freshName(stem, each => taken.has(each));
    taken.add(name);
    return name;
  };
  const numbers = [fresh('left'), fresh('right')] as const;
  const [rank, score] = [fresh('rank'), fresh('score')] as const;
  const inputs = [numberedRows(left, numbers[0]), numberedRows(right, numbers[1])] as const;
  const made: readonly Field[] = [
    { name: rank, type: { kind: 'int32' } },
    { name: score, type: { kind: 'float64' } },
  ];
  const found: NearestRelation = {
    kind: 'nearest',
    schema: new Schema([...inputs[0].schema.fields, ...inputs[1].schema.fields, ...made]),
    inputs,
    vectors: [own.name, hidden.get(other.name)!],
    numbers,
    metric: plan.metric,
    k: plan.k,
    outer: plan.outer,
    rank,
    score,
  };
  const sides = { left: left.schema, right: original.schema, hidden };
  const columns: readonly Named[] = [
    ...outputColumns({ how: 'inner', on: { kind: 'none' }, suffix: plan.suffix }, sides),
    { name: plan.rank, expr: columnOf(rank) },
    { name: plan.score, expr: columnOf(score) },
  ];
  checkNames(columns, plan);
  const fields = columns.map(({ name, expr }) => ({
    name,
    type: found.schema.type(expr.kind === 'column' ? expr.name : name),
  }));
  return { kind: 'project', schema: new Schema(fields), input: found, columns };
}

/** @throws InframeError COLUMN_NOT_FOUND, TYPE_MISMATCH */
function vectorField(schema: Schema, name: string, side: string): Field {
  const field = schema.field(name);
  if (isVector(field.type)) return field;
  throw new InframeError(
    'TYPE_MISMATCH',
    `column '${field.name}' of the ${side} table is ${typeName(field.type)}, not a list or array of numbers; nearest compares vectors`,
    { column: field.name },
  );
}

function isVector(type: DataType): boolean {
  return (type.kind === 'list' || type.kind === 'array') && (isNumeric(type.element) || type.element.kind === 'null');
}

function checkNames(columns: readonly Named[], { rank, score }: NearestNode): void {
  const names = columns.slice(0, -2).map(({ name }) => name.toLowerCase());
  for (const [option, name] of Object.entries({ rank, score })) {
    if (!names.includes(name.toLowerCase())) continue;
    throw new InframeError(
      'COLUMN_DUPLICATE',
      `column '${name}' is in a table already; give nearest another name for its own: { ${option}: 'nearest_${option}' }`,
      { column: name },
    );
  }
}
