import type { DuckDBConnection } from '@duckdb/node-api';
import { InframeError } from '../../../frame/errors.js';
import type { Expr } from '../../../frame/expr.js';
import type { Names } from '../../../frame/names.js';
import type { Plan } from '../../../frame/plan.js';
import { Schema } from '../../../frame/schema.js';
import { type ColumnReader, toExpressions } from './fragment.js';
import { nativePlan } from './native.js';
import { parse, queryTexts } from './parser.js';
import { type Cte, cteEntries } from './places.js';
import { findReads } from './reads.js';
import type { Inputs } from './sources.js';
import { rawStatementNames } from './statement.js';
import { copyOf, nodesIn, type SyntaxNode, walk } from './syntax.js';

/** What the planning of one statement works with. */
export class QueryContext {
  readonly connection: DuckDBConnection;
  readonly names: Names;
  readonly inputs: Inputs;
  /** The statement as the user wrote it, for messages. */
  readonly text: string;
  /** Names of aggregate functions; set where models are called, since only then they matter. */
  aggregates: ReadonlySet<string> = new Set();
  readonly #schemaOf: (plan: Plan) => Promise<Schema>;
  readonly #schemas = new Map<Plan, Promise<Schema>>();

  constructor(init: {
    readonly connection: DuckDBConnection;
    readonly names: Names;
    readonly schemaOf: (plan: Plan) => Promise<Schema>;
    readonly inputs: Inputs;
    readonly text: string;
  }) {
    this.connection = init.connection;
    this.names = init.names;
    this.inputs = init.inputs;
    this.text = init.text;
    this.#schemaOf = init.schemaOf;
  }

  /** The columns of a plan; each plan is looked at once. */
  schemaOf(plan: Plan): Promise<Schema> {
    let schema = this.#schemas.get(plan);
    if (schema === undefined) {
      schema = this.#schemaOf(plan);
      this.#schemas.set(plan, schema);
    }
    return schema;
  }

  expressions(nodes: readonly SyntaxNode[], read: ColumnReader): Promise<readonly Expr[]> {
    return toExpressions(this.connection, nodes, this.names, read);
  }

  /** A query in which no model is called, as nodes of a plan where that is possible, else as a statement. */
  async plan(node: SyntaxNode, ctes: readonly Cte[]): Promise<Plan> {
    return (await nativePlan(node, ctes, this)) ?? this.statement(node, ctes);
  }

  /** A query in which no model is called, as a statement over the inputs that it and the WITH queries it reads refer to. */
  async statement(node: SyntaxNode, ctes: readonly Cte[]): Promise<Plan & { readonly kind: 'statement' }> {
    const whole = withCtes(node, ctes);
    const names = [...tableNames(whole)].filter(name => this.inputs.get(name) !== undefined);
    const [text] = await queryTexts(this.connection, [whole]);
    const inputs = names.map(name => this.inputs.get(name)!);
    return { kind: 'statement', text: text!, names, inputs, reads: findReads(whole) };
  }

  /** The names of a statement's columns as it gives them: some may come twice. */
  async rawNames(statement: Plan & { readonly kind: 'statement' }): Promise<readonly string[]> {
    const schemas: Schema[] = [];
    for (const input of statement.inputs) schemas.push(await this.schemaOf(input));
    return rawStatementNames(this.connection, statement.text, statement.names, schemas);
  }

  /** `row_number() OVER ()` */
  async rowNumber(): Promise<SyntaxNode> {
    const parsed = await parse(this.connection, 'SELECT row_number() OVER ()');
    if ('error' in parsed) throw new InframeError('INTERNAL', `row_number() cannot be read: ${parsed.error}`);
    return nodesIn(parsed.nodes[0]!, 'select_list')[0]!;
  }

  /** A table of one row, for what reads no table. */
  oneRow(): Plan {
    return ONE_ROW;
  }

  /** The plans of all inputs that a tree refers to. */
  inputPlans(node: SyntaxNode): readonly Plan[] {
    return [...tableNames(node)].flatMap(name => this.inputs.get(name) ?? []);
  }
}

const ONE_ROW: Plan = Object.freeze({
  kind: 'local',
  schema: new Schema([{ name: '__inframe_row', type: { kind: 'int32' } }]),
  rows: [[0]],
});

/** The query with those of the WITH queries around it that it reads, itself or through each other. */
function withCtes(node: SyntaxNode, ctes: readonly Cte[]): SyntaxNode {
  const used = new Set<Cte>();
  let names = tableNames(node);
  // From the last to the first: a query of WITH reads only those before it.
  for (const cte of [...ctes].reverse()) {
    if (!names.has(cte.key.toLowerCase()) || [...used].some(({ key }) => key.toLowerCase() === cte.key.toLowerCase()))
      continue;
    used.add(cte);
    names = new Set([...names, ...tableNames(cte.value.query.node)]);
  }
  if (used.size === 0) return node;
  const copy = copyOf(node);
  const own = new Set(cteEntries(node).map(({ key }) => key.toLowerCase()));
  const outer = ctes.filter(cte => used.has(cte) && !own.has(cte.key.toLowerCase()));
  copy['cte_map'] = { map: [...outer.map(copyOf), ...cteEntries(copy)] };
  return copy;
}

/** Every table a tree refers to by name; in lower case too. */
function tableNames(node: SyntaxNode): ReadonlySet<string> {
  const names = new Set<string>();
  walk(node, part => {
    if (part.type === 'BASE_TABLE') {
      const name = String(part['table_name']);
      names.add(name);
      names.add(name.toLowerCase());
    }
    return true;
  });
  return names;
}
