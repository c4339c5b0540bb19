import type { Command } from 'commander';
import { READ_FORMATS } from '../frame/plan.js';
import type { TypesFlags } from './commands/types.js';
import { inputFormat, names, notEmpty } from './flags.js';

/** The words of `inframe types`. */
export function addTypes(program: Command, act: (path: string, flags: TypesFlags) => Promise<void>): void {
  program
    .command('types')
    .summary('write the TypeScript type of a table or a model')
    .description(
      'Writes the type of the rows of a table, for session.read.parquet<Type>(...), or of a model, for\n' +
        'session.model<Type>(...): column names and types are then checked by the compiler.',
    )
    .argument('<input>', 'a table (a file, a folder or a glob) or an ONNX file')
    .option('--name <name>', 'what the type is called (default: by the name of the file)', notEmpty)
    .option('-o, --out <file>', 'a file for the text (default: standard output)', notEmpty)
    .option('--not-null <columns>', 'columns that hold no null; others may, unless a Parquet file says it', names)
    .option('--statistics', 'columns in which Parquet files count no null hold none')
    .option(
      '--input-format <format>',
      `format of a table: ${READ_FORMATS.join(', ')} (default: by its ending)`,
      inputFormat,
    )
    .addHelpText(
      'after',
      '\nExamples:\n  inframe types flights.parquet --not-null origin,destination --out flights.ts\n  inframe types delay.onnx >> models.ts',
    )
    .action((path: string, flags: TypesFlags) => act(path, flags));
}
