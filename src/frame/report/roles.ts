import { columnNotFound, InframeError } from '../errors.js';
import type { Schema } from '../schema.js';
import { type DataType, type Field, isNumeric, typeName } from '../types.js';
import type { ReportColumns, ReportPart } from './options.js';
import { embeddingLength, isLabel, type PredictionShape, predictionShape } from './shapes.js';

/** What a column is on the page. */
export type Role =
  | { readonly kind: 'picture' }
  | { readonly kind: 'bytes' }
  | PredictionShape
  | { readonly kind: 'embedding' }
  | { readonly kind: 'score' }
  | { readonly kind: 'number' }
  | { readonly kind: 'label' }
  | { readonly kind: 'text' }
  | { readonly kind: 'path' }
  | { readonly kind: 'other' };

/** What was found of a column's values. */
export interface ColumnFacts {
  readonly nulls: number;
  /** Of numbers, and of embeddings their lengths as vectors; undefined where there is no finite one. */
  readonly range: { readonly low: number; readonly high: number; readonly mean: number } | undefined;
  /** Values that are null, not-a-number or infinite. */
  readonly outside: number;
  /** About how many different texts there are. */
  readonly distinct: number | undefined;
  /** Characters of a text on average. */
  readonly meanLength: number | undefined;
  /** Formats of the first pictures among the values; empty where they are none. */
  readonly pictures: readonly string[];
}

export interface ColumnRole extends Field {
  readonly role: Role;
  readonly facts: ColumnFacts;
}

const SCORE_NAME =
  /(^|[_\s.-])(score|scores|prob|probs|probability|confidence|risk|likelihood|certainty)$|[a-z](Score|Prob|Probability|Confidence|Risk)$|^p$/i;
const LABEL_NAME = /(^|[_\s.-])(label|class|category|species|predicted|prediction)$|[a-z](Label|Class|Category)$/i;
const PREDICTED_NAME = /predict|^label$|^class$/i;
const TEXT_NAME = /^(text|message|body|content|sentence|comment|review|caption|document)$/i;
const PATH_NAME = /(^|[_\s.-])(path|file|filename|file_name|url|uri)$/i;

/** More different texts than this are no labels. */
const MOST_LABELS = 200;
/** Texts of more characters on average are to be read. */
const TEXT_LENGTH = 60;

/** What a column is, by its type, its values and, where these leave it open, its name. */
export function roleOf({ name, type }: Field, facts: ColumnFacts): Role {
  const shape = predictionShape(type);
  if (shape !== undefined) return shape;
  if (type.kind === 'binary') return { kind: facts.pictures.length > 0 ? 'picture' : 'bytes' };
  if (embeddingLength(type) !== undefined) return { kind: 'embedding' };
  if (isNumeric(type)) return { kind: isScore(name, type, facts) ? 'score' : 'number' };
  if (type.kind === 'boolean' || type.kind === 'enum') return { kind: 'label' };
  if (type.kind !== 'string') return { kind: 'other' };
  if (PATH_NAME.test(name)) return { kind: 'path' };
  if (TEXT_NAME.test(name) || (facts.meanLength ?? 0) > TEXT_LENGTH) return { kind: 'text' };
  const few = facts.distinct !== undefined && facts.distinct <= MOST_LABELS;
  return { kind: few || LABEL_NAME.test(name) ? 'label' : 'other' };
}

function isScore(name: string, type: DataType, { range }: ColumnFacts): boolean {
  const real = type.kind === 'float32' || type.kind === 'float64' || type.kind === 'decimal';
  return real && SCORE_NAME.test(name) && range !== undefined && range.low >= 0 && range.high <= 1;
}

/** The columns that were given a part. @throws InframeError COLUMN_NOT_FOUND, TYPE_MISMATCH */
export function givenParts(schema: Schema, columns: ReportColumns): ReadonlyMap<string, ReportPart> {
  const parts = new Map<string, ReportPart>();
  for (const [part, name] of Object.entries(columns) as [ReportPart, string | undefined][]) {
    if (name === undefined) continue;
    const field = schema.find(name);
    if (field === undefined) throw columnNotFound(name, schema.names);
    const other = parts.get(field.name);
    if (other !== undefined) {
      throw new InframeError(
        'ARGUMENT_INVALID',
        `column '${field.name}' is both the ${other} and the ${part} of report(); it can be one of them`,
      );
    }
    if (!fits(part, field.type)) {
      throw new InframeError(
        'TYPE_MISMATCH',
        `column '${field.name}' is ${typeName(field.type)}, which cannot be the ${part} of report(); ${WANTED[part]}`,
        { column: field.name },
      );
    }
    parts.set(field.name, part);
  }
  return parts;
}

const WANTED: Readonly<Record<ReportPart, string>> = {
  picture: 'it has to be binary',
  label: 'it has to be a text, or what a classification, a detection or the recognition of entities gives',
  score: 'it has to be a number',
  text: 'it has to be a text',
  path: 'it has to be a text',
};

function fits(part: ReportPart, type: DataType): boolean {
  switch (part) {
    case 'picture':
      return type.kind === 'binary';
    case 'label':
      return isLabel(type) || predictionShape(type) !== undefined;
    case 'score':
      return isNumeric(type);
    default:
      return type.kind === 'string' || type.kind === 'enum';
  }
}

/** The roles of all columns; what was given a part has it. */
export function assignRoles(
  fields: readonly Field[],
  facts: readonly ColumnFacts[],
  parts: ReadonlyMap<string, ReportPart>,
): readonly ColumnRole[] {
  return fields.map((field, at) => {
    const known = facts[at]!;
    const part = parts.get(field.name);
    const role: Role =
      part === undefined || (part === 'label' && predictionShape(field.type) !== undefined)
        ? roleOf(field, known)
        : { kind: part };
    return { ...field, role, facts: known };
  });
}

/** The columns that hold what was predicted. */
export interface Prediction {
  readonly column: ColumnRole;
  /** Of a label in a column of its own, how sure it is. */
  readonly score: ColumnRole | undefined;
}

/**
 * What was predicted: what was said to be; else the first column whose type says it; else a label beside a score, or a score
 * alone; else an embedding.
 */
export function choosePrediction(
  columns: readonly ColumnRole[],
  parts: ReadonlyMap<string, ReportPart>,
): Prediction | undefined {
  const given = (part: ReportPart): ColumnRole | undefined => columns.find(({ name }) => parts.get(name) === part);
  const ofKind = (...kinds: readonly Role['kind'][]): readonly ColumnRole[] =>
    columns.filter(({ name, role }) => kinds.includes(role.kind) && !parts.has(name));
  const label = given('label');
  const score = given('score') ?? ofKind('score')[0];
  if (label !== undefined) return { column: label, score: label.role.kind === 'label' ? score : undefined };
  if (given('score') === undefined) {
    const shaped = ofKind('classification', 'detection')[0] ?? ofKind('entities')[0];
    if (shaped !== undefined) return { column: shaped, score: undefined };
  }
  const labels = ofKind('label').filter(({ type }) => type.kind !== 'boolean');
  const predicted =
    labels.find(({ name }) => PREDICTED_NAME.test(name)) ??
    (score === undefined ? undefined : labels.find(({ name }) => LABEL_NAME.test(name)));
  if (predicted !== undefined) return { column: predicted, score };
  if (score !== undefined) return { column: score, score: undefined };
  const embedding = ofKind('embedding')[0];
  return embedding === undefined ? undefined : { column: embedding, score: undefined };
}
