import type { Engine } from '../../src/frame/engine.js';
import { InframeError } from '../../src/frame/errors.js';
import { children, type Expr } from '../../src/frame/expr.js';
import { noNames } from '../../src/frame/names.js';
import type { Schema } from '../../src/frame/schema.js';
import { Schema as TableSchema } from '../../src/frame/schema.js';
import type { AnySession } from '../../src/frame/session.js';
import type { DataType, Field } from '../../src/frame/types.js';

const COMPARISONS = [
  'eq',
  'ne',
  'lt',
  'le',
  'gt',
  'ge',
  'and',
  'or',
  'not',
  'isNull',
  'isNotNull',
  'in',
  'like',
  'between',
];
const AGGREGATES = ['sum', 'avg', 'min', 'max', 'count', 'count_star'];

/**
 * An engine that has tables but no rows: it knows what analysis may ask. SQL text has the type of the first
 * column it names.
 */
export function fakeSession(fields: readonly Field[]): AnySession & { readonly asked: readonly string[] } {
  const asked: string[] = [];
  const never = (): never => {
    throw new Error('analysis must not run anything');
  };
  const engine: Engine = {
    scan: async node => ({
      kind: 'scan',
      schema: new TableSchema(fields),
      format: node.format,
      files: node.paths.map(path => ({ path, bytes: 1, modified: 0 })),
      csv: node.csv,
      partitions: [],
      splittable: true,
      identity: undefined,
    }),
    typesOf: async (schema, exprs) => {
      asked.push('typesOf');
      if (exprs.some(isAggregate) && exprs.some(expr => expr.kind === 'column')) {
        throw new InframeError('EXPRESSION_INVALID', 'column must stand in GROUP BY');
      }
      return exprs.map(expr => typeOf(expr, schema));
    },
    parseExpression: async text => {
      const pieces = text.split(/\b([a-z_]\w*)\b(?!\s*\()/i);
      return {
        kind: 'fragment',
        parts: pieces.filter((_, index) => index % 2 === 0),
        operands: pieces.filter((_, index) => index % 2 === 1).map(name => ({ kind: 'column', name })),
      };
    },
    planQuery: never,
    statement: never,
    commonType: async types => types[0],
    materialize: never,
    store: never,
    loadModel: never,
    batches: never,
    rows: never,
    write: never,
    explain: never,
    get thumbnails() {
      return never();
    },
    openPage: never,
    close: async () => {},
  };
  return { engine, asked, names: async () => noNames, createView: never };
}

function isAggregate(expr: Expr): boolean {
  if (expr.kind === 'window') return false;
  return (expr.kind === 'call' && AGGREGATES.includes(expr.name)) || children(expr).some(isAggregate);
}

function typeOf(expr: Expr, schema: Schema): DataType {
  switch (expr.kind) {
    case 'column':
      return schema.type(expr.name);
    case 'fragment':
      return expr.operands.length === 0 ? { kind: 'float64' } : typeOf(expr.operands[0]!, schema);
    case 'modelCall':
      return expr.call.type;
    case 'cast':
      return expr.type;
    case 'literal':
      return { kind: expr.value === null ? 'null' : typeof expr.value === 'boolean' ? 'boolean' : 'float64' };
    case 'operator':
      return COMPARISONS.includes(expr.name) ? { kind: 'boolean' } : { kind: 'float64' };
    default:
      return { kind: 'float64' };
  }
}
