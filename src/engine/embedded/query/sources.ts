import { basename } from 'node:path';
import { tableNotFound } from '../../../frame/analysis/named.js';
import { HIDDEN, InframeError } from '../../../frame/errors.js';
import type { Names } from '../../../frame/names.js';
import type { Plan, ReadFormat } from '../../../frame/plan.js';
import { type FileReader, filesPlan } from '../../../frame/read-files.js';
import { readFormatOf } from '../../../frame/reader.js';
import { nearestSource } from './nearest-source.js';
import { cteEntries } from './places.js';
import { functionName, isNode, isQuery, nodeIn, nodesIn, type SyntaxNode } from './syntax.js';

/** Readers of files that are scans of ours when they are given nothing but paths. */
const READERS: Readonly<Record<string, ReadFormat>> = {
  read_parquet: 'parquet',
  parquet_scan: 'parquet',
  read_csv: 'csv',
  read_csv_auto: 'csv',
  read_ndjson: 'jsonl',
  read_arrow: 'arrow',
};

/** Readers of files as rows, which DuckDB does not have: their options are ours. */
const FILE_READERS: Readonly<Record<string, FileReader>> = {
  read_images: 'images',
  read_audio: 'audio',
  read_binary_files: 'binaryFiles',
  read_text_files: 'text',
};

/** What a statement reads: views and tables of the session, and files, each as a plan under a name of its own. */
export class Inputs {
  readonly #plans = new Map<string, Plan>();
  readonly #byKey = new Map<string, string>();
  readonly #prefix: string;
  #next = 1;

  /** @param statement as JSON: no name is one that stands in it (T1 in statement.ts) */
  constructor(statement: string) {
    let prefix = HIDDEN;
    while (statement.includes(prefix)) prefix += 'x_';
    this.#prefix = prefix;
  }

  /** A name that nothing else in the statement has. */
  fresh(what: string): string {
    return `${this.#prefix}${what}_${this.#next++}`;
  }

  /** Gives a plan a name; the same key has the same name. */
  add(plan: Plan, what: string, key?: string): string {
    const known = key === undefined ? undefined : this.#byKey.get(key);
    if (known !== undefined) return known;
    const name = this.fresh(what);
    this.#plans.set(name, plan);
    if (key !== undefined) this.#byKey.set(key, name);
    return name;
  }

  get(name: string): Plan | undefined {
    return this.#plans.get(name);
  }

  get size(): number {
    return this.#plans.size;
  }
}

/**
 * Replaces every view, table and file in a statement by an input. Names of WITH go before views of the same name.
 *
 * @throws InframeError TABLE_NOT_FOUND
 */
export function bindSources(root: SyntaxNode, names: Names, inputs: Inputs): void {
  visit(root, new Set(), names, inputs);
}

function visit(value: unknown, ctes: ReadonlySet<string>, names: Names, inputs: Inputs): void {
  if (Array.isArray(value)) {
    for (const part of value) visit(part, ctes, names, inputs);
    return;
  }
  if (!isNode(value)) return;
  if (isQuery(value)) {
    let inner = ctes;
    for (const { key, value: cte } of cteEntries(value)) {
      const { node } = cte.query;
      const own = new Set([...inner, key.toLowerCase()]);
      visit(node, node.type === 'RECURSIVE_CTE_NODE' ? own : inner, names, inputs);
      inner = own;
    }
    for (const [member, part] of Object.entries(value)) if (member !== 'cte_map') visit(part, inner, names, inputs);
    return;
  }
  if (value.type === 'BASE_TABLE') bindTable(value, ctes, names, inputs);
  if (value.type === 'TABLE_FUNCTION') bindTableFunction(value, ctes, names, inputs);
  for (const part of Object.values(value)) visit(part, ctes, names, inputs);
}

function bindTable(node: SyntaxNode, ctes: ReadonlySet<string>, names: Names, inputs: Inputs): void {
  const name = String(node['table_name']);
  if (node['schema_name'] !== '' || node['catalog_name'] !== '' || ctes.has(name.toLowerCase())) return;
  if (inputs.get(name) !== undefined) return;
  if (names.table(name) !== undefined) {
    refer(node, inputs.add({ kind: 'named', name }, wordOf(name), `view ${name.toLowerCase()}`), name);
    return;
  }
  const format = readFormatOf(name);
  if (format === undefined) throw tableNotFound(name, names.tableNames);
  const scan: Plan = { kind: 'scan', format, paths: [name], csv: {} };
  refer(node, inputs.add(scan, 'file', `file ${name}`), basename(name).replace(/\..*$/, ''));
}

function bindTableFunction(node: SyntaxNode, ctes: ReadonlySet<string>, names: Names, inputs: Inputs): void {
  const search = nearestSource(node, ctes, names);
  if (search === undefined) bindReader(node, inputs);
  else refer(node, inputs.add(search, 'nearest'), 'nearest');
}

/** A reader that is given paths alone, as constants. Others stay as they are: their options are DuckDB's business. */
function bindReader(node: SyntaxNode, inputs: Inputs): void {
  const call = nodeIn(node, 'function');
  const name = call === undefined ? undefined : functionName(call);
  const format = name === undefined || !Object.hasOwn(READERS, name) ? undefined : READERS[name];
  const args = call === undefined ? [] : nodesIn(call, 'children');
  if (name !== undefined && Object.hasOwn(FILE_READERS, name)) {
    bindFileReader(node, name, args, inputs);
    return;
  }
  if (format === undefined || args.length !== 1 || args[0]!.alias || node['with_ordinality'] === 'WITH_ORDINALITY')
    return;
  const paths = constantTexts(args[0]!);
  if (paths === undefined) return;
  const scan: Plan = { kind: 'scan', format, paths, csv: {} };
  refer(node, inputs.add(scan, 'file', `${format} ${JSON.stringify(paths)}`), name!);
}

/** `read_images('photos/*.jpg', properties := true)` @throws InframeError STATEMENT_INVALID, ARGUMENT_INVALID */
function bindFileReader(node: SyntaxNode, name: string, args: readonly SyntaxNode[], inputs: Inputs): void {
  const called = `${name}()`;
  const [first, ...rest] = args;
  const paths = first === undefined || first.alias ? undefined : constantTexts(first);
  if (paths === undefined) {
    throw new InframeError(
      'STATEMENT_INVALID',
      `${called} takes a path, or a list of paths, as constants; write ${name}('folder/*.ext') or ${name}(['a', 'b'])`,
    );
  }
  if (node['with_ordinality'] === 'WITH_ORDINALITY') {
    throw new InframeError('STATEMENT_UNSUPPORTED', `WITH ORDINALITY is not possible with ${called}; use row_number()`);
  }
  const options = Object.fromEntries(rest.map(arg => [inCode(optionName(arg, called)), constantOf(arg, called)]));
  const plan = filesPlan(FILE_READERS[name]!, paths, options, called, inSql);
  refer(node, inputs.add(plan, 'file', `${name} ${JSON.stringify([paths, options])}`), name);
}

/** `on_unreadable := 'drop'` is an option of that name; `=` is taken for it too, as DuckDB's readers take it. */
function optionName(arg: SyntaxNode, called: string): string {
  const left = arg.class === 'COMPARISON' && arg.type === 'COMPARE_EQUAL' ? nodeIn(arg, 'left') : undefined;
  const names: unknown = left?.['column_names'];
  const name = arg.alias || (Array.isArray(names) && names.length === 1 ? String(names[0]) : '');
  if (name !== '') return name.toLowerCase();
  throw new InframeError(
    'STATEMENT_INVALID',
    `${called} takes one path or list of paths; options have names: properties := true`,
  );
}

function constantOf(arg: SyntaxNode, called: string): unknown {
  const value = arg.alias ? arg : (nodeIn(arg, 'right') ?? arg);
  const inner = value.class === 'CAST' ? (nodeIn(value, 'child') ?? value) : value;
  const constant = nodeIn(inner, 'value');
  const held: unknown = constant?.['value'];
  const kind: unknown = nodeIn(constant ?? {}, 'type')?.['id'];
  if (inner.class === 'CONSTANT' && constant?.['is_null'] !== true) {
    if (value.class === 'CAST' && typeof held === 'string') return held === 't' || held.toLowerCase() === 'true';
    if (kind === 'BOOLEAN' || kind === 'VARCHAR' || typeof held === 'number') return held;
  }
  throw new InframeError('STATEMENT_INVALID', `options of ${called} are constants; write properties := true`);
}

function inCode(option: string): string {
  return option.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function inSql(option: string): string {
  return option.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
}

/** A text or a list of texts, written as constants. */
export function constantTexts(node: SyntaxNode): readonly string[] | undefined {
  if (node.class === 'CONSTANT') {
    const value = nodeIn(node, 'value');
    return nodeIn(value ?? {}, 'type')?.['id'] === 'VARCHAR' && typeof value?.['value'] === 'string'
      ? [value['value']]
      : undefined;
  }
  if (functionName(node) !== 'list_value') return undefined;
  const texts = nodesIn(node, 'children').map(constantTexts);
  return texts.every(text => text?.length === 1) && texts.length > 0 ? texts.map(text => text![0]!) : undefined;
}

/** A name as part of another. */
function wordOf(name: string): string {
  return name.replace(/\W+/g, '_').toLowerCase();
}

/** Turns a table reference into one to an input, in place; it keeps the name it goes by. */
function refer(node: SyntaxNode, input: string, alias: string): void {
  const { sample = null, query_location = 0, column_name_alias = [] } = node;
  const own = node.alias ? node.alias : alias;
  for (const member of Object.keys(node)) delete node[member];
  Object.assign(node, tableRef(input, own), { sample, query_location, column_name_alias });
}

/** A reference to a table by name. */
export function tableRef(name: string, alias: string): SyntaxNode {
  return {
    type: 'BASE_TABLE',
    alias,
    sample: null,
    query_location: 0,
    schema_name: '',
    table_name: name,
    column_name_alias: [],
    catalog_name: '',
    at_clause: null,
  };
}
