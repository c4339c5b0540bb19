import { histogramChart, labelChart } from './charts.js';
import type { ColumnSummary, ReportData, RunSummary } from './data.js';
import { type Html, html, NOTHING } from './html.js';
import { REPORT_MARK } from './mark.js';
import { formatNumber, formatScore, percent, plural } from './numbers.js';
import { rowsSection } from './rows-section.js';
import { STYLE, STYLE_HASH } from './style.js';

export interface Page {
  /** A whole document; at most 16 million characters, whatever the table. */
  readonly html: string;
  readonly shownRows: number;
}

/** Nothing but pictures that are in the page, and the one stylesheet: no script runs, and nothing is fetched. */
const POLICY = `default-src 'none'; img-src data:; style-src '${STYLE_HASH}'; base-uri 'none'; form-action 'none'`;

/** A report as one HTML file that needs nothing beside it. */
export function renderPage(data: ReportData): Page {
  const { title, made, rows } = data;
  const shown = rowsSection(data);
  const words = `${plural(rows, 'row')}, ${plural(data.columns.length + data.moreColumns, 'column')}`;
  const when = `${made.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const body = html`<header><h1>${title}</h1>
<p class="quiet">${words}; written <time datetime="${made.toISOString()}">${when}</time></p></header>
<main>
${tiles(data)}${ofRun(data.run)}${charts(data)}${shown.html}${columnsSection(data)}</main>
`;
  return {
    shownRows: shown.shownRows,
    html: `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
${REPORT_MARK}
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${html`${title}`.text}</title>
<style>${STYLE}</style>
</head>
<body>
${body.text}</body>
</html>
`,
  };
}

/** The numbers to see first. */
function tiles({ rows, prediction, labels, histograms, columns }: ReportData): Html {
  const tile = (name: string, value: string, note: string): Html =>
    html`<div><dt>${name}</dt><dd><b>${value}</b>${note !== '' && html` <span class="quiet">${note}</span>`}</dd></div>`;
  const all = [tile('Rows', formatNumber(rows), '')];
  if (prediction !== undefined) {
    const { missing, column } = prediction;
    all.push(tile('With a prediction', formatNumber(rows - missing), rows === 0 ? '' : percent(rows - missing, rows)));
    all.push(tile('Without a prediction', formatNumber(missing), missing === 0 ? '' : percent(missing, rows)));
    const counted = labels.find(({ predicted }) => predicted);
    if (counted !== undefined) {
      all.push(tile('Predicted labels', formatNumber(counted.labels.length + counted.others.labels), column));
    }
    const [scores] = histograms;
    if (prediction.measure !== undefined && scores?.mean !== undefined) {
      all.push(
        tile(scores.of === undefined ? 'Mean score' : `Mean ${scores.of}`, formatScore(scores.mean), scores.column),
      );
    }
  }
  const pictures = columns.filter(({ role }) => role === 'picture').length;
  if (prediction === undefined && pictures > 0) all.push(tile('Columns of pictures', formatNumber(pictures), ''));
  return html`<dl class="tiles">${all}</dl>
`;
}

/** What went wrong where models were run for the page. */
function ofRun(run: RunSummary | undefined): Html {
  if (run === undefined || run.failedRows + run.nullRows === 0) return NOTHING;
  const { failedRows, nullRows, reasons } = run;
  const failed =
    failedRows > 0 &&
    html`<p>${plural(failedRows, 'row')} could not be scored (their prediction is null):</p><ul>${reasons.map(reason => html`<li>${reason}</li>`)}</ul>`;
  const none =
    nullRows > 0 && html`<p>${plural(nullRows, 'row')} had a null among the inputs (so the prediction is null).</p>`;
  return html`<section class="note" aria-label="Failed rows">${failed}${none}</section>
`;
}

function charts({ labels, histograms }: ReportData): Html {
  if (labels.length + histograms.length === 0) return NOTHING;
  const counted =
    labels.length > 0 &&
    html`<section aria-labelledby="labels"><h2 id="labels">Labels</h2>
<div class="charts">${labels.map(labelChart)}</div></section>
`;
  const numbers =
    histograms.length > 0 &&
    html`<section aria-labelledby="numbers"><h2 id="numbers">Numbers</h2>
<div class="charts small">${histograms.map(histogramChart)}</div></section>
`;
  return html`${counted}${numbers}`;
}

const ROLES: Readonly<Record<ColumnSummary['role'], string>> = {
  picture: 'pictures',
  bytes: 'bytes',
  classification: 'classification',
  detection: 'detection',
  entities: 'entities',
  embedding: 'embedding',
  score: 'score',
  number: 'numbers',
  label: 'labels',
  text: 'texts',
  path: 'paths',
  other: '',
};

function columnsSection({ columns, moreColumns, rows }: ReportData): Html {
  const lines = columns.map(
    ({
      name,
      type,
      role,
      nulls,
      note,
    }) => html`<tr><th scope="row">${name}</th><td><code>${type}</code></td><td>${ROLES[role]}</td><td class="number">${nulls === 0 ? html`<span class="quiet">0</span>` : html`${formatNumber(nulls)} <span class="quiet">${percent(nulls, rows)}</span>`}</td><td>${note}</td></tr>
`,
  );
  return html`<section aria-labelledby="columns"><h2 id="columns">Columns</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Columns"><table class="columns">
<thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">Shown as</th><th scope="col" class="number">Nulls</th><th scope="col">Values</th></tr></thead>
<tbody>${lines}</tbody></table></div>
${moreColumns > 0 && html`<p class="note">${plural(moreColumns, 'more column')} of the table ${moreColumns === 1 ? 'is' : 'are'} not looked at.</p>`}</section>
`;
}
