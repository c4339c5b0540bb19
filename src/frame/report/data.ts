import type { Role } from './roles.js';

/*
 * What a page shows, as plain data. Everything in here is bounded in size, whatever the table: see `gather.ts`.
 */

export interface ReportData {
  readonly title: string;
  readonly made: Date;
  readonly rows: number;
  readonly columns: readonly ColumnSummary[];
  /** Columns of the table that are too many to be looked at. */
  readonly moreColumns: number;
  /** What happened where models were run for the report; undefined where none was. */
  readonly run: RunSummary | undefined;
  readonly prediction: PredictionSummary | undefined;
  readonly histograms: readonly Histogram[];
  readonly labels: readonly LabelCounts[];
  readonly groups: readonly RowGroup[];
}

export interface RunSummary {
  readonly failedRows: number;
  readonly nullRows: number;
  readonly reasons: readonly string[];
}

export interface ColumnSummary {
  readonly name: string;
  readonly type: string;
  readonly role: Role['kind'];
  readonly nulls: number;
  /** What else is known: `0.01 to 0.99, mean 0.5`. */
  readonly note: string;
}

export interface PredictionSummary {
  readonly column: string;
  readonly kind: 'classification' | 'detection' | 'entities' | 'label' | 'score' | 'embedding';
  readonly missing: number;
  /** What makes a row uncertain; undefined where nothing does. */
  readonly measure: Measure | undefined;
}

export type Measure = 'score' | 'margin' | 'distance';

export interface Histogram {
  readonly column: string;
  /** `best score` where the column is not a number itself. */
  readonly of: string | undefined;
  readonly low: number;
  readonly high: number;
  /** True if each bin holds one whole number, which is its middle. */
  readonly whole: boolean;
  /** Rows a bin; bins are of equal width. */
  readonly counts: readonly number[];
  /** Values that are in no bin: null, not-a-number, infinite. */
  readonly outside: number;
  readonly mean: number | undefined;
}

export interface LabelCounts {
  readonly column: string;
  /** True of the predicted labels. */
  readonly predicted: boolean;
  /** What is counted: rows, or what was found in them. */
  readonly unit: 'row' | 'object' | 'entity';
  readonly labels: readonly LabelCount[];
  /** Labels, and what is counted of them, beside the ones above. */
  readonly others: { readonly labels: number; readonly count: number };
  readonly total: number;
}

export interface LabelCount {
  readonly label: string;
  readonly count: number;
  readonly meanScore: number | undefined;
}

export interface RowGroup {
  readonly kind: 'least' | 'missing' | 'sample';
  readonly rows: readonly RowView[];
}

/** One row of the table. */
export interface RowView {
  /** Its place in the table, from 1. */
  readonly row: number;
  readonly title: string | undefined;
  readonly pictures: readonly PictureView[];
  readonly prediction: PredictionView | undefined;
  /** How certain, in the measure of the prediction. */
  readonly certainty: number | undefined;
  readonly texts: readonly TextView[];
  readonly cells: readonly CellView[];
}

export interface PictureView {
  readonly column: string;
  readonly image: ThumbnailView | undefined;
  /** Why there is no thumbnail. */
  readonly problem: string | undefined;
}

export interface ThumbnailView {
  /** A JPEG file. */
  readonly bytes: Uint8Array;
  /** Pixels of the picture it was made of, as it is looked at. */
  readonly width: number;
  readonly height: number;
}

/** What was predicted; undefined members are null in the table. */
export interface PredictionView {
  /** Best first. */
  readonly labels: readonly Scored[];
  /** Boxes in the picture, best first. */
  readonly boxes: readonly BoxView[];
}

export interface Scored {
  readonly label: string | undefined;
  readonly score: number | undefined;
}

/** In pixels of the source picture. */
export interface BoxView extends Scored {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface TextView {
  readonly column: string;
  /** Null where the table has none. */
  readonly text: string | null;
  /** Characters of the whole text. */
  readonly length: number;
  readonly entities: readonly EntityView[];
}

/** A span of a text, from `start` to `end` (not included): in characters of Unicode, or in UTF-16 units. */
export interface EntityView {
  /** The text of the span, where the table says it. */
  readonly text: string | undefined;
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

export interface CellView {
  readonly column: string;
  readonly isNumber: boolean;
  readonly value: string | null;
}
