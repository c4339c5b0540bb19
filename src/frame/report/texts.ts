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
  return html`<p class="text">${markedText(part, inCharacters(part, entities))}${rest && html`<span class="quiet">… ${formatNumber(length)} characters in all</span>`}</p>`;
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

/**
 * Spans in characters. Some tables count them (Python, SQL), others UTF-16 units (JavaScript); they differ behind characters such
 * as emoji, and what the table says the spans hold tells which it is.
 */
function inCharacters(characters: readonly string[], entities: readonly EntityView[]): readonly EntityView[] {
  const text = characters.join('');
  if (text.length === characters.length) return entities;
  const inUnits = entities.every(({ start, end, text: own }) => own !== undefined && text.slice(start, end) === own);
  const units: number[] = [];
  for (const [at, character] of characters.entries()) for (const _ of character.split('')) units.push(at);
  units.push(characters.length);
  const place = (unit: number): number => units[unit] ?? characters.length + 1;
  return inUnits ? entities.map(each => ({ ...each, start: place(each.start), end: place(each.end) })) : entities;
}
