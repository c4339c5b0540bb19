import { InframeError, shown } from '../errors.js';
import type { Plan } from '../plan.js';
import type { Statistic } from '../plan-verbs.js';
import { nameList } from './arguments.js';

const DESCRIBED = ['count', 'mean', 'stddev', 'min', 'max'];
const SUMMARIZED = ['count', 'mean', 'stddev', 'min', '25%', '50%', '75%', 'max'];
const NAMED = ['count', 'count_distinct', 'mean', 'stddev', 'min', 'max'] as const;

/** Count, mean, standard deviation, minimum and maximum of some columns, or of all. */
export function describe(input: Plan, columns: readonly string[]): Plan {
  const named = columns.length === 0 ? undefined : nameList('describe', columns);
  return { kind: 'summary', input, statistics: DESCRIBED.map(toStatistic), columns: named };
}

/** Statistics of all columns. */
export function summary(input: Plan, statistics: readonly string[]): Plan {
  const wanted = statistics.length === 0 ? SUMMARIZED : statistics;
  return { kind: 'summary', input, statistics: wanted.map(toStatistic), columns: undefined };
}

function toStatistic(text: string): Statistic {
  const name = typeof text === 'string' ? text.trim().toLowerCase() : '';
  const named = NAMED.find(known => known === name);
  if (named !== undefined) return { kind: 'named', name: named };
  const percent = Number(/^(\d+(?:\.\d+)?)%$/.exec(name)?.[1] ?? Number.NaN);
  if (percent >= 0 && percent <= 100) return { kind: 'percentile', name, fraction: percent / 100 };
  throw new InframeError(
    'ARGUMENT_INVALID',
    `statistic ${shown(text)} is not known; there are: ${NAMED.join(', ')}, and any percentage such as '90%'`,
  );
}
