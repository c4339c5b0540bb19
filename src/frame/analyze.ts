import type { Engine } from './engine.js';
import { InframeError } from './errors.js';
import { children, describe, type Expr, mapChildren, type Named, type SortKey } from './expr.js';
import type { Plan } from './plan.js';
import type { Relation } from './relation.js';
import { typesOfGroups, typesOfRows } from './row-wise.js';
import { Schema } from './schema.js';
import { type DataType, typeName } from './types.js';

/**
 * Checks a plan (Rule 4): finds the files, resolves every name, types every expression, fits every model call to its
 * model. No row is read.
 *
 * @throws InframeError whatever is wrong with the plan
 */
export async function analyze(plan: Plan, engine: Engine): Promise<Relation> {
  switch (plan.kind) {
    case 'scan':
      return engine.scan(plan);
    case 'select': {
      const input = await analyze(plan.input, engine);
      const columns = plan.columns.flatMap(column => (column === '*' ? passThrough(input.schema) : [column]));
      return project(input, columns, engine);
    }
    case 'withColumns': {
      const input = await analyze(plan.input, engine);
      return project(input, replaceOrAppend(input.schema, plan.columns), engine);
    }
    case 'drop': {
      const input = await analyze(plan.input, engine);
      const dropped = new Set(plan.names.map(name => input.schema.field(name).name));
      const kept = passThrough(input.schema).filter(column => !dropped.has(column.name));
      if (kept.length === 0) {
        throw new InframeError(
          'ARGUMENT_INVALID',
          `drop ${[...dropped].join(', ')} would leave no column; keep at least one`,
        );
      }
      return project(input, kept, engine);
    }
    case 'rename': {
      const input = await analyze(plan.input, engine);
      const names = new Map<string, string>();
      for (const [from, to] of plan.names) {
        const { name } = input.schema.field(from);
        if (names.has(name)) throw givenTwice('rename', name);
        names.set(name, to);
      }
      const columns = passThrough(input.schema).map(({ name, expr }) => ({ name: names.get(name) ?? name, expr }));
      return project(input, columns, engine);
    }
    case 'filter': {
      const input = await analyze(plan.input, engine);
      const [predicate] = await resolveAll([plan.predicate], input.schema, engine);
      const [type] = await typesOfRows([predicate!], input.schema, engine);
      if (type!.kind !== 'boolean' && type!.kind !== 'null') {
        throw new InframeError(
          'TYPE_MISMATCH',
          `filter condition '${describe(predicate!)}' is ${typeName(type!)}, not boolean; compare it with something, for example .gt(0)`,
        );
      }
      return { kind: 'filter', schema: input.schema, input, predicate: predicate! };
    }
    case 'limit': {
      const input = await analyze(plan.input, engine);
      return { ...plan, schema: input.schema, input };
    }
    case 'sample': {
      const input = await analyze(plan.input, engine);
      return { ...plan, schema: input.schema, input };
    }
    case 'sort': {
      const input = await analyze(plan.input, engine);
      const exprs = await resolveAll(
        plan.keys.map(key => key.expr),
        input.schema,
        engine,
      );
      await typesOfRows(exprs, input.schema, engine);
      const keys: readonly SortKey[] = plan.keys.map((key, index) => ({ ...key, expr: exprs[index]! }));
      return { kind: 'sort', schema: input.schema, input, keys };
    }
    case 'aggregate': {
      const input = await analyze(plan.input, engine);
      const keys = await resolveNamed(plan.keys, input.schema, engine);
      const aggregates = await resolveNamed(plan.aggregates, input.schema, engine);
      // Keys and aggregates may not stand side by side without a GROUP BY, so their types are asked for apart.
      const types = [
        ...(await typesOfRows(
          keys.map(column => column.expr),
          input.schema,
          engine,
        )),
        ...(await typesOfGroups(
          aggregates.map(column => column.expr),
          input.schema,
          engine,
        )),
      ];
      const schema = new Schema([...keys, ...aggregates].map(({ name }, index) => ({ name, type: types[index]! })));
      return { kind: 'aggregate', schema, input, keys, aggregates };
    }
  }
}

function givenTwice(verb: string, name: string): InframeError {
  return new InframeError(
    'COLUMN_DUPLICATE',
    `column '${name}' is given to ${verb} twice (case does not count in names); give it once`,
    { column: name },
  );
}

/** Every column of the table as itself. */
export function passThrough(schema: Schema): readonly Named[] {
  return schema.fields.map(({ name }) => ({ name, expr: { kind: 'column', name } }));
}

/** Spark's withColumn: a column of that name is replaced where it stands, a new one goes last. */
function replaceOrAppend(schema: Schema, columns: readonly Named[]): readonly Named[] {
  const result = [...passThrough(schema)];
  const given = new Set<string>();
  for (const column of columns) {
    if (given.size === given.add(column.name.toLowerCase()).size) throw givenTwice('withColumns', column.name);
    const existing = schema.find(column.name);
    const at = existing === undefined ? -1 : schema.fields.indexOf(existing);
    if (at >= 0) result[at] = column;
    else result.push(column);
  }
  return result;
}

async function project(input: Relation, columns: readonly Named[], engine: Engine): Promise<Relation> {
  const resolved = await resolveNamed(columns, input.schema, engine);
  const types = await typesOfRows(
    resolved.map(column => column.expr),
    input.schema,
    engine,
  );
  const schema = new Schema(resolved.map(({ name }, index) => ({ name, type: types[index]! })));
  return { kind: 'project', schema, input, columns: resolved };
}

async function resolveNamed(columns: readonly Named[], schema: Schema, engine: Engine): Promise<readonly Named[]> {
  const exprs = await resolveAll(
    columns.map(column => column.expr),
    schema,
    engine,
  );
  return columns.map(({ name }, index) => ({ name, expr: exprs[index]! }));
}

async function resolveAll(exprs: readonly Expr[], schema: Schema, engine: Engine): Promise<readonly Expr[]> {
  const resolved: Expr[] = [];
  for (const expr of exprs) resolved.push(await resolve(expr, schema, engine));
  return resolved;
}

/** Spells columns as the schema does (R1), parses SQL text, binds model calls from the inside out (R2). */
async function resolve(expr: Expr, schema: Schema, engine: Engine): Promise<Expr> {
  if (expr.kind === 'column') return { kind: 'column', name: schema.field(expr.name).name };
  if (expr.kind === 'sql') {
    const parsed = await engine.parseExpression(expr.text);
    return { kind: 'sql', text: parsed.text, columns: parsed.columns.map(name => schema.field(name).name) };
  }
  const operands = children(expr);
  if (operands.length === 0 && expr.kind !== 'model') return expr;
  const resolved = new Map<Expr, Expr>();
  for (const operand of operands) resolved.set(operand, await resolve(operand, schema, engine));
  const rebuilt = mapChildren(expr, operand => resolved.get(operand)!);
  if (rebuilt.kind !== 'model') return rebuilt;
  const args = children(rebuilt);
  const types = await typesOfRows(args, schema, engine);
  const typeOf = (arg: Expr): DataType => (arg.kind === 'column' ? schema.type(arg.name) : types[args.indexOf(arg)]!);
  return { kind: 'modelCall', call: rebuilt.model.bind(rebuilt.args, typeOf, schema) };
}
