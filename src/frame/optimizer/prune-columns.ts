import { columnsOf, type Expr } from '../expr.js';
import { mapInputs, type Relation } from '../relation.js';
import { Schema } from '../schema.js';

/** Nobody reads what nobody needs: columns and model calls whose results are not used above are left out. */
export function pruneColumns(relation: Relation): Relation {
  return prune(relation, new Set(relation.schema.names));
}

function prune(relation: Relation, needed: ReadonlySet<string>): Relation {
  switch (relation.kind) {
    case 'scan': {
      return { ...relation, schema: keep(relation.schema, needed) };
    }
    case 'project': {
      const columns = relation.columns.filter(column => needed.has(column.name));
      const kept = columns.length > 0 ? columns : relation.columns.slice(0, 1);
      const schema = new Schema(relation.schema.fields.filter(field => kept.some(({ name }) => name === field.name)));
      return { ...relation, schema, columns: kept, input: prune(relation.input, reads(kept.map(c => c.expr))) };
    }
    case 'filter': {
      const input = prune(relation.input, union(needed, reads([relation.predicate])));
      return { ...relation, input, schema: input.schema };
    }
    case 'sort': {
      const input = prune(relation.input, union(needed, reads(relation.keys.map(key => key.expr))));
      return { ...relation, input, schema: input.schema };
    }
    case 'limit':
    case 'sample': {
      const input = prune(relation.input, needed);
      return { ...relation, input, schema: input.schema };
    }
    case 'aggregate': {
      const aggregates = relation.aggregates.filter(column => needed.has(column.name));
      const kept = aggregates.length > 0 || relation.keys.length > 0 ? aggregates : relation.aggregates.slice(0, 1);
      const exprs = [...relation.keys, ...kept].map(column => column.expr);
      const names = new Set([...relation.keys, ...kept].map(column => column.name));
      const schema = new Schema(relation.schema.fields.filter(field => names.has(field.name)));
      return { ...relation, schema, aggregates: kept, input: prune(relation.input, reads(exprs)) };
    }
    case 'score': {
      const calls = relation.calls.filter(({ column }) => needed.has(column));
      const own = new Set(relation.calls.map(({ column }) => column));
      const passed = new Set([...needed].filter(name => !own.has(name)));
      const input = prune(relation.input, union(passed, reads(calls.flatMap(({ call }) => call.args))));
      if (calls.length === 0) return input;
      const schema = new Schema([
        ...input.schema.fields,
        ...relation.schema.fields.filter(field => calls.some(({ column }) => column === field.name)),
      ]);
      return { ...relation, schema, calls, input };
    }
    default:
      return mapInputs(relation, input => prune(input, new Set(input.schema.names)));
  }
}

/** A table keeps at least one column: `count(*)` needs rows. The first costs least to say. */
function keep(schema: Schema, needed: ReadonlySet<string>): Schema {
  const fields = schema.fields.filter(field => needed.has(field.name));
  return new Schema(fields.length > 0 ? fields : schema.fields.slice(0, 1));
}

function reads(exprs: readonly Expr[]): Set<string> {
  const names = new Set<string>();
  for (const expr of exprs) columnsOf(expr, names);
  return names;
}

function union(a: ReadonlySet<string>, b: ReadonlySet<string>): Set<string> {
  return new Set([...a, ...b]);
}
