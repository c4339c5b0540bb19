import { createRequire } from 'node:module';
import { Command, CommanderError, Option } from 'commander';
import { FORMATS, READ_FORMATS } from '../frame/plan.js';
import type { HeadFlags } from './commands/head.js';
import type { InspectFlags } from './commands/inspect.js';
import type { ScoreFlags } from './commands/score.js';
import { ExitCode, wrongUse } from './failure.js';
import { format, inputFormat, inputs, names, notEmpty, outputs, pairs, wholeNumber } from './flags.js';
import { addReport } from './report-command.js';
import type { SqlFlags } from './sql-session.js';
import { addTypes } from './types-command.js';

const FORMAT_LIST = FORMATS.join(', ');
const INPUT_FORMAT_LIST = READ_FORMATS.join(', ');

/**
 * Reads a command line and does what it says. The commands are imported when they are called: help and complaints about
 * flags need no native library.
 *
 * @param args without the program's name
 * @returns the exit code
 * @throws InframeError whatever is wrong, with the words or with the work
 */
export async function runProgram(args: readonly string[]): Promise<number> {
  let code: number = ExitCode.ok;
  const program = new Command('inframe')
    .description('Pretrained networks on the tables you already have.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureOutput({ outputError: () => {} })
    .exitOverride()
    .addHelpText(
      'after',
      `
Examples:
  inframe head flights.parquet
  inframe inspect delay.onnx
  inframe score flights.parquet --model delay.onnx --out scored
  inframe sql "SELECT count(*) FROM 'flights.parquet'"

inframe score --help says more. Exit codes: 0 done, 1 the job failed, 2 wrong use, 130 stopped by Ctrl-C.`,
    );
  addScore(program, async (paths, flags) => {
    code = await (await import('./commands/score.js')).score(paths, flags);
  });
  addInspect(program, async (path, flags) => {
    code = await (await import('./commands/inspect.js')).inspect(path, flags);
  });
  addHead(program, async (path, flags) => {
    code = await (await import('./commands/head.js')).head(path, flags);
  });
  addReport(program, async (paths, flags) => {
    code = await (await import('./commands/report.js')).report(paths, flags);
  });
  addTypes(program, async (path, flags) => {
    code = await (await import('./commands/types.js')).types(path, flags);
  });
  addSql(program, async (text, flags) => {
    code = await (await import('./commands/sql.js')).sql(text, flags);
  });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return ExitCode.ok;
    // Without a command the help has been printed: that says it all.
    if (error.code === 'commander.help') return ExitCode.wrongUse;
    throw wrongUse(sentence(error, program, args));
  }
  return code;
}

function addScore(program: Command, act: (paths: readonly string[], flags: ScoreFlags) => Promise<void>): void {
  program
    .command('score')
    .summary('add the predictions of a model to a table')
    .description(
      'Reads tables, runs an ONNX model on every row, and writes the rows with the predictions as a folder of files.\n' +
        'Stopped or killed, it goes on where it was when the same command is started again.',
    )
    .argument('<input...>', 'files, folders or globs of one format')
    .option('-m, --model <file>', 'an ONNX file, or a folder or hub id of Hugging Face (required)', notEmpty)
    .option('-o, --out <folder>', 'where the result goes (required)', notEmpty)
    .optionsGroup('What the model sees:')
    .option(
      '--input <name=columns>',
      'columns that feed an input of the model: x=carat,depth (repeatable; default: the columns named like the inputs), ' +
        'or how it takes the column of its name: "x=image(width=224,height=224)"',
      inputs,
    )
    .option('--with <name=sql>', 'a computed column: "hour=hour(date)" (repeatable)', pairs('NAME=EXPRESSION'))
    .option('--where <sql>', 'only the rows for which this holds: "distance > 500"', notEmpty)
    .option(
      '--input-format <format>',
      `format of the input: ${INPUT_FORMAT_LIST} (default: by its ending)`,
      inputFormat,
    )
    .option(
      '--task <task>',
      'what the model is for, if it is a folder that does not say: image-classification',
      notEmpty,
    )
    .option('--variant <name>', 'which model of a folder: quantized for onnx/model_quantized.onnx', notEmpty)
    .optionsGroup('What is written:')
    .option(
      '--output <name=adapter>',
      'only these outputs, and what is made of them: "logits=classification(labels=labels.txt,top=5)" (repeatable)',
      outputs,
    )
    .option('--keep <columns>', 'only these columns of the table beside the predictions (default: all)', names)
    .option(
      '--name <column>',
      "name of the prediction's column (default: the output's own); output=column where there are several (repeatable)",
      (text: string, before: readonly string[] = []) => [...before, notEmpty(text)],
    )
    .option('--format <format>', `format of the result: ${FORMAT_LIST} (default: parquet)`, format)
    .option('--overwrite', 'replace what the folder holds, once the new result is whole')
    .optionsGroup('How it runs:')
    .option('--workers <n>', 'threads that run the model (default: one a core)', wholeNumber(1, 1024))
    .option('--batch <n>', "rows in one run of the model (default: by the row's size)", wholeNumber(1, 1_000_000))
    .optionsGroup('What is said:')
    .option('--json', 'the report as one JSON object')
    .option('-q, --quiet', 'no progress')
    .optionsGroup('Help:')
    .addHelpText(
      'after',
      `
Examples:
  inframe score flights.parquet --model delay.onnx --out scored \\
      --with "hour=hour(date)" --with "weekday=dayofweek(date)"
  inframe score 'data/2024-*.csv' --model price.onnx --out scored \\
      --input x=carat,depth,table --name price_predicted --keep id --format csv
  inframe score photos.parquet --model squeezenet.onnx --out scored \\
      --input "data_0=image(width=224,height=224,channels=BGR)" \\
      --output "softmaxout_1=classification(labels=imagenet_labels.txt,top=5)"`,
    )
    .action((paths: string[], flags: Partial<ScoreFlags>) => {
      // Not commander's requiredOption: it would hide a misspelt --modl behind a missing --model.
      const { model, out } = flags;
      if (model === undefined) throw wrongUse("option '--model' is missing; name an ONNX file: --model delay.onnx");
      if (out === undefined) throw wrongUse("option '--out' is missing; name a folder for the result: --out scored");
      return act(paths, { format: 'parquet', ...flags, model, out });
    });
}

function addInspect(program: Command, act: (path: string, flags: InspectFlags) => Promise<void>): void {
  program
    .command('inspect')
    .summary('say what a model file is and what it takes')
    .description(
      'Says what an ONNX file is: inputs and what can feed them, outputs, operators, size; and tries to run it.\n' +
        'Of a folder of Hugging Face it also says how the model will be fed and what its outputs become.',
    )
    .argument('<model>', 'an ONNX file, or a folder or hub id of Hugging Face')
    .option('--task <task>', 'what the model is for, if its folder does not say', notEmpty)
    .option('--variant <name>', 'which model of a folder: quantized for onnx/model_quantized.onnx', notEmpty)
    .option('--json', 'the same as one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  inframe inspect delay.onnx\n  inframe inspect models/all-MiniLM-L6-v2 --variant quantized',
    )
    .action((path: string, flags: InspectFlags) => act(path, flags));
}

function addHead(program: Command, act: (path: string, flags: HeadFlags) => Promise<void>): void {
  program
    .command('head')
    .summary('print the first rows and the columns of a table')
    .description('Prints the first rows of a table, and the names and types of its columns.')
    .argument('<input>', 'a file, a folder or a glob')
    .addOption(new Option('-n, --rows <n>', 'how many rows').argParser(wholeNumber(1, 100_000)).default(10))
    .option(
      '--input-format <format>',
      `format of the input: ${INPUT_FORMAT_LIST} (default: by its ending)`,
      inputFormat,
    )
    .option('--json', 'one JSON object: {"schema": [...], "rows": [...]}')
    .addHelpText('after', "\nExamples:\n  inframe head flights.parquet -n 3\n  inframe head 'scored/*.parquet'")
    .action((path: string, flags: HeadFlags) => act(path, flags));
}

function addSql(program: Command, act: (text: string | undefined, flags: SqlFlags) => Promise<void>): void {
  program
    .command('sql')
    .summary('run SQL in which models are functions')
    .description(
      'Runs SQL statements in which models can be called as functions, and prints what they give.\n' +
        'Without a statement it reads a script from standard input, or asks for statements at a terminal.',
    )
    .argument('[statement]', 'one or more statements with ; between them')
    .option('-f, --file <script>', 'a file of statements', notEmpty)
    .optionsGroup('What statements can name:')
    .option('-m, --model <name=file>', 'an ONNX file as a function: risk=delay.onnx (repeatable)', pairs('NAME=FILE'))
    .option('-t, --table <name=path>', 'files as a table: flights=data/*.parquet (repeatable)', pairs('NAME=PATH'))
    .option('-p, --param <name=value>', 'a value for $name, or for $1 and ?: 1=500 (repeatable)', pairs('NAME=VALUE'))
    .optionsGroup('What is written:')
    .option('-n, --rows <n>', 'the most rows of a result (default: 40 in a table, else all)', wholeNumber(1, 1e9))
    .option('--json', 'each result as one line of JSON: {"schema": [...], "rows": [...]}')
    .option('--csv', 'results as CSV')
    .optionsGroup('How it runs:')
    .option('--workers <n>', 'threads that run the models (default: one a core)', wholeNumber(1, 1024))
    .option('-q, --quiet', 'no progress, nothing but results')
    .optionsGroup('Help:')
    .addHelpText(
      'after',
      `
Examples:
  inframe sql "SELECT cut, avg(price) FROM 'diamonds.csv' GROUP BY cut"
  inframe sql "SELECT *, risk() AS risk FROM flights" \\
      --model risk=delay.onnx --table flights='data/*.parquet' --csv > scored.csv
  inframe sql --file report.sql --param since=2024-01-01
  inframe sql`,
    )
    .action((text: string | undefined, flags: SqlFlags) => act(text, flags));
}

/** Commander's complaint as one sentence of ours. */
function sentence(error: CommanderError, program: Command, args: readonly string[]): string {
  const known = program.commands.find(command => command.name() === args[0]);
  const help = `see inframe ${known === undefined ? '' : `${known.name()} `}--help`;
  const text = error.message
    .replace(/^error: /, '')
    .replace(/\n\(Did you mean (?:one of )?(.*)\?\)$/, (_, guess: string) => ` (did you mean '${guess}'?)`)
    .replace(' is invalid. ', ' is not possible; ')
    .replace(/^missing required (argument '.*')$/, '$1 is missing')
    .replace(/\. Expected (\d+) arguments? but got (\d+)/, ': $1 expected, $2 given')
    .replace(/\.$/, '');
  return `${text}; ${help}`;
}

function version(): string {
  // By the package's own name: right from dist/ and from build/ alike.
  const { version: text } = createRequire(import.meta.url)('inframe/package.json') as { readonly version: string };
  return text;
}
