import type { CatalogModel, CatalogSnapshot } from '../catalog.js';
import type { ArgumentDescription, ModelDescription } from '../model.js';
import type { LocalNode } from '../plan.js';
import type { Schema } from '../schema.js';
import { typeName } from '../types.js';
import { localTable, text } from './local.js';

/** `SHOW MODELS` */
export function showModels(catalog: CatalogSnapshot): LocalNode {
  const rows = catalog.models.map(model => {
    const { kind, path, inputs, outputs } = descriptionOf(model);
    return [model.name, kind, path ?? null, argumentList(inputs), argumentList(outputs)];
  });
  return localTable(['name', 'kind', 'path', 'inputs', 'outputs'].map(text), rows);
}

/** `DESCRIBE MODEL` */
export function describeModel(model: CatalogModel): LocalNode {
  const { inputs, outputs } = descriptionOf(model);
  const row = (role: string, { name, dtype, shape, accepts }: ArgumentDescription) => [
    role,
    name,
    dtype,
    shape ?? null,
    accepts ?? null,
  ];
  const rows = [...inputs.map(input => row('input', input)), ...outputs.map(output => row('output', output))];
  return localTable(['role', 'name', 'dtype', 'shape', 'accepts'].map(text), rows);
}

/** `SHOW TABLES` */
export function showTables(catalog: CatalogSnapshot): LocalNode {
  const rows = catalog.tables.map(({ name, kind, schema }) => [name, kind, schema.names.join(', ')]);
  return localTable(['name', 'kind', 'columns'].map(text), rows);
}

/** `DESCRIBE` of a table or query. */
export function describeSchema(schema: Schema): LocalNode {
  const rows = schema.fields.map(({ name, type }) => [name, typeName(type)]);
  return localTable(['name', 'type'].map(text), rows);
}

/** `EXPLAIN`: a line a row. */
export function explainedPlan(plan: string): LocalNode {
  return localTable(
    [text('plan')],
    plan.split('\n').map(line => [line]),
  );
}

function descriptionOf({ reference }: CatalogModel): ModelDescription {
  return reference.describe?.() ?? { kind: 'model', path: undefined, inputs: [], outputs: [] };
}

/** `x float32[N, 2], k int64[N]` */
function argumentList(descriptions: readonly ArgumentDescription[]): string {
  return descriptions.map(({ name, dtype, shape }) => `${name} ${dtype}${shape ?? ''}`).join(', ');
}
