import { Column, type ColumnOrValue } from '../expr.js';
import {
  aggregated,
  callOf,
  type Like,
  labelled,
  type OnlyColumn,
  ofWindow,
  type Plain,
  typed,
  typedAggregate,
  whole,
} from './declare.js';

/*
 * Functions that have a value for each row only `.over(...)` a window. Counts are 64-bit integers.
 */

type Neighbour = [
  column: OnlyColumn<unknown>,
  offset?: Plain<number>,
  otherwise?: unknown,
  ignoreNulls?: Plain<boolean>,
];

type EndOfFrame = [column: OnlyColumn<unknown>, ignoreNulls?: Plain<boolean>];

export const windows = {
  /** `rowNumber()`: 1 for the first row of the partition, 2 for the next ... */
  rowNumber: ofWindow<bigint>('rowNumber', 'row_number'),

  /** `rank()`: 1 and the number of rows before; equal rows have equal ranks, and a gap follows. */
  rank: ofWindow<bigint>('rank', 'rank'),

  /** `denseRank()`: as `rank`, without gaps. */
  denseRank: ofWindow<bigint>('denseRank', 'dense_rank'),

  /** `percentRank()`: (rank - 1) / (rows - 1), from 0 to 1. */
  percentRank: ofWindow<number>('percentRank', 'percent_rank'),

  /** `cumeDist()`: the fraction of the rows up to this one and its equals. */
  cumeDist: ofWindow<number>('cumeDist', 'cume_dist'),

  /** `ntile(parts)`: which of so many parts of nearly equal size the row falls in, from 1. */
  ntile: typed<[parts: Plain<number>], bigint>(parts =>
    labelled('ntile', [parts], callOf('ntile', whole('ntile', 'number of parts', parts, 1))),
  ),

  /** `lag(column, offset = 1, otherwise = null, ignoreNulls = false)`: the value so many rows before, or another where there is none. */
  lag: typedAggregate<Neighbour, Like<'neighbour'>>((column, offset = 1, otherwise = null, ignoreNulls = false) =>
    neighbour('lag', column, offset, otherwise, ignoreNulls),
  ),

  /** `lead(column, offset = 1, otherwise = null, ignoreNulls = false)`: the value so many rows behind, or another where there is none. */
  lead: typedAggregate<Neighbour, Like<'neighbour'>>((column, offset = 1, otherwise = null, ignoreNulls = false) =>
    neighbour('lead', column, offset, otherwise, ignoreNulls),
  ),

  /** `firstValue(column, ignoreNulls = false)`: the value of the first row of the frame. */
  firstValue: typedAggregate<EndOfFrame, Like<'firstOrNull'>>((column, ignoreNulls = false) =>
    valueOfFrame('firstValue', 'first_value', [column], ignoreNulls),
  ),

  /** `lastValue(column, ignoreNulls = false)`: the value of the last row of the frame. */
  lastValue: typedAggregate<EndOfFrame, Like<'firstOrNull'>>((column, ignoreNulls = false) =>
    valueOfFrame('lastValue', 'last_value', [column], ignoreNulls),
  ),

  /** `nthValue(column, position, ignoreNulls = false)`: the value of a row of the frame, counted from 1; null where the frame is shorter. */
  nthValue: typedAggregate<
    [column: OnlyColumn<unknown>, position: Plain<number>, ignoreNulls?: Plain<boolean>],
    Like<'firstOrNull'>
  >((column, position, ignoreNulls = false) =>
    valueOfFrame('nthValue', 'nth_value', [column, whole('nthValue', 'position', position, 1)], ignoreNulls),
  ),
};

function neighbour(
  name: string,
  column: Column,
  offset: number,
  otherwise: ColumnOrValue,
  ignoreNulls: boolean,
): Column {
  const more = otherwise === null ? [] : [otherwise];
  return valueOfFrame(name, name, [aggregated(name, column), whole(name, 'offset', offset), ...more], ignoreNulls);
}

function valueOfFrame(
  name: string,
  engineName: string,
  args: readonly [Column, ...(readonly ColumnOrValue[])],
  ignoreNulls: boolean,
): Column {
  aggregated(name, args[0]);
  const { expr } = callOf(engineName, ...args);
  const call = ignoreNulls && expr.kind === 'call' ? ({ ...expr, ignoreNulls: true } as const) : expr;
  return labelled(name, args, new Column(call));
}
