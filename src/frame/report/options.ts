import type { RunOptions } from '../engine.js';
import { InframeError, listNames, nearest, shown } from '../errors.js';

/** What a report shows. Everything has a default that is guessed from the table. */
export interface ReportOptions extends RunOptions {
  /** The heading of the page. */
  readonly title?: string | undefined;
  /** The most rows that are shown one by one, from 0 to 500; 60 where nothing is said. Everything else is of all rows. */
  readonly rows?: number | undefined;
  /** Which column is what, where guessing is wrong. */
  readonly columns?: ReportColumns | undefined;
  /** Rows are uncertain by their best score (the default), or by its distance from the second best. */
  readonly uncertainty?: Uncertainty | undefined;
  /** Replaces a file that is not a report. Reports are replaced without it. */
  readonly overwrite?: boolean | undefined;
}

/** Columns by the part they have on the page. */
export interface ReportColumns {
  /** Bytes of pictures. */
  readonly picture?: string | undefined;
  /** What was predicted: a text, or what a classification, a detection or the recognition of entities gives. */
  readonly label?: string | undefined;
  /** How sure the prediction is: a number. */
  readonly score?: string | undefined;
  /** What the prediction was made of, or is read beside it. */
  readonly text?: string | undefined;
  /** What a row is called. */
  readonly path?: string | undefined;
}

export type ReportPart = keyof ReportColumns;
export type Uncertainty = 'score' | 'margin';

/** What was written. */
export interface ReportSummary {
  readonly path: string;
  /** Rows of the table. */
  readonly rows: number;
  /** Rows that are shown one by one. */
  readonly shownRows: number;
  /** Rows without a prediction; undefined where the table has no column of predictions. */
  readonly unpredictedRows: number | undefined;
  /** Size of the page. */
  readonly bytes: number;
}

/** Checked options. */
export interface ReportSettings {
  readonly title: string;
  readonly rows: number;
  readonly columns: ReportColumns;
  readonly uncertainty: Uncertainty;
  readonly overwrite: boolean;
}

export const MOST_ROWS = 500;
const MOST_TITLE = 200;
const DEFAULT_ROWS = 60;
const PARTS: readonly ReportPart[] = ['picture', 'label', 'score', 'text', 'path'];
const KNOWN = ['title', 'rows', 'columns', 'uncertainty', 'overwrite', 'signal', 'onEvent'];
const UNCERTAINTIES: readonly Uncertainty[] = ['score', 'margin'];

/** @throws InframeError ARGUMENT_INVALID */
export function checkReportOptions(path: unknown, options: ReportOptions): ReportSettings {
  if (typeof path !== 'string' || path.trim() === '') {
    throw wrong(`target ${shown(path)} is not a file; give a path such as 'report.html'`);
  }
  if (typeof options !== 'object' || options === null) {
    throw wrong(`options ${shown(options)} of report() are not an object; write report('report.html', { rows: 60 })`);
  }
  known('option', Object.keys(options), KNOWN);
  const { title, rows = DEFAULT_ROWS, uncertainty = 'score', overwrite = false } = options;
  if (title !== undefined && (typeof title !== 'string' || title.trim() === '' || title.length > MOST_TITLE)) {
    throw wrong(`title ${shown(title)} of report() is not possible; give a text of 1 to ${MOST_TITLE} characters`);
  }
  if (!Number.isInteger(rows) || rows < 0 || rows > MOST_ROWS) {
    throw wrong(`rows ${shown(rows)} of report() is not possible; give a whole number from 0 to ${MOST_ROWS}`);
  }
  if (!UNCERTAINTIES.includes(uncertainty)) {
    throw wrong(`uncertainty ${shown(uncertainty)} of report() is not known; there are: ${listNames(UNCERTAINTIES)}`);
  }
  if (typeof overwrite !== 'boolean') {
    throw wrong(`overwrite ${shown(overwrite)} of report() is not possible; give true or false`);
  }
  const columns = checkColumns(options.columns ?? {});
  return Object.freeze({ title: title ?? 'Report', rows, columns, uncertainty, overwrite });
}

function checkColumns(columns: ReportColumns): ReportColumns {
  if (typeof columns !== 'object' || columns === null || Array.isArray(columns)) {
    throw wrong(`columns ${shown(columns)} of report() are not an object; write columns: { label: 'species' }`);
  }
  known('part', Object.keys(columns), PARTS);
  for (const part of PARTS) {
    const name: unknown = columns[part];
    if (name !== undefined && (typeof name !== 'string' || name === '')) {
      throw wrong(`${part} ${shown(name)} of report() is not the name of a column; give a text`);
    }
  }
  return Object.freeze({ ...columns });
}

function known(what: string, given: readonly string[], names: readonly string[]): void {
  const stray = given.find(name => !names.includes(name));
  if (stray === undefined) return;
  const guess = nearest(stray, names);
  const hint = guess === undefined ? '' : ` (did you mean '${guess}'?)`;
  throw wrong(`${what} '${stray}' of report() is not known; there are: ${listNames(names)}${hint}`);
}

function wrong(message: string): InframeError {
  return new InframeError('ARGUMENT_INVALID', message);
}
