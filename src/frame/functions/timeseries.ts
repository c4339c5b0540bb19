import { InframeError, listNames, shown } from '../errors.js';
import type { Column, SortColumn } from '../expr.js';
import { call, col, fn, lit, when } from '../functions.js';
import { Window } from '../window.js';

/** Which rows make a window. */
export interface TimeseriesOptions {
  /** Rows of one series: names or expressions. One series where nothing is said. */
  readonly partitionBy?: string | Column | readonly (string | Column)[];
  /** The order of a series' rows. */
  readonly orderBy: string | Column | SortColumn | readonly (string | Column | SortColumn)[];
  /** Rows in a window: the row itself and those before it. */
  readonly length: number;
  /** Of several columns: `[length, columns]` (`'time-first'`, the default) or `[columns, length]`. */
  readonly layout?: 'time-first' | 'series-first';
  /** Windows of each row, or of every so many of a series, from its first whole one on; the rows between have null. */
  readonly stride?: number;
  /** What a row has that has fewer rows before it: null (the default), or a window filled up with the first row's values. */
  readonly incomplete?: 'null' | 'pad';
}

const OPTIONS = ['partitionBy', 'orderBy', 'length', 'stride', 'layout', 'incomplete'];
const LAYOUTS = ['time-first', 'series-first'];
const INCOMPLETE = ['null', 'pad'];

/** Windows of more rows than this are more than a table of lists should hold. */
const MOST_ROWS = 65_536;

/**
 * The last rows of a series as a list, for each row: what models over time take. Of one column a list of `length` values, of several lists in a
 * list.
 *
 * @throws InframeError ARGUMENT_INVALID
 * @example
 * const readings = timeseries(['temperature', 'pressure'], { partitionBy: 'sensor', orderBy: 'time', length: 32 });
 * sensors.withColumn('score', forecast(readings));                      // a result a row
 *
 * const hourly = timeseries('load', { partitionBy: 'meter', orderBy: 'time', length: 24, stride: 24 });
 * meters.withColumn('day', hourly).filter(col('day').isNotNull())        // a row a window
 */
export function timeseries(
  columns: string | Column | readonly (string | Column)[],
  options: TimeseriesOptions,
): Column {
  const values = (Array.isArray(columns) ? columns : [columns]) as readonly (string | Column)[];
  if (values.length === 0) throw wrong('columns', columns, 'name one or more');
  const { length, stride = 1, layout = 'time-first', incomplete = 'null' } = checked(options);
  const series = seriesOf(options);
  const window = series.rowsBetween(1 - length, 0);
  const list = (value: Column): Column => call('list', value).over(window);
  // Counted from the first row that has a whole window.
  const place = fn.rowNumber().over(series).sub(length).mod(stride);
  const filled = (lists: Column): Column => {
    const whole = complete(lists, length, incomplete);
    return stride === 1 ? whole : when(place.eq(0), whole).otherwise(lit(null));
  };
  const exprs = values.map(value => (typeof value === 'string' ? col(value) : value));
  if (exprs.length === 1) return filled(list(exprs[0]!));
  if (layout === 'time-first') return filled(list(fn.array(...exprs)));
  const all = exprs.map(expr => filled(list(expr)));
  // A row has all its series or none: they are of the same rows.
  return when(all[0]!.isNotNull(), fn.array(...all)).otherwise(lit(null));
}

/** Null, or filled up from the front, where there are fewer rows than a window has. */
function complete(lists: Column, length: number, incomplete: 'null' | 'pad'): Column {
  if (incomplete === 'null') return when(fn.size(lists).eq(length), lists).otherwise(lit(null));
  // As often as rows are missing: not at all where the window is whole.
  const times = lit(length).sub(fn.size(lists));
  return fn.arrayConcat(fn.arrayRepeat(fn.elementAt(lists, 1), times), lists);
}

/** The rows of a row's series, in their order. */
function seriesOf({ partitionBy = [], orderBy }: TimeseriesOptions): ReturnType<typeof Window.orderBy> {
  const keys = (Array.isArray(partitionBy) ? partitionBy : [partitionBy]) as readonly (string | Column)[];
  const order = (Array.isArray(orderBy) ? orderBy : [orderBy]) as readonly (string | Column | SortColumn)[];
  const ordered = Window.orderBy(...order);
  return keys.length === 0 ? ordered : ordered.partitionBy(...keys);
}

function checked(options: TimeseriesOptions): TimeseriesOptions {
  if (typeof options !== 'object' || options === null) throw wrong('options', options, 'give { orderBy, length }');
  const unknown = Object.keys(options).find(name => !OPTIONS.includes(name));
  if (unknown !== undefined) throw wrong('option', unknown, `there are: ${listNames(OPTIONS)}`);
  const { length, stride, layout, incomplete, orderBy } = options;
  if (!Number.isSafeInteger(length) || length < 1 || length > MOST_ROWS) {
    throw wrong('length', length, `give a whole number of rows from 1 to ${MOST_ROWS}`);
  }
  if (stride !== undefined && (!Number.isSafeInteger(stride) || stride < 1)) {
    throw wrong('stride', stride, 'give a whole number of rows from 1');
  }
  if (orderBy === undefined || (Array.isArray(orderBy) && orderBy.length === 0)) {
    throw wrong('orderBy', orderBy, 'say in which order the rows of a series come');
  }
  if (layout !== undefined && !LAYOUTS.includes(layout))
    throw wrong('layout', layout, `there are: ${listNames(LAYOUTS)}`);
  if (incomplete !== undefined && !INCOMPLETE.includes(incomplete)) {
    throw wrong('incomplete', incomplete, `there are: ${listNames(INCOMPLETE)}`);
  }
  return options;
}

function wrong(what: string, value: unknown, remedy: string): InframeError {
  return new InframeError('ARGUMENT_INVALID', `${what} ${shown(value)} of timeseries() is not possible; ${remedy}`);
}
