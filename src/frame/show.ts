import stringWidth from 'string-width';
import type { Row } from './engine.js';
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
 * Rows as a table for a terminal: numbers to the right, blobs as their size, nulls as `null`, control characters made
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
    const width = Math.max(stringWidth(title), ...cells.map(cell => stringWidth(cell)));
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
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return right ? space + text : text + space;
}

function clip(text: string, most: number): string {
  if (most <= 0 || stringWidth(text) <= most) return text;
  let result = '';
  let width = 0;
  for (const character of text) {
    width += stringWidth(character);
    if (width > most - 1) break;
    result += character;
  }
  return `${result}…`;
}

function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, character =>
    character === '\n' ? '⏎' : character === '\t' ? '⇥' : '·',
  );
}

/** One value as a person reads it. */
export function formatValue(value: unknown, type: DataType): string {
  if (value === null || value === undefined) return 'null';
  if (value instanceof Uint8Array) return `<${formatBytes(value.length)}>`;
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

function formatNumber(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : String(value);
}

function formatDate(value: Date, type: DataType): string {
  if (Number.isNaN(value.getTime())) return 'out of range';
  const text = value.toISOString();
  if (type.kind === 'date') return text.slice(0, 10);
  return `${text.slice(0, 10)} ${text.slice(11, text.endsWith('.000Z') ? 19 : 23)}`;
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
