import { callsModel } from '../expr.js';
import { anyRelation, expressionsOf, mapInputs, type Relation } from '../relation.js';
import { substitution } from './substitute.js';
import { evaluatesVolatile } from './volatile.js';

/**
 * A limit goes below what gives one row for each row: `limit(20)` of a projection is the projection of 20 rows, and a
 * model in it runs on those. Two limits in a row are one. A limit of nothing computes nothing.
 *
 * A limit reads no value, so what is volatile does not stop it: each row that is asked for is computed once, as before.
 */
export function pushLimits(relation: Relation): Relation {
  const node = mapInputs(relation, pushLimits);
  return node.kind === 'limit' ? sink(node, node.input) : node;
}

interface Count {
  readonly count: number;
  readonly offset: number;
}

/** The input with a limit on it, or somewhere in it. */
function sink({ count, offset }: Count, input: Relation): Relation {
  if (count === 0 && callsBelow(input)) return withoutRows(input) ?? limited(input, { count, offset });
  switch (input.kind) {
    case 'project': {
      const moved = { ...input, input: sink({ count, offset }, input.input) };
      const empty = moved.input.kind === 'limit' && moved.input.count === 0 && callsBelow(moved);
      return (empty ? withoutRows(input) : undefined) ?? moved;
    }
    case 'limit':
      return sink(
        { count: Math.max(0, Math.min(count, input.count - offset)), offset: input.offset + offset },
        input.input,
      );
    case 'sort': {
      const swapped = belowScoring(input);
      return swapped === undefined ? limited(input, { count, offset }) : sink({ count, offset }, swapped);
    }
    case 'setOperation':
      if (input.operation !== 'union' || !input.all) break;
      return limited({ ...input, inputs: input.inputs.map(each => first(count + offset, each)) }, { count, offset });
    case 'explode':
      // Every row is kept, so as many rows as are wanted are enough.
      if (!input.outer) break;
      return limited({ ...input, input: first(count + offset, input.input) }, { count, offset });
    default:
      break;
  }
  return limited(input, { count, offset });
}

function limited(input: Relation, count: Count): Relation {
  return { kind: 'limit', schema: input.schema, input, ...count };
}

/** A limit that is there to save work; `count` may be all there is to count. */
function first(count: number, input: Relation): Relation {
  return Number.isSafeInteger(count) ? sink({ count, offset: 0 }, input) : input;
}

/**
 * A sort of a projection with model calls, by what the projection does not need its models for, as that projection of
 * the sorted rows: of which a limit then takes the first.
 */
function belowScoring(sort: Relation & { readonly kind: 'sort' }): Relation | undefined {
  const { input } = sort;
  if (input.kind !== 'project' || !expressionsOf(input).some(callsModel)) return undefined;
  if (evaluatesVolatile(sort) || evaluatesVolatile(input)) return undefined;
  const moved = substitution(input.columns);
  const keys = sort.keys.flatMap(key => {
    const expr = moved(key.expr);
    return expr === undefined || callsModel(expr) ? [] : [{ ...key, expr }];
  });
  if (keys.length < sort.keys.length) return undefined;
  return { ...input, input: { kind: 'sort', schema: input.input.schema, input: input.input, keys } };
}

function callsBelow(relation: Relation): boolean {
  return anyRelation(relation, node => expressionsOf(node).some(callsModel));
}

/** The columns and no rows; undefined where a column is of a type that no null can be written of. */
function withoutRows({ schema }: Relation): Relation | undefined {
  const written = schema.fields.every(({ type }) => type.kind !== 'other' && type.kind !== 'null');
  return written ? { kind: 'local', schema, rows: [] } : undefined;
}
