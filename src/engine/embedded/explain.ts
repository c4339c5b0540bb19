import { describe, type Expr } from '../../frame/expr.js';
import { inputsOf, type Relation, stageResult } from '../../frame/relation.js';
import { formatBytes } from '../../frame/show.js';
import { typeName } from '../../frame/types.js';
import { cut, slicedInput } from './stages.js';

/** A plan as the stages it is carried out in, deepest first; each stage as the tree of its nodes. */
export function explainStages(relation: Relation): string {
  const lines: string[] = [];
  let number = 1;
  let rest = relation;
  for (let next = cut(rest); next !== undefined; next = cut(rest)) {
    const { stage } = next;
    const sliced = slicedInput(stage.input);
    const models = stage.calls.map(({ call }) => `${call.descriptor.kind} ${call.modelName}`).join(', ');
    const how =
      sliced === undefined
        ? 'its input is made whole by DuckDB first, because it is not read row by row'
        : 'every task reads its own rows of the files';
    lines.push(`Stage ${number}: ${models}, in worker threads; ${how}`);
    lines.push(...tree(stage.output, 1));
    lines.push(`  result: ${stage.output.schema.fields.map(f => `${f.name} ${typeName(f.type)}`).join(', ')}`);
    if (next.rest === undefined) return lines.join('\n');
    rest = next.rest(stageResult(stage.output.schema, [], `stage ${number}`));
    number += 1;
  }
  lines.push(`Stage ${number}: DuckDB`, ...tree(rest, 1));
  return lines.join('\n');
}

function tree(relation: Relation, depth: number): readonly string[] {
  const line = `${'  '.repeat(depth)}${title(relation)}`;
  return [line, ...inputsOf(relation).flatMap(input => tree(input, depth + 1))];
}

function title(relation: Relation): string {
  switch (relation.kind) {
    case 'scan': {
      if (relation.identity !== undefined) return `result of ${relation.identity}`;
      const bytes = relation.files.reduce((total, file) => total + file.bytes, 0);
      const files = relation.files.length === 1 ? relation.files[0]!.path : `${relation.files.length} files`;
      return `read ${relation.format} ${files} (${formatBytes(bytes)}): ${relation.schema.names.join(', ')}`;
    }
    case 'project':
      return `project ${relation.columns.map(({ name, expr }) => named(name, expr)).join(', ')}`;
    case 'filter':
      return `filter ${describe(relation.predicate)}`;
    case 'limit':
      return `limit ${relation.count}${relation.offset > 0 ? ` offset ${relation.offset}` : ''}`;
    case 'sample':
      return `sample ${relation.from} to ${relation.to} with seed ${relation.seed}`;
    case 'local':
      return `${relation.rows.length} rows in memory: ${relation.schema.names.join(', ')}`;
    case 'window':
      return `window ${relation.columns.map(({ name, expr }) => named(name, expr)).join(', ')}`;
    case 'distinct':
      return 'distinct';
    case 'explode':
      return `explode ${relation.column}`;
    case 'cache':
      return `cache${relation.store.result === undefined ? '' : ' (computed)'}`;
    case 'join':
      return `${relation.how} join${relation.condition === undefined ? '' : ` on ${describe(relation.condition)}`}`;
    case 'setOperation':
      return `${relation.operation}${relation.all ? ' all' : ''}`;
    case 'query':
      return `SQL ${relation.text}`;
    case 'sort':
      return `sort by ${relation.keys.map(key => `${describe(key.expr)}${key.descending ? ' descending' : ''}`).join(', ')}`;
    case 'aggregate':
      return `aggregate ${relation.aggregates.map(({ name, expr }) => named(name, expr)).join(', ')} by ${relation.keys.map(({ name }) => name).join(', ') || 'nothing'}`;
    case 'score':
      return relation.calls
        .map(({ column, call }) => `score ${column} = ${call.modelName}(${call.args.map(describe).join(', ')})`)
        .join('; ');
  }
}

function named(name: string, expr: Expr): string {
  const text = describe(expr);
  return text === name ? name : `${name} = ${text}`;
}
