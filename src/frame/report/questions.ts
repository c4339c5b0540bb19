import type { DataFrame } from '../dataframe.js';
import { HIDDEN } from '../errors.js';
import { Column, type Expr } from '../expr.js';
import { call, col, fn, lit, when } from '../functions.js';
import type { ModelReference } from '../model.js';
import { type DataType, type Field, isNumeric } from '../types.js';
import { Window } from '../window.js';
import type { Bins } from './bins.js';
import type { Measure } from './data.js';
import type { ColumnRole, Prediction } from './roles.js';
import { embeddingLength, HEAD_BYTES } from './shapes.js';

/*
 * What a report asks of a table, as frames made of ordinary verbs: the engine counts, and what comes back is small.
 */

const FLOAT64: DataType = Object.freeze({ kind: 'float64' });
const STRING: DataType = Object.freeze({ kind: 'string' });
const INT32: DataType = Object.freeze({ kind: 'int32' });

/** The place of a row in the table, from 1. */
export const ROW = `${HIDDEN}row`;

const MOST = { label: 120, text: 600, cell: 240, labels: 5, boxes: 30, entities: 60 } as const;
export const MOST_LABELS = 20;

/** The table with the places of its rows. Only of tables whose rows are in an order that stays. */
export function numbered(table: DataFrame): DataFrame {
  const call: Expr = { kind: 'call', name: 'row_number', args: [], distinct: false };
  // Not `fn.rowNumber()`, which wants an order: this is the order of the table, and keeps nothing in memory.
  const place = new Column({ kind: 'window', call, partitionBy: [], orderBy: [], frame: undefined });
  return table.withColumns({ [ROW]: place });
}

/** One row with one struct: how many `rows` there are, and facts of each column, `present0`, `low0` and so on. */
export function profile(table: DataFrame, fields: readonly Field[]): DataFrame {
  const facts = fields.flatMap((field, at) => profileOf(field, String(at)));
  // As one value: every column of an aggregation is checked by itself, which takes longer than counting.
  return table.agg(fn.namedStruct(Object.fromEntries([['rows', fn.count()], ...facts])).as('profile'));
}

function profileOf({ name, type }: Field, at: string): readonly (readonly [name: string, fact: Column])[] {
  const value = col(name);
  // Not `countIf(isNull)`: engines count values without reading them, which tells with columns of pictures.
  const present = [`present${at}`, fn.count(value)] as const;
  const measured = isNumeric(type)
    ? value.cast(FLOAT64)
    : embeddingLength(type) === undefined
      ? undefined
      : norm(value);
  if (measured !== undefined) {
    const counted = finite(measured);
    return [
      present,
      [`low${at}`, fn.min(measured).filterWhere(counted)],
      [`high${at}`, fn.max(measured).filterWhere(counted)],
      [`mean${at}`, fn.avg(measured).filterWhere(counted)],
      [`finite${at}`, fn.countIf(counted)],
    ];
  }
  if (type.kind !== 'string') return [present];
  return [present, [`distinct${at}`, fn.approxCountDistinct(value)], [`length${at}`, fn.avg(call('length', value))]];
}

/** False for null, too. */
function finite(value: Column): Column {
  return call('coalesce', call('isfinite', value), false);
}

/** The Euclidean length of a list of numbers; what is null in it counts as 0. */
function norm(list: Column): Column {
  const squares = fn.transform(list, x => call('coalesce', x.cast(FLOAT64).mul(x.cast(FLOAT64)), 0));
  return call('sqrt', call('coalesce', call('list_sum', squares), 0)).cast(FLOAT64);
}

/** The first bytes of the values in the first rows; a column of pictures is not read as a whole for them. */
export function heads(table: DataFrame, column: string, rows: number): DataFrame {
  return headsOf(table.select(column).limit(rows), column);
}

/** The first bytes of the first values, wherever they are. */
export function laterHeads(table: DataFrame, column: string, values: number): DataFrame {
  return headsOf(table.select(column).filter(col(column).isNotNull()).limit(values), column);
}

function headsOf(table: DataFrame, column: string): DataFrame {
  const head = call('array_slice', col(column), 1, HEAD_BYTES).as('head');
  return table.select(head).filter(col('head').isNotNull());
}

/** Rows a bin, and their bin from 0; a null bin holds the values that are in none. */
export function histogram(table: DataFrame, value: Column, { low, high, count }: Bins): DataFrame {
  const number = value.cast(FLOAT64);
  const place = call(
    'floor',
    number
      .sub(low)
      .div(high - low)
      .mul(count),
  );
  const within = call('least', call('greatest', place, 0), count - 1).cast(INT32);
  return table
    .select(when(finite(number), within).as('bin'), when(finite(number), number).as('value'))
    .groupBy('bin')
    .agg(fn.count().as('rows'), fn.avg(col('value')).as('mean'));
}

/** Labels, how often each is there and its mean score, the most frequent first; those behind the first few as one row. */
export function labelCounts(table: DataFrame, label: Column, score: Column | undefined): DataFrame {
  const counted = table
    .select(short(label, MOST.label).as('label'), (score ?? lit(null)).cast(FLOAT64).as('score'))
    .filter(col('label').isNotNull())
    .groupBy('label')
    .agg(
      fn.count().as('rows'),
      fn
        .avg(col('score'))
        .filterWhere(finite(col('score')))
        .as('score'),
    );
  return counted
    .withColumns({ place: fn.rowNumber().over(Window.orderBy(col('rows').desc(), col('label'))) })
    .select(
      when(col('place').le(MOST_LABELS), col('label')).as('label'),
      when(col('place').le(MOST_LABELS), col('score')).as('score'),
      when(col('place').le(MOST_LABELS), col('place')).as('place'),
      'rows',
    )
    .groupBy('place', 'label')
    .agg(fn.sum(col('rows')).as('rows'), fn.max(col('score')).as('score'), fn.count().as('labels'))
    .orderBy('place');
}

/** One row for each element of a column of lists that is a struct. */
export function elements(table: DataFrame, column: string): DataFrame {
  return table.select(col(column).as('element')).explode('element');
}

/** The column that says of each row how certain it is, from the least. Undefined where nothing says it. */
export function certainty(prediction: Prediction, uncertainty: 'score' | 'margin'): CertaintyOf | undefined {
  const { column, score } = prediction;
  const { role } = column;
  const value = col(column.name);
  if (role.kind === 'classification' || role.kind === 'detection') {
    const best = (role.list ? value.at(0) : value).field(role.score).cast(FLOAT64);
    if (uncertainty === 'margin' && role.kind === 'classification' && role.list) {
      const second = value.at(1).field(role.score).cast(FLOAT64);
      return { measure: 'margin', value: best.sub(second) };
    }
    return { measure: 'score', value: best };
  }
  if (role.kind === 'label' && score !== undefined) {
    return { measure: 'score', value: col(score.name).cast(FLOAT64) };
  }
  if (role.kind === 'score') {
    return { measure: 'distance', value: call('abs', value.cast(FLOAT64).sub(0.5)).cast(FLOAT64) };
  }
  return undefined;
}

export interface CertaintyOf {
  readonly measure: Measure;
  readonly value: Column;
}

/** The places of the least certain rows. */
export function leastCertain(numberedTable: DataFrame, value: Column, rows: number): DataFrame {
  return numberedTable
    .select(col(ROW).as('row'), value.as('certainty'))
    .filter(finite(col('certainty')))
    .orderBy('certainty', 'row')
    .limit(rows);
}

/** The places of the first rows without a prediction. */
export function unpredicted(numberedTable: DataFrame, column: string, rows: number): DataFrame {
  return numberedTable
    .select(col(ROW).as('row'), col(column).isNull().as('missing'))
    .filter(col('missing'))
    .limit(rows);
}

/** Rows by their places, with everything cut to what a page can show. Columns are `value0`, `value1` and so on. */
export function rowsAt(
  numberedTable: DataFrame,
  places: readonly number[],
  columns: readonly ColumnRole[],
  thumbnail: ModelReference,
  sure: Column | undefined,
): DataFrame {
  const chosen = numberedTable
    .select(col(ROW), ...columns.map(({ name }) => col(name)), (sure ?? lit(null)).cast(FLOAT64).as(CERTAINTY))
    .filter(col(ROW).isIn(...places));
  const shown = columns.flatMap((column, at) => cut(column, String(at), thumbnail));
  return chosen.select(col(ROW).as('row'), col(CERTAINTY).as('certainty'), ...shown);
}

const CERTAINTY = `${HIDDEN}certainty`;

function cut({ name, type, role }: ColumnRole, at: string, thumbnail: ModelReference): readonly Column[] {
  const value = col(name);
  const shown = (what: Column): readonly Column[] => [what.as(`value${at}`)];
  switch (role.kind) {
    case 'picture':
      return shown(new Column({ kind: 'model', model: thumbnail, args: { positional: [value.expr], named: {} } }));
    case 'bytes':
      return shown(call('octet_length', value));
    case 'classification': {
      const scored = (one: Column): Column =>
        fn.namedStruct({ label: short(one.field(role.label), MOST.label), score: one.field(role.score).cast(FLOAT64) });
      return shown(role.list ? fn.transform(first(value, MOST.labels), scored) : wrapped(value, scored(value)));
    }
    case 'detection': {
      const { box } = role;
      const boxed = (one: Column): Column => {
        const side = (member: string): Column => one.field(box.name).field(member).cast(FLOAT64);
        return fn.namedStruct({
          label: short(one.field(role.label), MOST.label),
          score: one.field(role.score).cast(FLOAT64),
          x: side(box.x),
          y: side(box.y),
          width: side(box.width),
          height: side(box.height),
        });
      };
      return shown(role.list ? fn.transform(first(value, MOST.boxes), boxed) : wrapped(value, boxed(value)));
    }
    case 'entities': {
      const span = (one: Column): Column =>
        fn.namedStruct({
          label: short(one.field(role.label), MOST.label),
          start: one.field(role.start).cast(FLOAT64),
          end: one.field(role.end).cast(FLOAT64),
          text: role.text === undefined ? lit(null) : short(one.field(role.text), MOST.cell),
        });
      return shown(fn.transform(first(value, MOST.entities), span));
    }
    case 'text':
      return [short(value, MOST.text).as(`value${at}`), call('length', value.cast(STRING)).as(`length${at}`)];
    case 'score':
    case 'number':
      if (type.kind === 'float32' || type.kind === 'float64') return shown(value.cast(FLOAT64));
      return shown(short(value, MOST.cell));
    default:
      return shown(short(value, MOST.cell));
  }
}

/** Null stays null: it is no prediction. */
function wrapped(value: Column, one: Column): Column {
  return when(value.isNotNull(), fn.array(one));
}

function first(list: Column, most: number): Column {
  return call('list_slice', list, 1, most);
}

/** A value as a text of so many characters at most; one more tells that there are more. */
function short(value: Column, most: number): Column {
  return call('left', value.cast(STRING), most + 1);
}
