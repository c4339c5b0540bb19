import { InframeError, shown } from '../errors.js';
import type { Column } from '../expr.js';
import { sql } from '../functions.js';
import type { Plan } from '../plan.js';
import { notEmpty } from './arguments.js';
import { select } from './select.js';

/** `expression AS name`: the name is the last word, or stands in double quotes. */
const NAMED = /^(.*\S)\s+as\s+(?:"((?:[^"]|"")+)"|([A-Za-z_]\w*))\s*$/is;

/** Columns written in SQL: `'*'`, `'price / carat AS ratio'`. */
export function selectExpr(input: Plan, texts: readonly string[]): Plan {
  return select(input, notEmpty('selectExpr', texts).map(toColumn));
}

function toColumn(text: string): string | Column {
  if (typeof text !== 'string') {
    throw new InframeError('ARGUMENT_INVALID', `expression ${shown(text)} of selectExpr is not a text; give SQL`);
  }
  if (text.trim() === '*') return '*';
  const [, expression, quoted, plain] = NAMED.exec(text) ?? [];
  if (expression === undefined) return sql(text).as(text.trim());
  return sql(expression).as(plain ?? quoted!.replaceAll('""', '"'));
}
