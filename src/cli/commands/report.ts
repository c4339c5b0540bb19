import { basename, resolve } from 'node:path';
import { connect, type Format, type ReportColumns, type ReportOptions } from '../../index.js';
import { ExitCode } from '../failure.js';
import { Interrupt } from '../interrupt.js';
import { print, printJson } from '../io.js';
import { readTables } from '../source.js';
import { count, plural } from '../words.js';

export interface ReportFlags extends ReportColumns {
  readonly out?: string;
  readonly title?: string;
  readonly rows?: number;
  readonly uncertainty?: 'score' | 'margin';
  readonly overwrite?: boolean;
  readonly inputFormat?: Format;
  readonly json?: boolean;
}

/** Longer titles are refused; one that is made of a path must not be. */
const MOST_TITLE = 200;

/** `inframe report`: a page to look at a table. */
export async function report(paths: readonly string[], flags: ReportFlags): Promise<number> {
  const interrupt = new Interrupt();
  const session = await connect();
  try {
    const table = await readTables(session, paths, flags.inputFormat);
    const written = await table.report(flags.out ?? 'report.html', optionsOf(paths, flags));
    if (flags.json) printJson(written);
    else {
      const { path, rows, shownRows, unpredictedRows } = written;
      print(`wrote ${path}: ${count(shownRows)} of ${plural(rows, 'row')} one by one`);
      if (unpredictedRows) print(`${plural(unpredictedRows, 'row')} without a prediction`);
    }
    return ExitCode.ok;
  } finally {
    await session.close();
    interrupt.release();
  }
}

function optionsOf(paths: readonly string[], flags: ReportFlags): ReportOptions {
  const { title, rows, uncertainty, overwrite, picture, label, score, text, path } = flags;
  return {
    title: title ?? basename(resolve(paths[0]!)).slice(0, MOST_TITLE),
    rows,
    uncertainty,
    overwrite,
    columns: { picture, label, score, text, path },
  };
}
