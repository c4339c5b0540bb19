import type { Schema } from '../frame/schema.js';
import { formatTable } from '../frame/show.js';
import type { DataFrame, Row, RunOptions } from '../index.js';
import { csvLine } from './csv.js';
import { jsonRow } from './json.js';
import type { Sink } from './sink.js';

/** How results are written. */
export type ResultFormat = 'table' | 'json' | 'csv';

/** Rows in a table, where nothing else is said: what a terminal holds. */
export const TABLE_ROWS = 40;

/** What was printed. */
export interface Printed {
  readonly rows: number;
  /** True if there are more rows than were asked for. */
  readonly more: boolean;
}

const BLOCK = 64 * 1024;

/**
 * Writes a frame's rows: the first of them as a table, or all as they come as one JSON object or as CSV.
 *
 * @param most rows to write; undefined for all
 */
export async function printRows(
  frame: DataFrame,
  format: ResultFormat,
  most: number | undefined,
  sink: Sink,
  options: RunOptions,
): Promise<Printed> {
  const schema = await frame.schema();
  const rows = (most === undefined ? frame : frame.limit(most + 1)).rows(options);
  if (format === 'table') return printTable(schema, rows, most ?? Number.POSITIVE_INFINITY, sink);
  return printEach(format === 'json' ? jsonWriting(schema) : csvWriting(schema), rows, most, sink);
}

async function printTable(schema: Schema, rows: AsyncIterable<Row>, most: number, sink: Sink): Promise<Printed> {
  const shown: Row[] = [];
  let more = false;
  for await (const row of rows) {
    more = shown.length === most;
    if (more) break;
    shown.push(row);
  }
  await sink.write(`${formatTable(schema, shown, { more })}\n`);
  return { rows: shown.length, more };
}

/** `{"schema": [...], "rows": [...]}` on one line; whole JSON even where an error ends it early. */
function jsonWriting(schema: Schema): Writing {
  return {
    first: `{"schema":${JSON.stringify(schema)},"rows":[`,
    row: (row, at) => (at === 0 ? '' : ',') + JSON.stringify(jsonRow(row, schema)),
    last: ']}\n',
    broken: '],"complete":false}\n',
  };
}

function csvWriting(schema: Schema): Writing {
  return {
    first: csvLine(schema.names),
    row: row => csvLine(Object.values(jsonRow(row, schema))),
    last: '',
    broken: '',
  };
}

/** The text of a result, piece by piece. */
interface Writing {
  readonly first: string;
  readonly row: (row: Row, at: number) => string;
  readonly last: string;
  /** What stands for the last piece where an error has cut the rows off. */
  readonly broken: string;
}

async function printEach(
  writing: Writing,
  rows: AsyncIterable<Row>,
  most: number | undefined,
  sink: Sink,
): Promise<Printed> {
  let block = writing.first;
  let count = 0;
  let more = false;
  let begun = false;
  try {
    for await (const row of rows) {
      more = count === most;
      if (more || sink.gone) break;
      block += writing.row(row, count);
      count += 1;
      if (block.length < BLOCK) continue;
      await sink.write(block);
      begun = true;
      block = '';
    }
  } catch (error) {
    if (begun) await sink.write(block + writing.broken);
    throw error;
  }
  await sink.write(block + writing.last);
  return { rows: count, more };
}
