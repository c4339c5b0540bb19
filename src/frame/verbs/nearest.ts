import { InframeError, listNames, shown } from '../errors.js';
import type { Plan } from '../plan.js';
import { METRICS, type Metric, type NearestNode } from '../plan-verbs.js';
import { columnName, wholeNumber } from './arguments.js';
import { notATable, suffixOf } from './join.js';

/** What is said of a search for near rows. */
export interface NearestOptions {
  /** Rows of the other table for each row, at most; up to 10 000. */
  readonly k: number;
  /** The column of vectors, or those of the two tables: `['embedding', 'vector']`. */
  readonly by: string | readonly [left: string, right: string];
  /** `'cosine'` where nothing is said. The greatest `cosine` or `dot`, or the least `l2`, is nearest. */
  readonly metric?: Metric;
  /** True if a row without any near one is kept, with nulls. */
  readonly outer?: boolean;
  /** Put behind the name of a column of the other table that this one has too: `'_right'`. */
  readonly suffix?: string;
  /** The name of the column for the place, from 1; `'rank'` where nothing is said. */
  readonly rank?: string;
  /** The name of the column for how near a row is; `'score'`, or `'distance'` for `l2`, where nothing is said. */
  readonly score?: string;
}

/** Above it, DuckDB's aggregates of the k greatest stop being quick. */
const MOST = 10_000;

const OPTIONS: readonly (keyof NearestOptions)[] = ['k', 'by', 'metric', 'outer', 'suffix', 'rank', 'score'];

/** For each row of a table the rows of another that are nearest. */
export function nearest(left: Plan, right: Plan | undefined, options: NearestOptions): NearestNode {
  if (right === undefined) throw notATable('nearest');
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `options ${shown(options)} of nearest are not an object; write nearest(other, { k: 5, by: 'embedding' })`,
    );
  }
  const unknown = Object.keys(options).find(name => !(OPTIONS as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `option '${unknown}' of nearest is not known; there are: ${listNames(OPTIONS)}`,
    );
  }
  const { metric = 'cosine', outer = false } = options;
  if (!METRICS.includes(metric)) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `metric ${shown(metric)} of nearest is not known; there are: ${listNames(METRICS)}`,
    );
  }
  if (typeof outer !== 'boolean') {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `outer ${shown(outer)} of nearest is not true or false; give one of them`,
    );
  }
  const rank = columnName('nearest', options.rank ?? 'rank');
  const score = columnName('nearest', options.score ?? (metric === 'l2' ? 'distance' : 'score'));
  if (rank.toLowerCase() === score.toLowerCase()) {
    throw new InframeError('ARGUMENT_INVALID', `column '${rank}' of nearest is named twice; name rank and score apart`);
  }
  return {
    kind: 'nearest',
    left,
    right,
    by: columnsOf(options.by),
    k: upTo(wholeNumber('k of nearest', options.k, 1)),
    metric,
    outer,
    suffix: suffixOf(options),
    rank,
    score,
  };
}

function upTo(k: number): number {
  if (k <= MOST) return k;
  throw new InframeError('ARGUMENT_INVALID', `k ${k} of nearest is too many; give a whole number from 1 to ${MOST}`);
}

function columnsOf(by: NearestOptions['by']): readonly [string, string] {
  if (typeof by === 'string') return [columnName('nearest', by), by];
  if (Array.isArray(by) && by.length === 2) return [columnName('nearest', by[0]), columnName('nearest', by[1])];
  throw new InframeError(
    'ARGUMENT_INVALID',
    `by ${shown(by)} of nearest is no column of vectors; give its name, or those of both tables: ['embedding', 'vector']`,
  );
}
