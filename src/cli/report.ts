import type { Format, JobReport } from '../index.js';
import { count, duration, oneLine, plural, rate } from './words.js';

/** What there is to say at the end of a job. */
export interface Outcome {
  readonly report: JobReport;
  readonly target: string;
  readonly format: Format;
  /** An earlier run had finished this very job. */
  readonly complete: boolean;
}

const FORMAT_NAMES: Readonly<Record<Format, string>> = {
  parquet: 'Parquet',
  csv: 'CSV',
  jsonl: 'JSON lines',
  arrow: 'Arrow',
};

/** A finished job, for a person. */
export function reportText({ report, target, format, complete }: Outcome): string {
  const files = `${plural(report.files.length, `${FORMAT_NAMES[format]} file`)} in ${target}`;
  const lines: string[] = [];
  if (complete) {
    lines.push(`complete already: an earlier run of this command wrote ${plural(report.rows, 'row')}, ${files}`);
  } else {
    const speed = report.scoredRows > 0 ? `, ${rate(report.rowsPerSecond)} rows/s` : '';
    lines.push(`${plural(report.scoredRows, 'row')} scored in ${duration(report.seconds)}${speed}`);
    if (report.reusedTasks > 0) {
      lines.push(
        `went on where an earlier run stopped: ${count(report.reusedTasks)} of ${plural(report.tasks, 'task')} ${report.reusedTasks === 1 ? 'was' : 'were'} done`,
        `${plural(report.rows, 'row')} in the result`,
      );
    }
  }
  if (report.failedRows > 0) {
    lines.push(`${plural(report.failedRows, 'row')} could not be scored (their prediction is null):`);
    for (const reason of report.failures) lines.push(`  ${oneLine(reason)}`);
  }
  if (report.nullRows > 0) {
    lines.push(`${plural(report.nullRows, 'row')} had a null among the inputs (so the prediction is null)`);
  }
  if (report.retries > 0) lines.push(`${plural(report.retries, 'task')} had to be started again`);
  if (!complete) lines.push(`wrote ${files}`);
  return lines.join('\n');
}

/** The same for a program. */
export function reportObject({ report, target, format, complete }: Outcome): object {
  return { target, format, complete, ...report };
}
