import type { Histogram, LabelCounts } from './data.js';
import { type Html, html } from './html.js';
import { formatNumber, formatScore, percent, plural } from './numbers.js';

/* Charts as SVG without scripts or style attributes: the page's security policy forbids both. */

const BAR_WIDTH = 10;
const HEIGHT = 60;

/** A bar that is filled to a part, from 0 to 1. What it says must also stand beside it as text. */
export function bar(part: number): Html {
  const width = round(Math.min(1, Math.max(0, part)) * 100);
  return html`<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect width="${width}" height="6"/></svg>`;
}

/** The bars of a histogram; each tells its numbers where a pointer rests on it. */
export function histogramChart({ column, of, low, high, whole, counts, outside, mean }: Histogram): Html {
  const most = Math.max(1, ...counts);
  const step = (high - low) / counts.length;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const range = (at: number): string =>
    whole ? formatNumber(low + 0.5 + at) : `${edge(low + step * at, step)} to ${edge(low + step * (at + 1), step)}`;
  const [first, last] = whole ? [range(0), range(counts.length - 1)] : [edge(low, step), edge(high, step)];
  const bars = counts.map((count, at) => {
    // A single row of a million is to be seen, too.
    const height = count === 0 ? 0 : Math.max(1, round((count / most) * HEIGHT));
    return html`<g><title>${range(at)}: ${plural(count, 'row')}</title><rect class="hit" x="${at * BAR_WIDTH}" width="${BAR_WIDTH}" height="${HEIGHT}"/><rect x="${round(at * BAR_WIDTH + 0.75)}" y="${round(HEIGHT - height)}" width="${BAR_WIDTH - 1.5}" height="${height}"/></g>`;
  });
  const name = of === undefined ? column : `${column}, ${of}`;
  const highest = counts.indexOf(most);
  const peak = highest < 0 ? '' : `; most, ${plural(most, 'row')}, at ${range(highest)}`;
  const facts = [
    ...(mean === undefined ? [] : [`mean ${formatNumber(mean)}`]),
    ...(outside === 0 ? [] : [`${plural(outside, 'row')} without a ${of === undefined ? 'number' : 'score'}`]),
  ];
  return html`<figure class="chart">
<figcaption><b>${column}</b>${of !== undefined && html` <span class="quiet">${of}</span>`}</figcaption>
<svg class="histogram" viewBox="0 0 ${counts.length * BAR_WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="Histogram of ${name}: ${plural(total, 'row')} from ${first} to ${last}${peak}">${bars}</svg>
<div class="axis"><span>${first}</span><span>${last}</span></div>
${facts.length > 0 && html`<p class="facts quiet">${facts.join(', ')}</p>`}
</figure>`;
}

/** Labels as a table of bars. */
export function labelChart({ column, predicted, unit, labels, others, total }: LabelCounts): Html {
  const most = Math.max(1, ...labels.map(({ count }) => count));
  const scores = labels.some(({ meanScore }) => meanScore !== undefined);
  const rows = labels.map(
    ({
      label,
      count,
      meanScore,
    }) => html`<tr><th scope="row">${shortened(label, 60)}</th><td class="wide">${bar(count / most)}</td><td class="number">${formatNumber(count)}</td><td class="number share quiet">${percent(count, total)}</td>${scores && html`<td class="number">${meanScore === undefined ? '' : formatScore(meanScore)}</td>`}</tr>
`,
  );
  const rest =
    others.labels > 0 &&
    html`<tr class="quiet"><th scope="row">${plural(others.labels, 'other label')}</th><td></td><td class="number">${formatNumber(others.count)}</td><td class="number share">${percent(others.count, total)}</td>${scores && html`<td></td>`}</tr>
`;
  const what = { row: 'Rows', object: 'Objects', entity: 'Entities' }[unit];
  return html`<figure class="chart">
<figcaption><b>${column}</b> <span class="quiet">${predicted ? 'predicted, ' : ''}${plural(total, unit)}</span></figcaption>
<div class="scroll" tabindex="0" role="region" aria-label="Counts of ${column}"><table class="bars">
<thead><tr><th scope="col">Label</th><th></th><th scope="col" class="number">${what}</th><th scope="col" class="number share">Share</th>${scores && html`<th scope="col" class="number">Mean score</th>`}</tr></thead>
<tbody>${rows}${rest || ''}</tbody></table></div>
</figure>`;
}

/** A text of so many characters at most; what was cut ends in an ellipsis. */
export function shortened(text: string, most: number): string {
  const characters = text.length > most ? [...text] : [];
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : text;
}

/** The end of a bin, as exact as its width asks for. */
function edge(value: number, step: number): string {
  const exact = Math.abs(value) < step / 1e6 ? 0 : value;
  return formatNumber(Number(exact.toPrecision(12)));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
