import { connect, type ReadFormat } from '../../index.js';
import { ExitCode } from '../failure.js';
import { Interrupt } from '../interrupt.js';
import { print, printJson } from '../io.js';
import { jsonRow } from '../json.js';
import { readTables } from '../source.js';
import { plural } from '../words.js';

export interface HeadFlags {
  readonly rows: number;
  readonly inputFormat?: ReadFormat;
  readonly json?: boolean;
}

/** `inframe head`: the first rows of a table, and its columns. */
export async function head(path: string, flags: HeadFlags): Promise<number> {
  const interrupt = new Interrupt();
  const session = await connect({ workers: 1 });
  try {
    const table = await readTables(session, [path], flags.inputFormat);
    const schema = await table.schema();
    if (flags.json) {
      const rows = await table.limit(flags.rows).collect();
      printJson({ schema, rows: rows.map(row => jsonRow(row, schema)) });
    } else {
      print(await table.toText(flags.rows));
      print(`\n${plural(schema.length, 'column')}\n${String(schema).replaceAll(/^/gm, '  ')}`);
    }
    return ExitCode.ok;
  } finally {
    await session.close();
    interrupt.release();
  }
}
