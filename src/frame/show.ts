import stringWidth from 'string-width';
import type { Row } from './engine.js';
import { pictureHeader } from './picture-header.js';
import type { Schema } from './schema.js';
import { type DataType, isNumeric } from './types.js';

/** How a table is printed. */
export interface ShowOptions {
  /** Where the text goes; standard output where nothing is said. */
  readonly write?: (text: string) => void;
  /** The widest a column may be, in characters; longer values end in `…`. 0 means no bound. */
  readonly maxWidth?: number;
}

/**
 * Rows as a table for a terminal: numbers to the right, blobs as their size and pictures as what they are, nulls as `null`, control characters made
 * visible so that a value cannot command the terminal.
 */
export function formatTable(
  schema: Schema,
  rows: readonly Row[],
  options: ShowOptions & { readonly more?: boolean },
): string {
  const maxWidth = options.maxWidth ?? 40;
  const columns = schema.fields.map(({ name, type }) => {
    const cells = rows.map(row => clip(formatValue(row[name], type), maxWidth));
    const title = clip(visible(name), maxWidth);
    const width = cells.reduce((most, cell) => Math.max(most, widthOf(cell)), widthOf(title));
    return { title, cells, width, right: isNumeric(type) };
  });
  const line = (left: string, middle: string, right: string): string =>
    left + columns.map(({ width }) => '─'.repeat(width + 2)).join(middle) + right;
  const text = [
    line('┌', '┬', '┐'),
    `│${columns.map(({ title, width, right }) => ` ${pad(title, width, right)} `).join('│')}│`,
    line('├', '┼', '┤'),
    ...rows.map(
      (_, index) => `│${columns.map(({ cells, width, right }) => ` ${pad(cells[index]!, width, right)} `).join('│')}│`,
    ),
    line('└', '┴', '┘'),
  ];
  if (options.more) text.push(`the first ${rows.length} rows`);
  else if (rows.length === 0) text.push('no rows');
  return text.join('\n');
}

function pad(text: string, width: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return right ? space + text : text + space;
}

function clip(text: string, most: number): string {
  // Longer text is too wide, unless it is made of marks that take no room: those are cut off as well.
  if (!(most > 0) || (text.length <= most * 16 && widthOf(text) <= most)) return text;
  let result = '';
  let width = 0;
  for (const character of text.slice(0, most * 16)) {
    width += stringWidth(character);
    if (width > most - 1) break;
    result += character;
  }
  return `${result}…`;
}

const PIECE = 256;

/** Columns of the terminal that a text takes. Piece by piece, because `stringWidth` is slow beyond all bounds on long text. */
function widthOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (let from = 0; from < text.length; from += PIECE) width += stringWidth(text.slice(from, from + PIECE));
  return width;
}

/**
 * C0 and C1 control characters, line and paragraph separators, and marks that turn the direction of writing around.
 *
 * Direction: Unicode Standard Annex #9, section 2, "Directional Formatting Characters".
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

function visible(text: string): string {
  return text.replace(CONTROLS, character => (character === '\n' ? '⏎' : character === '\t' ? '⇥' : '·'));
}

/** One value as a person reads it. */
export function formatValue(value: unknown, type: DataType): string {
  if (value === null || value === undefined) return 'null';
  if (value instanceof Uint8Array) return formatBlob(value);
  if (value instanceof Date) return formatDate(value, type);
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : formatNumber(value);
  if (typeof value === 'string') return visible(value);
  if (Array.isArray(value)) return formatList(value, type);
  if (typeof value === 'object') {
    const fields = type.kind === 'struct' ? type.fields : [];
    const typeOf = (name: string): DataType => fields.find(field => field.name === name)?.type ?? { kind: 'null' };
    return `{${Object.entries(value)
      .map(([name, member]) => `${visible(name)}: ${formatValue(member, typeOf(name))}`)
      .join(', ')}}`;
  }
  return String(value);
}

/** `<23.4 KB>`, and of a picture what it is: `<JPEG 500x375, 23.4 KB>`. */
function formatBlob(bytes: Uint8Array): string {
  const picture = pictureHeader(bytes);
  const what = picture === undefined ? '' : `${picture.format} ${picture.width}x${picture.height}, `;
  return `<${what}${formatBytes(bytes.length)}>`;
}

/** Lists are shown by their beginning: an embedding has thousands of numbers. */
function formatList(values: readonly unknown[], type: DataType): string {
  const element: DataType =
    type.kind === 'list' || type.kind === 'array'
      ? type.element
      : type.kind === 'map'
        ? { kind: 'struct', fields: [] }
        : { kind: 'null' };
  const shown = values.slice(0, 8).map(value => formatValue(value, element));
  return `[${shown.join(', ')}${values.length > 8 ? `, … ${values.length} in all` : ''}]`;
}

/** Six significant digits, but never fewer than stand before the point. */
function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const before = Math.floor(Math.log10(Math.abs(value))) + 1;
  return String(Number(value.toPrecision(Math.max(6, before + 1))));
}

function formatDate(value: Date, type: DataType): string {
  if (Number.isNaN(value.getTime())) return 'out of range';
  const [day, time] = value.toISOString().split('T') as [string, string];
  return type.kind === 'date' ? day : `${day} ${time.slice(0, time.endsWith('.000Z') ? 8 : 12)}`;
}

/** A size in bytes with a unit: `512 B`, `1.5 KB`, `2.0 GB`; units are powers of 1024. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
