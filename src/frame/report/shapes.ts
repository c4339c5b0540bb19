import { type DataType, type Field, isInteger, isNumeric } from '../types.js';

/*
 * What the types of columns tell: the structs that classification, detection and the recognition of entities give.
 */

/** Names of the members, as the table spells them. */
export type PredictionShape =
  | { readonly kind: 'classification'; readonly list: boolean; readonly label: string; readonly score: string }
  | {
      readonly kind: 'detection';
      readonly list: boolean;
      readonly label: string;
      readonly score: string;
      readonly box: BoxShape;
    }
  | {
      readonly kind: 'entities';
      readonly label: string;
      readonly start: string;
      readonly end: string;
      readonly text: string | undefined;
    };

export interface BoxShape {
  readonly name: string;
  readonly x: string;
  readonly y: string;
  readonly width: string;
  readonly height: string;
}

/** The shape of a prediction, or undefined for a column that is none. */
export function predictionShape(type: DataType): PredictionShape | undefined {
  const list = type.kind === 'list' || type.kind === 'array';
  const element = list ? type.element : type;
  if (element.kind !== 'struct') return undefined;
  const label = memberOf(element.fields, ['label', 'entity', 'class'], isLabel);
  if (label === undefined) return undefined;
  const start = memberOf(element.fields, ['start'], isInteger);
  const end = memberOf(element.fields, ['end'], isInteger);
  if (list && start !== undefined && end !== undefined) {
    const text = memberOf(element.fields, ['text', 'word'], ({ kind }) => kind === 'string');
    return { kind: 'entities', label, start, end, text };
  }
  const score = memberOf(element.fields, ['score', 'probability'], isNumeric);
  if (score === undefined) return undefined;
  const box = boxShape(element.fields);
  return box === undefined
    ? { kind: 'classification', list, label, score }
    : { kind: 'detection', list, label, score, box };
}

function boxShape(fields: readonly Field[]): BoxShape | undefined {
  const name = memberOf(fields, ['box'], type => type.kind === 'struct');
  const box = fields.find(field => field.name === name)?.type;
  if (name === undefined || box?.kind !== 'struct') return undefined;
  const [x, y, width, height] = ['x', 'y', 'width', 'height'].map(side => memberOf(box.fields, [side], isNumeric));
  if (x === undefined || y === undefined || width === undefined || height === undefined) return undefined;
  return { name, x, y, width, height };
}

function memberOf(
  fields: readonly Field[],
  names: readonly string[],
  fits: (type: DataType) => boolean,
): string | undefined {
  return fields.find(({ name, type }) => names.includes(name.toLowerCase()) && fits(type))?.name;
}

/** Labels are texts, or the places of classes that have no names. */
export function isLabel(type: DataType): boolean {
  return type.kind === 'string' || type.kind === 'enum' || type.kind === 'boolean' || isInteger(type);
}

/** Shorter vectors than this are read as they are. */
const LEAST_LENGTH = 16;

/** Lists of so many numbers that nobody reads them; undefined for other columns. */
export function embeddingLength(type: DataType): number | 'any' | undefined {
  if (type.kind !== 'list' && type.kind !== 'array') return undefined;
  if (type.element.kind !== 'float32' && type.element.kind !== 'float64') return undefined;
  if (type.kind === 'list') return 'any';
  return type.length < LEAST_LENGTH ? undefined : type.length;
}

/** How files of pictures begin: https://en.wikipedia.org/wiki/List_of_file_signatures. `.` stands for any byte. */
const SIGNATURES: readonly (readonly [format: string, at: number, bytes: string])[] = [
  ['JPEG', 0, '\xff\xd8\xff'],
  ['PNG', 0, '\x89PNG\r\n\x1a\n'],
  ['GIF', 0, 'GIF8'],
  ['WebP', 8, 'WEBP'],
  ['TIFF', 0, 'II*\0'],
  ['TIFF', 0, 'MM\0*'],
  ['AVIF', 4, 'ftypavif'],
  ['AVIF', 4, 'ftypavis'],
];

/** How many bytes {@link pictureFormat} wants. */
export const HEAD_BYTES = 16;

/** The format of a picture by its first bytes; undefined for anything else. */
export function pictureFormat(head: Uint8Array): string | undefined {
  const text = String.fromCharCode(...head.subarray(0, HEAD_BYTES));
  return SIGNATURES.find(([, at, bytes]) => text.startsWith(bytes, at))?.[0];
}
