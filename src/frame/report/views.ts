import type { Row } from '../engine.js';
import { isNumeric } from '../types.js';
import type { BoxView, CellView, EntityView, PictureView, PredictionView, RowView, Scored, TextView } from './data.js';
import { formatNumber } from './numbers.js';
import type { ColumnRole, Prediction } from './roles.js';

/** What a page shows of a row besides its prediction: more columns than these are left out. */
export const MOST_CELLS = 12;
const MOST_PICTURES = 2;
const MOST_TEXTS = 2;
const REASON_LENGTH = 200;

/** The columns that are shown of each row, in the order of the table: what `rowsAt` is asked for. */
export function shownColumns(
  columns: readonly ColumnRole[],
  prediction: Prediction | undefined,
): readonly ColumnRole[] {
  const room = { picture: MOST_PICTURES, text: MOST_TEXTS, cell: MOST_CELLS };
  return columns.filter(column => {
    const { kind } = column.role;
    if (kind === 'embedding') return false;
    if (column === prediction?.column || column === prediction?.score || kind === 'entities') return true;
    const place = kind === 'picture' || kind === 'text' ? kind : 'cell';
    room[place] -= 1;
    return room[place] >= 0;
  });
}

/** A row that `rowsAt` gave, as the page shows it. */
export function rowView(row: Row, columns: readonly ColumnRole[], prediction: Prediction | undefined): RowView {
  const pictures: PictureView[] = [];
  const texts: TextView[] = [];
  const cells: CellView[] = [];
  const spans: EntityView[] = [];
  let title: string | undefined;
  let predicted: PredictionView | undefined;
  const scoreAt = prediction?.score === undefined ? -1 : columns.indexOf(prediction.score);
  const score = scoreAt < 0 ? undefined : numberOf(row[`value${scoreAt}`]);
  for (const [at, column] of columns.entries()) {
    const { name, role } = column;
    const value = row[`value${at}`];
    if (column === prediction?.column) predicted = predictionView(column, value, score);
    if (role.kind === 'picture') pictures.push(pictureView(name, value));
    else if (role.kind === 'text') texts.push(textView(name, value, row[`length${at}`]));
    else if (role.kind === 'entities') spans.push(...listOf(value).map(entityView));
    else if (role.kind === 'path' && title === undefined) title = textOf(value) ?? undefined;
    else if (column !== prediction?.column && at !== scoreAt)
      cells.push({ column: name, isNumber: isNumeric(column.type), value: cellText(column, value) });
  }
  return {
    row: Number(row['row']),
    title,
    pictures,
    prediction: predicted,
    certainty: numberOf(row['certainty']),
    // Spans are of the first text; where there is none they have nothing to stand in.
    texts: texts.map((text, at) => (at === 0 ? { ...text, entities: spans } : text)),
    cells,
  };
}

function predictionView(column: ColumnRole, value: unknown, score: number | undefined): PredictionView | undefined {
  if (value === null || value === undefined) return undefined;
  switch (column.role.kind) {
    case 'classification':
      return { labels: listOf(value).map(scored), boxes: [] };
    case 'detection':
      return { labels: [], boxes: listOf(value).map(boxView) };
    case 'entities':
      return { labels: [], boxes: [] };
    case 'score':
    case 'number':
      return { labels: [{ label: undefined, score: numberOf(value) }], boxes: [] };
    default:
      return { labels: [{ label: textOf(value) ?? undefined, score }], boxes: [] };
  }
}

function pictureView(column: string, value: unknown): PictureView {
  if (value === null || value === undefined) return { column, image: undefined, problem: 'no picture' };
  const { thumbnail, width, height, problem } = membersOf(value);
  if (!(thumbnail instanceof Uint8Array)) {
    return { column, image: undefined, problem: (textOf(problem) ?? 'it cannot be shown').slice(0, REASON_LENGTH) };
  }
  return { column, image: { bytes: thumbnail, width: Number(width), height: Number(height) }, problem: undefined };
}

function textView(column: string, value: unknown, length: unknown): TextView {
  return { column, text: textOf(value), length: Number(length ?? 0), entities: [] };
}

function scored(value: unknown): Scored {
  const { label, score } = membersOf(value);
  return { label: textOf(label) ?? undefined, score: numberOf(score) };
}

function boxView(value: unknown): BoxView {
  const { x, y, width, height } = membersOf(value);
  const [left, top, wide, high] = [x, y, width, height].map(side => numberOf(side) ?? 0);
  return { ...scored(value), x: left!, y: top!, width: wide!, height: high! };
}

function entityView(value: unknown): EntityView {
  const { label, start, end, text } = membersOf(value);
  return {
    label: textOf(label) ?? '',
    start: numberOf(start) ?? 0,
    end: numberOf(end) ?? 0,
    text: textOf(text) ?? undefined,
  };
}

function cellText({ role, type }: ColumnRole, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (role.kind === 'bytes') return `${formatNumber(Number(value))} bytes`;
  if (role.kind === 'classification' || role.kind === 'detection') {
    return listOf(value)
      .map(scored)
      .map(({ label, score }) => `${label ?? 'null'}${score === undefined ? '' : ` ${formatNumber(score)}`}`)
      .join(', ');
  }
  if ((type.kind === 'float32' || type.kind === 'float64') && typeof value === 'number') return formatNumber(value);
  return String(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.filter(element => element !== null && element !== undefined) : [];
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  // A struct as `collect()` gives it.
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

function numberOf(value: unknown): number | undefined {
  if (value === null || value === undefined) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}
