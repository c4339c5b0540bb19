import { type Expr, type Named, some } from '../../../frame/expr.js';
import { conjuncts } from '../../../frame/optimizer/conjuncts.js';
import { isOneRow } from '../../../frame/optimizer/one-row.js';
import { evaluatesVolatile } from '../../../frame/optimizer/volatile.js';
import { inputsOf, type NearestRelation, type Relation, type ScanRelation } from '../../../frame/relation.js';
import { formatBytes } from '../../../frame/show.js';
import { slicedInput } from '../stages.js';
import { bracket, line, list } from './layout.js';
import { isOurs, type PlanWords, say, sayCall, sayName, sayText, type Words } from './words.js';

/** A relation as lines, from the files to the result. */
export function linesOf(relation: Relation, words: PlanWords): readonly string[] {
  const blocks = inputsOf(relation).map((input, at) => [
    ...linesOf(input, words),
    ...(relation.kind === 'query' ? line('as', sayName(relation.names[at]!, new Map())) : []),
  ]);
  const own = ownLines(relation, words);
  return blocks.length > 1 || relation.kind === 'query' ? bracket(blocks, own) : [...blocks.flat(), ...own];
}

/** What a node does itself. */
function ownLines(relation: Relation, words: PlanWords): readonly string[] {
  const below: Words = new Map(inputsOf(relation).flatMap(input => [...words.of(input)]));
  switch (relation.kind) {
    case 'scan':
      return line('read', readText(relation, words));
    case 'local':
      return line(
        'rows',
        relation.schema.names.every(isOurs)
          ? 'one, for constants'
          : `${relation.rows.length} in memory: ${names(relation, below)}`,
      );
    case 'project':
      return projectLines(relation, below);
    case 'filter':
      return line('filter', conditionText(relation.predicate, below));
    case 'limit':
      return line('limit', limitText(relation));
    case 'sample':
      return line('sample', `${relation.from} to ${relation.to} of the rows, with seed ${relation.seed}`);
    case 'sort':
      return line(
        'sort',
        `by ${relation.keys.map(({ expr, descending }) => `${say(expr, below)}${descending ? ' descending' : ''}`).join(', ')}`,
      );
    case 'aggregate': {
      const made = relation.aggregates.map(column => namedText(column, below)).join(', ');
      const keys = relation.keys.map(column => namedText(column, below)).join(', ');
      const by = keys === '' ? 'all rows' : `by ${keys}${relation.sets === undefined ? '' : ', in several sets'}`;
      return line('group', made === '' ? by : `${by}: ${made}`);
    }
    case 'window':
      return line('window', relation.columns.map(column => namedText(column, below)).join(', '));
    case 'distinct':
      return line('distinct', 'rows');
    case 'explode':
      return line(
        'explode',
        `${sayName(relation.column, below)}${relation.outer ? ', keeping rows without elements' : ''}`,
      );
    case 'cache':
      return line('cache', 'kept for all readers');
    case 'score':
      return [
        ...line('tasks', tasksText(relation.input)),
        ...relation.calls.flatMap(({ call }) => line('score', sayCall(call, below))),
      ];
    case 'join':
      return line('join', joinText(relation, below));
    case 'nearest':
      return line('nearest', nearestText(relation, below));
    case 'setOperation':
      return line(relation.operation, relation.all ? 'all' : 'of distinct rows');
    case 'query':
      return line('SQL', sayText(relation.text, below));
  }
}

function readText(scan: ScanRelation, words: PlanWords): string {
  const columns = names(scan, words.of(scan));
  const label = words.labelOf(scan);
  if (label !== undefined) return `${label}: ${columns}`;
  const bytes = formatBytes(scan.files.reduce((total, file) => total + file.bytes, 0));
  // Files of our own have no names that say anything.
  if (scan.identity !== undefined) return `rows stored before (${bytes}): ${columns}`;
  const [first] = scan.files;
  const count = scan.files.length;
  const files = count === 1 ? `${first!.path} (${bytes})` : `${count} files (${bytes}) from ${first?.path} on`;
  return `${scan.format} ${files}: ${columns}`;
}

function names(relation: Relation, words: Words): string {
  return list(relation.schema.names.map(name => sayName(name, words)));
}

/** Nothing for a projection that only leaves columns out. */
function projectLines(relation: Relation & { readonly kind: 'project' }, below: Words): readonly string[] {
  const isPassed = ({ name, expr }: Named): boolean => expr.kind === 'column' && (expr.name === name || isOurs(name));
  const made = relation.columns.filter(column => !isPassed(column));
  if (made.length === 0) return [];
  const passed = relation.columns.filter(isPassed);
  const all = relation.columns.length <= 12 ? relation.columns : made;
  const shown = all.map(column => namedText(column, below));
  if (all === made && passed.length > 0) shown.unshift(`${passed.length} columns as they are`);
  return line('project', shown.join(', '));
}

/** `name = what it is`, or the name alone where that says it. */
function namedText({ name, expr }: Named, below: Words): string {
  const text = say(expr, below);
  return isOurs(name) || text === name ? text : `${name} = ${text}`;
}

/** A condition, its parts joined by `and` without parentheses around them. */
export function conditionText(predicate: Expr, below: Words): string {
  const parts = conjuncts(predicate);
  return parts.map(part => say(part, below)).join(' and ');
}

/** `20`, or `20 after the first 5`. */
export function limitText({ count, offset }: { readonly count: number; readonly offset: number }): string {
  if (count === Number.MAX_SAFE_INTEGER) return `all after the first ${offset}`;
  return offset === 0 ? String(count) : `${count} after the first ${offset}`;
}

function joinText(relation: Relation & { readonly kind: 'join' }, below: Words): string {
  const { condition, how, inputs } = relation;
  if (condition === undefined) return isOneRow(inputs[1]) ? 'the one row to every row' : 'every row with every other';
  return `${how}, on ${conditionText(condition, below)}`;
}

function nearestText(relation: NearestRelation, below: Words): string {
  const { k, metric, vectors, outer } = relation;
  const [left, right] = vectors.map(name => sayName(name, below));
  return `${k} for each row, by ${metric} of ${left} and ${right}${outer ? ', keeping rows without any' : ''}`;
}

/** How the rows that a model runs on are divided. */
function tasksText(input: Relation): string {
  if (isOneRow(input)) return 'one, of one row';
  const sliced = slicedInput(input);
  if (sliced === undefined) return `cut from these rows, which DuckDB makes whole first: ${whyWhole(input)}`;
  const { scan, limit } = sliced;
  const rows =
    limit === undefined
      ? 'its own rows'
      : `its own of the ${limit.offset > 0 ? 'wanted' : `first ${limit.count}`} rows`;
  const place = scan.identity !== undefined ? '' : scan.files.length === 1 ? ' of the file' : ' of the files';
  return `each reads ${rows}${place}`;
}

const WHOLE: Partial<Record<Relation['kind'], string>> = {
  aggregate: 'they are groups',
  distinct: 'equal rows are looked for',
  explode: 'rows are made of elements',
  join: 'tables are joined',
  local: 'they are in memory',
  nearest: 'each row is compared with a whole table',
  query: 'SQL gives them',
  sample: 'they are drawn',
  setOperation: 'they come from several tables',
  sort: 'they are sorted',
  window: 'windows see all of them',
};

/** What keeps tasks from reading their own rows of the files; mirrors `slicedInput`. */
export function whyWhole(input: Relation): string {
  let limited = false;
  let node = input;
  while (node.kind !== 'scan') {
    if (evaluatesVolatile(node)) return 'read twice, they would not be the same';
    if (limited && node.kind === 'filter') return 'which rows are the first that pass the filter is not known before';
    const known = WHOLE[node.kind];
    if (known !== undefined || !('input' in node)) return known ?? 'they do not come row by row from files';
    if (limited && node.kind === 'limit') return 'of a limit, another is taken';
    limited ||= node.kind === 'limit';
    node = node.input;
  }
  return `${node.format} is not read in parts`;
}

/** True if an expression has a CASE in it, ours or in SQL text. */
export function holdsCase(expr: Expr): boolean {
  return some(
    expr,
    part => part.kind === 'case' || (part.kind === 'fragment' && part.parts.some(text => /\bcase\b/i.test(text))),
  );
}
