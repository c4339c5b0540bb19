import { shortened } from './charts.js';
import type { BoxView, PictureView, PredictionView } from './data.js';
import { type Html, html } from './html.js';
import { formatScore } from './numbers.js';

/** Boxes that are drawn and named; they come best first. */
export const MOST_BOXES = 20;
/** Colours of boxes, as the stylesheet numbers them. */
export const COLOURS = 6;
const SIDE = 160;

/** A picture in small with what was found in it, or a place that says why there is none. */
export function pictureBlock(picture: PictureView, row: number, prediction: PredictionView | undefined): Html {
  const { image, problem, column } = picture;
  if (image === undefined) {
    return html`<div class="picture missing"><div><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M3 5h18v14H3zM3 16l5-5 4 4 3-3 6 6M4 3l17 18"/></svg><span>${problem ?? `no ${column}`}</span></div></div>`;
  }
  const scale = Math.min(1, SIDE / Math.max(image.width, image.height));
  const [width, height] = [image.width, image.height].map(side => Math.max(1, Math.round(side * scale)));
  const boxes = (prediction?.boxes ?? []).slice(0, MOST_BOXES);
  const source = `data:image/jpeg;base64,${toBase64(image.bytes)}`;
  return html`<div class="picture"><div class="frame"><img src="${source}" width="${width}" height="${height}" alt="${altText(row, prediction)}" decoding="async">${boxes.length > 0 && boxesOver(boxes, image.width, image.height)}</div></div>`;
}

function boxesOver(boxes: readonly BoxView[], width: number, height: number): Html {
  const drawn = boxes.map(
    (box, at) =>
      html`<rect class="k${colourOf(boxes, at)}" x="${box.x}" y="${box.y}" width="${Math.max(0, box.width)}" height="${Math.max(0, box.height)}"><title>${nameOf(box)}</title></rect>`,
  );
  return html`<svg class="boxes" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true">${drawn}</svg>`;
}

/** Boxes of a label have its colour. */
export function colourOf(boxes: readonly BoxView[], at: number): number {
  const labels = [...new Set(boxes.map(({ label }) => label))];
  return labels.indexOf(boxes[at]!.label) % COLOURS;
}

function altText(row: number, prediction: PredictionView | undefined): string {
  const found = prediction?.boxes.slice(0, 5) ?? [];
  const [best] = prediction?.labels ?? [];
  if (found.length > 0) return `Row ${row}, found: ${found.map(nameOf).join(', ')}`;
  if (best?.label !== undefined) return `Row ${row}, predicted: ${nameOf(best)}`;
  return `Row ${row}`;
}

function nameOf({ label, score }: { readonly label: string | undefined; readonly score: number | undefined }): string {
  const name = shortened(label ?? 'no label', 40);
  return score === undefined ? name : `${name} ${formatScore(score)}`;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** RFC 4648, section 4; written out because nothing here depends on Node. */
export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const [a, b, c] = [bytes[at]!, bytes[at + 1], bytes[at + 2]];
    const word = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    const letter = (shift: number): string => ALPHABET[(word >> shift) & 63]!;
    parts.push(letter(18), letter(12), b === undefined ? '=' : letter(6), c === undefined ? '=' : letter(0));
  }
  return parts.join('');
}
