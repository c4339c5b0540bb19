import { shortened } from './charts.js';
import type { EntityView, TextView } from './data.js';
import { type Html, html } from './html.js';
import { formatNumber } from './numbers.js';

const MOST_SPANS = 60;
const LABEL_LENGTH = 40;

/** A text with the entities that were found in it, each marked and named. */
export function textBlock({ column, text, length, entities }: TextView, shown: number): Html {
  if (text === null) return html`<p class="text none">no ${column}</p>`;
  const characters = [...text];
  const part = characters.slice(0, shown);
  const rest = length > part.length;
  return html`<p class="text">${markedText(part, entities)}${rest && html`<span class="quiet">… ${formatNumber(length)} characters in all</span>`}</p>`;
}

/** Spans that lie in the text and not on each other; of those that do, the first. */
function markedText(characters: readonly string[], entities: readonly EntityView[]): readonly Html[] {
  const pieces: Html[] = [];
  let at = 0;
  const text = (from: number, to: number): string => characters.slice(from, to).join('');
  for (const { start, end, label } of [...entities].sort((a, b) => a.start - b.start).slice(0, MOST_SPANS)) {
    const fits = Number.isInteger(start) && Number.isInteger(end) && start >= at && start < end;
    if (!fits || end > characters.length) continue;
    pieces.push(html`${text(at, start)}<mark>${text(start, end)} <b>${shortened(label, LABEL_LENGTH)}</b></mark>`);
    at = end;
  }
  pieces.push(html`${text(at, characters.length)}`);
  return pieces;
}
