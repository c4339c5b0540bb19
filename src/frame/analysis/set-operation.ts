import { InframeError, listNames } from '../errors.js';
import type { Expr, Named } from '../expr.js';
import type { Plan } from '../plan.js';
import type { Relation } from '../relation.js';
import { Schema } from '../schema.js';
import { type DataType, type Field, sameType, typeName } from '../types.js';
import { columnOf } from './columns.js';
import type { AnalysisContext } from './context.js';

type SetOperationPlan = Plan & { readonly kind: 'setOperation' };

/** Rows of several tables, their columns matched by position or by name and brought to common types. */
export async function analyzeSetOperation(plan: SetOperationPlan, context: AnalysisContext): Promise<Relation> {
  const inputs: Relation[] = [];
  for (const input of plan.inputs) inputs.push(await context.analyze(input));
  const schemas = inputs.map(({ schema }) => schema);
  const names = namesOf(plan, schemas);
  const own = (schema: Schema, name: string, index: number): Field | undefined =>
    plan.byName ? schema.find(name) : schema.fields[index];
  const fields: Field[] = [];
  for (const [index, name] of names.entries()) {
    const types = schemas.flatMap(schema => own(schema, name, index)?.type ?? []);
    const type = await commonType(types, context);
    if (type === undefined) throw noCommonType(name, types);
    fields.push({ name, type });
  }
  const schema = new Schema(fields);
  const aligned = inputs.map(input => alignedTo(input, schema, (name, index) => own(input.schema, name, index)));
  return { kind: 'setOperation', schema, operation: plan.operation, all: plan.all, inputs: aligned };
}

/** The columns of the result: those of the first table and, where some may be missing, those that only others have. */
function namesOf(plan: SetOperationPlan, schemas: readonly Schema[]): readonly string[] {
  const [first, ...others] = schemas;
  const names = [...first!.names];
  const missing = (schema: Schema, other: Schema): string | undefined => schema.names.find(name => !other.has(name));
  for (const schema of others) {
    if (plan.allowMissing) {
      for (const name of schema.names) if (!names.some(known => isSame(known, name))) names.push(name);
      continue;
    }
    const lacking = plan.byName ? (missing(first!, schema) ?? missing(schema, first!)) : undefined;
    if (lacking !== undefined) {
      throw new InframeError(
        'COLUMN_NOT_FOUND',
        `column '${lacking}' is in one of the tables only; the first has: ${listNames(first!.names)}; the other: ${listNames(schema.names)}; add it, or say unionByName(other, { allowMissingColumns: true })`,
        { column: lacking },
      );
    }
    if (schema.length === first!.length) continue;
    throw new InframeError(
      'COLUMN_NOT_FOUND',
      `${plan.operation} needs tables of as many columns; the first has ${names.length}: ${listNames(names)}; the other ${schema.length}: ${listNames(schema.names)}`,
    );
  }
  return names;
}

function noCommonType(name: string, types: readonly DataType[]): InframeError {
  const words = [...new Set(types.map(typeName))];
  return new InframeError(
    'TYPE_MISMATCH',
    `column '${name}' is ${words.join(' in one table and ')} in another; cast one of them`,
    { column: name },
  );
}

function isSame(name: string, other: string): boolean {
  return name.toLowerCase() === other.toLowerCase();
}

/** The type that values of several types take together; undefined if there is none, as of texts and others. */
export async function commonType(types: readonly DataType[], context: AnalysisContext): Promise<DataType | undefined> {
  if (types.every(type => sameType(type, types[0]!))) return types[0]!;
  const known = types.filter(({ kind }) => kind !== 'null');
  // DuckDB would make texts of everything: a slip in the order of columns would then go unseen.
  return known.some(isText) && !known.every(isText) ? undefined : context.engine.commonType(types);
}

function isText({ kind }: DataType): boolean {
  return kind === 'string' || kind === 'enum' || kind === 'uuid';
}

/** The input with the names, order and types of the result. */
function alignedTo(input: Relation, schema: Schema, own: (name: string, index: number) => Field | undefined): Relation {
  const columns = schema.fields.map(({ name, type }, index): Named => {
    const field = own(name, index);
    const value: Expr = field === undefined ? { kind: 'literal', value: null } : columnOf(field.name);
    const fits = field === undefined ? type.kind === 'null' : sameType(field.type, type);
    return { name, expr: fits ? value : { kind: 'cast', input: value, type, safe: false } };
  });
  const unchanged =
    columns.length === input.schema.length &&
    columns.every(
      ({ name, expr }, at) => expr.kind === 'column' && input.schema.names[at] === name && expr.name === name,
    );
  return unchanged ? input : { kind: 'project', schema, input, columns };
}
