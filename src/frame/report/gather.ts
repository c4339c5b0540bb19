import type { DataFrame } from '../dataframe.js';
import type { Row, RunOptions } from '../engine.js';
import type { Column } from '../expr.js';
import { col } from '../functions.js';
import type { ModelReference } from '../model.js';
import type { Schema } from '../schema.js';
import { type DataType, type Field, isInteger, typeName } from '../types.js';
import { binsOf } from './bins.js';
import { chooseRows, shares } from './choose-rows.js';
import type { Histogram, LabelCounts, ReportData, RowGroup, RunSummary } from './data.js';
import { formatNumber } from './numbers.js';
import type { ReportSettings } from './options.js';
import * as ask from './questions.js';
import {
  assignRoles,
  type ColumnFacts,
  type ColumnRole,
  choosePrediction,
  givenParts,
  type Prediction,
} from './roles.js';
import { embeddingLength, pictureFormat } from './shapes.js';
import { rowView, shownColumns } from './views.js';

/** More columns than these are not looked at, but for those that were given a part. */
const MOST_COLUMNS = 100;
const MOST_HISTOGRAMS = 12;
const MOST_LABEL_COLUMNS = 6;
const NAME_LENGTH = 120;
/** Values whose first bytes are looked at: most of them must be pictures. */
const HEADS = 8;

/** What a report needs beside the table. */
export interface Gathering {
  /** The table's rows must stay in their order, and cost little to read. */
  readonly table: DataFrame;
  readonly schema: Schema;
  readonly settings: ReportSettings;
  readonly made: Date;
  readonly run: RunSummary | undefined;
  readonly thumbnail: ModelReference;
  readonly options: RunOptions;
}

/** Asks a table for all that a page shows. */
export async function gather(gathering: Gathering): Promise<ReportData> {
  const { table, schema, settings, made, run, options } = gathering;
  const parts = givenParts(schema, settings.columns);
  const fields = schema.fields.filter(({ name }, at) => at < MOST_COLUMNS || parts.has(name));
  const [answer] = await ask.profile(table, fields).collect<{ readonly profile: Row }>(options);
  const { profile } = answer!;
  const rows = Number(profile['rows']);
  const facts = await Promise.all(fields.map((field, at) => factsOf(gathering, field, profile, String(at))));
  const columns = assignRoles(fields, facts, parts);
  const prediction = choosePrediction(columns, parts);
  const sure = prediction && ask.certainty(prediction, settings.uncertainty);
  const histograms = await histogramsOf(gathering, columns, prediction);
  const labels = await labelsOf(gathering, columns, prediction);
  return {
    title: settings.title,
    made,
    rows,
    columns: columns.map(column => ({
      name: cutName(column.name),
      type: cutName(typeName(column.type)),
      role: column.role.kind,
      nulls: column.facts.nulls,
      note: noteOf(column),
    })),
    moreColumns: schema.length - fields.length,
    run,
    prediction: prediction && {
      column: cutName(prediction.column.name),
      kind: kindOf(prediction.column),
      missing: prediction.column.facts.nulls,
      measure: sure?.measure,
    },
    histograms,
    labels,
    groups: await groupsOf(gathering, rows, columns, prediction, sure?.value),
  };
}

function cutName(name: string): string {
  return name.length > NAME_LENGTH ? `${name.slice(0, NAME_LENGTH - 1)}…` : name;
}

async function factsOf(gathering: Gathering, { name, type }: Field, profile: Row, at: string): Promise<ColumnFacts> {
  const number = (what: string): number | undefined => {
    const value = profile[`${what}${at}`];
    return value === null || value === undefined ? undefined : Number(value);
  };
  const [low, high, mean] = [number('low'), number('high'), number('mean')];
  const present = number('present')!;
  const formats = type.kind === 'binary' && present > 0 ? await formatsOf(gathering, name) : [];
  const pictures = formats.filter(format => format !== undefined);
  return {
    nulls: Number(profile['rows']) - present,
    range: low === undefined || high === undefined ? undefined : { low, high, mean: mean ?? Number.NaN },
    outside: Number(profile['rows']) - (number('finite') ?? 0),
    distinct: number('distinct'),
    meanLength: number('length'),
    pictures: pictures.length * 2 >= formats.length ? [...new Set(pictures)] : [],
  };
}

/** The formats of the first values of a column of bytes; undefined for what is no picture. */
async function formatsOf({ table, options }: Gathering, column: string): Promise<readonly (string | undefined)[]> {
  const first = await ask.heads(table, column, HEADS).collect<Row>(options);
  const found = first.length > 0 ? first : await ask.laterHeads(table, column, HEADS).collect<Row>(options);
  return found.map(row => pictureFormat(row['head'] as Uint8Array));
}

function noteOf({ type, role, facts }: ColumnRole): string {
  const { range, distinct, meanLength, pictures } = facts;
  const between =
    range && `${formatNumber(range.low)} to ${formatNumber(range.high)}, mean ${formatNumber(range.mean)}`;
  if (role.kind === 'picture') return pictures.join(', ');
  if (role.kind === 'embedding') {
    const length = embeddingLength(type);
    const size = typeof length === 'number' ? `${formatNumber(length)} numbers` : 'numbers';
    return between === undefined ? size : `${size}, length as a vector ${between}`;
  }
  if (between !== undefined) return between;
  if (distinct === undefined || meanLength === undefined) return '';
  return `about ${formatNumber(distinct)} different, ${formatNumber(Math.round(meanLength))} characters on average`;
}

function kindOf({ role }: ColumnRole): NonNullable<ReportData['prediction']>['kind'] {
  switch (role.kind) {
    case 'classification':
    case 'detection':
    case 'entities':
    case 'score':
    case 'embedding':
      return role.kind;
    default:
      return 'label';
  }
}

/** Numbers that name rows: how they are spread says nothing. */
function isIdentifier(name: string, type: DataType): boolean {
  return isInteger(type) && /^(id|row|index|key)$|_(id|key)$|[a-z]Id$/i.test(name);
}

async function histogramsOf(
  { table, options }: Gathering,
  columns: readonly ColumnRole[],
  prediction: Prediction | undefined,
): Promise<readonly Histogram[]> {
  const result: Histogram[] = [];
  const add = async (
    column: ColumnRole,
    value: Column,
    of: string | undefined,
    range: ColumnFacts['range'],
    kind: 'score' | 'whole' | 'real',
  ) => {
    const bins = range && binsOf(range.low, range.high, kind);
    if (bins === undefined) return;
    const counts = Array.from({ length: bins.count }, () => 0);
    let outside = 0;
    let sum = 0;
    for (const row of await ask.histogram(table, value, bins).collect<Row>(options)) {
      const counted = Number(row['rows']);
      if (row['bin'] === null) outside += counted;
      else {
        counts[Number(row['bin'])]! += counted;
        sum += counted * Number(row['mean']);
      }
    }
    const inside = counts.reduce((all, count) => all + count, 0);
    const mean = inside === 0 ? undefined : sum / inside;
    const { low, high, whole } = bins;
    result.push({ column: cutName(column.name), of, low, high, whole, counts, outside, mean });
  };
  const column = prediction?.column;
  if (column?.role.kind === 'classification' || column?.role.kind === 'detection') {
    const { list, score } = column.role;
    const best = (list ? col(column.name).at(0) : col(column.name)).field(score);
    await add(column, best, list ? 'best score' : 'score', { low: 0, high: 1, mean: Number.NaN }, 'score');
  }
  const numbers = columns.filter(
    ({ role, type, name }) => role.kind === 'score' || (role.kind === 'number' && !isIdentifier(name, type)),
  );
  // What says how sure a prediction is comes first.
  const first = numbers.filter(each => each === prediction?.score || each === prediction?.column);
  for (const each of [...first, ...numbers.filter(number => !first.includes(number))].slice(0, MOST_HISTOGRAMS)) {
    const kind = each.role.kind === 'score' ? 'score' : isInteger(each.type) ? 'whole' : 'real';
    await add(each, col(each.name), undefined, each.facts.range, kind);
  }
  return result;
}

async function labelsOf(
  { table, options }: Gathering,
  columns: readonly ColumnRole[],
  prediction: Prediction | undefined,
): Promise<readonly LabelCounts[]> {
  const counted = columns.filter(({ role }) =>
    ['classification', 'detection', 'entities', 'label'].includes(role.kind),
  );
  const mine = counted.filter(column => column === prediction?.column);
  const result: LabelCounts[] = [];
  for (const column of [...mine, ...counted.filter(each => !mine.includes(each))].slice(0, MOST_LABEL_COLUMNS)) {
    const predicted = column === prediction?.column;
    const { frame, label, score, unit } = labelQuestion(table, column, predicted ? prediction?.score : undefined);
    const found = await ask.labelCounts(frame, label, score).collect<Row>(options);
    const labels = found
      .filter(row => row['place'] !== null)
      .map(row => ({
        label: String(row['label']),
        count: Number(row['rows']),
        meanScore: row['score'] === null ? undefined : Number(row['score']),
      }));
    const rest = found.find(row => row['place'] === null);
    const others = { labels: Number(rest?.['labels'] ?? 0), count: Number(rest?.['rows'] ?? 0) };
    const total = labels.reduce((sum, { count }) => sum + count, others.count);
    result.push({ column: cutName(column.name), predicted, unit, labels, others, total });
  }
  return result;
}

interface LabelQuestion {
  readonly frame: DataFrame;
  readonly label: Column;
  readonly score: Column | undefined;
  readonly unit: LabelCounts['unit'];
}

/** Of what the labels are counted: the best of a row, or all that was found in it. */
function labelQuestion(table: DataFrame, { name, role }: ColumnRole, score: ColumnRole | undefined): LabelQuestion {
  const value = col(name);
  if (role.kind === 'classification') {
    const best = role.list ? value.at(0) : value;
    return { frame: table, label: best.field(role.label), score: best.field(role.score), unit: 'row' };
  }
  if (role.kind === 'detection') {
    const frame = role.list ? ask.elements(table, name) : table.select(value.as('element'));
    const one = col('element');
    return { frame, label: one.field(role.label), score: one.field(role.score), unit: 'object' };
  }
  if (role.kind === 'entities') {
    return {
      frame: ask.elements(table, name),
      label: col('element').field(role.label),
      score: undefined,
      unit: 'entity',
    };
  }
  return { frame: table, label: value, score: score && col(score.name), unit: 'row' };
}

async function groupsOf(
  { table, settings, thumbnail, options }: Gathering,
  total: number,
  columns: readonly ColumnRole[],
  prediction: Prediction | undefined,
  sure: Column | undefined,
): Promise<readonly RowGroup[]> {
  const most = Math.min(settings.rows, total);
  if (most === 0) return [];
  const numbered = ask.numbered(table);
  const placesOf = async (frame: DataFrame | undefined): Promise<readonly number[]> =>
    frame === undefined ? [] : (await frame.collect<Row>(options)).map(row => Number(row['row']));
  const least = await placesOf(sure && ask.leastCertain(numbered, sure, shares(most).least));
  const missing = await placesOf(
    prediction && prediction.column.facts.nulls > 0
      ? ask.unpredicted(numbered, prediction.column.name, shares(settings.rows).missing)
      : undefined,
  );
  const chosen = chooseRows(total, most, { least, missing });
  const shown = shownColumns(columns, prediction);
  const places = [...chosen.least, ...chosen.missing, ...chosen.sample];
  const found = await ask.rowsAt(numbered, places, shown, thumbnail, sure).collect<Row>(options);
  const views = new Map(found.map(row => [Number(row['row']), rowView(row, shown, prediction)]));
  return (['least', 'missing', 'sample'] as const)
    .map(kind => ({ kind, rows: chosen[kind].flatMap(place => views.get(place) ?? []) }))
    .filter(({ rows }) => rows.length > 0);
}
