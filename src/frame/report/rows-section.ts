import { bar, shortened } from './charts.js';
import type { CellView, Measure, PredictionSummary, ReportData, RowGroup, RowView, Scored } from './data.js';
import { type Html, html, NOTHING } from './html.js';
import { formatNumber, formatScore, plural } from './numbers.js';
import { colourOf, MOST_BOXES, pictureBlock } from './pictures.js';
import { textBlock } from './texts.js';

/** Labels that rows can be filtered by: as many as the stylesheet has rules for. */
export const MOST_FILTERS = 16;
/** Characters of all rows together: a page is not to grow with its table. */
const MOST_CHARACTERS = 14_000_000;
const TEXT_LENGTH = 600;

export interface RowsSection {
  readonly html: Html;
  readonly shownRows: number;
}

/** The rows that are shown one by one: as cards where there is something to see or to read, else as a table. */
export function rowsSection({ groups, prediction }: ReportData): RowsSection {
  const labels = filterLabels(groups);
  const all = groups.flatMap(({ rows }) => rows);
  const pictures = all.some(row => row.pictures.length > 0);
  const cards = pictures || all.some(row => row.texts.length > 0);
  let room = MOST_CHARACTERS;
  let shownRows = 0;
  const sections = groups.map(group => {
    const rows: Html[] = [];
    for (const row of group.rows) {
      const classes = classesOf(row, labels);
      const piece = cards ? card(row, classes, prediction) : tableRow(row, classes, prediction);
      if (piece.text.length > room) break;
      room -= piece.text.length;
      rows.push(piece);
    }
    shownRows += rows.length;
    if (rows.length === 0) return NOTHING;
    const { title, words } = titleOf(group, prediction?.measure);
    const body = cards
      ? html`<div class="cards${!pictures && ' texts'}">${rows}</div>`
      : rowsTable(rows, group.rows[0]!, title, prediction);
    return html`<section class="group" aria-labelledby="group-${group.kind}"><h3 id="group-${group.kind}">${title} <span class="quiet">${plural(rows.length, 'row')}</span></h3>
<p class="quiet">${words}</p>
${body}</section>
`;
  });
  const left = all.length - shownRows;
  const note = left > 0 && html`<p class="note">${plural(left, 'more row')} would make this page too large.</p>`;
  if (all.length === 0) return { html: NOTHING, shownRows };
  return {
    shownRows,
    html: html`<section aria-labelledby="rows"><h2 id="rows">Rows</h2>
${filters(labels)}${sections}${note}</section>
`,
  };
}

function titleOf({ kind }: RowGroup, measure: Measure | undefined): { readonly title: string; readonly words: string } {
  if (kind === 'missing') return { title: 'Without a prediction', words: 'The first rows whose prediction is null.' };
  if (kind === 'sample') return { title: 'Sample', words: 'Rows at equal distances through the table.' };
  const by = {
    score: 'The rows whose best score is the lowest, the lowest first.',
    margin: 'The rows whose best two scores are closest to each other, the closest first.',
    distance: 'The rows whose score is closest to 0.5, the closest first.',
  };
  return { title: 'Least certain', words: by[measure ?? 'score'] };
}

/** What a row may be found by. */
function labelsOf({ prediction, texts }: RowView): readonly string[] {
  const best = prediction?.labels[0]?.label;
  const found = (prediction?.boxes ?? []).flatMap(({ label }) => label ?? []);
  const entities = texts.flatMap(text => text.entities.map(({ label }) => label));
  return [...new Set([...(best === undefined ? [] : [best]), ...found, ...entities])];
}

/** The most frequent labels of the rows shown, with how many rows have each. */
function filterLabels(groups: readonly RowGroup[]): readonly (readonly [label: string, rows: number])[] {
  const counts = new Map<string, number>();
  for (const label of groups.flatMap(({ rows }) => rows.flatMap(labelsOf))) {
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return sorted.length < 2 ? [] : sorted.slice(0, MOST_FILTERS);
}

function classesOf(row: RowView, labels: readonly (readonly [string, number])[]): string {
  const own = new Set(labelsOf(row));
  return labels.flatMap(([label], at) => (own.has(label) ? [` l${at}`] : [])).join('');
}

function filters(labels: readonly (readonly [string, number])[]): Html {
  if (labels.length === 0) return NOTHING;
  const choice = (id: string, label: string, rows: string, checked: boolean): Html =>
    html`<span><input type="radio" name="label" id="${id}"${checked && html` checked`}><label for="${id}">${label}${rows !== '' && html` <span class="quiet">${rows}</span>`}</label></span>`;
  const each = labels.map(([label, rows], at) => choice(`f${at}`, shortened(label, 40), formatNumber(rows), false));
  return html`<fieldset class="filters"><legend>Show</legend>${choice('all', 'all', '', true)}${each}</fieldset>
`;
}

function card(row: RowView, classes: string, summary: PredictionSummary | undefined): Html {
  const pictures = row.pictures.map(picture => pictureBlock(picture, row.row, row.prediction));
  const texts = row.texts.map(text => textBlock(text, TEXT_LENGTH));
  const cells = row.cells.map(
    ({ column, value }) => html`<div><dt>${shortened(column, 40)}</dt><dd>${cellValue(value, 120)}</dd></div>`,
  );
  return html`<article class="card${classes}">${pictures}<div class="body">${predicted(row, summary)}${texts}${cells.length > 0 && html`<dl class="cells">${cells}</dl>`}<p class="place">${row.title !== undefined && html`<span class="path">${shortened(row.title, 160)}</span> `}row ${formatNumber(row.row)}</p></div></article>
`;
}

/** What was predicted for a row, best first. */
function predicted({ prediction, certainty }: RowView, summary: PredictionSummary | undefined): Html {
  if (summary === undefined || summary.kind === 'embedding') return NOTHING;
  if (prediction === undefined) return html`<p class="predicted none">no prediction</p>`;
  if (summary.kind === 'entities') return NOTHING;
  const margin = summary.measure === 'margin' && certainty !== undefined;
  const note = margin && html`<p class="quiet">margin ${formatScore(certainty)}</p>`;
  if (summary.kind !== 'detection') {
    return html`<ol class="predicted">${prediction.labels.map(scoredItem)}</ol>${note}`;
  }
  if (prediction.boxes.length === 0) return html`<p class="predicted none">nothing found</p>`;
  const shown = prediction.boxes.slice(0, MOST_BOXES);
  const found = shown.map(
    ({ label, score }, at) =>
      html`<li class="k${colourOf(shown, at)}">${labelText(label)} <span class="quiet">${scoreText(score)}</span></li>`,
  );
  const more = prediction.boxes.length - shown.length;
  return html`<ol class="found">${found}${more > 0 && html`<li class="quiet">${more} more</li>`}</ol>`;
}

function scoredItem({ label, score }: Scored): Html {
  return html`<li><span class="label">${labelText(label)}</span><span class="score">${scoreText(score)}</span>${score !== undefined && score >= 0 && score <= 1 && bar(score)}</li>`;
}

function labelText(label: string | undefined): Html {
  return label === undefined ? NOTHING : html`${shortened(label, 80)}`;
}

function scoreText(score: number | undefined): string {
  if (score === undefined) return '';
  return score >= 0 && score <= 1 ? formatScore(score) : formatNumber(score);
}

function cellValue(value: string | null, most: number): Html {
  if (value === null) return html`<span class="none">null</span>`;
  return value === '' ? html`<span class="none">empty</span>` : html`${shortened(value, most)}`;
}

function rowsTable(rows: readonly Html[], like: RowView, title: string, summary: PredictionSummary | undefined): Html {
  const heads = like.cells.map(
    ({ column, isNumber }) => html`<th scope="col"${isNumber && html` class="number"`}>${shortened(column, 40)}</th>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${title}"><table class="rows">
<thead><tr><th scope="col" class="number">Row</th>${isShown(summary) && html`<th scope="col">${shortened(summary.column, 40)}</th>`}${like.title !== undefined && html`<th scope="col">Path</th>`}${heads}</tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

function tableRow(row: RowView, classes: string, summary: PredictionSummary | undefined): Html {
  const cells = row.cells.map(
    ({ value, isNumber }: CellView) => html`<td${isNumber && html` class="number"`}>${cellValue(value, 80)}</td>`,
  );
  return html`<tr class="card${classes}"><th scope="row" class="number">${formatNumber(row.row)}</th>${isShown(summary) && html`<td>${predicted(row, summary)}</td>`}${row.title !== undefined && html`<td>${shortened(row.title, 80)}</td>`}${cells}</tr>
`;
}

function isShown(summary: PredictionSummary | undefined): summary is PredictionSummary {
  return summary !== undefined && summary.kind !== 'embedding';
}
