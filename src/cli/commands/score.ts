import {
  col,
  connect,
  type DataFrame,
  type Format,
  InframeError,
  type Model,
  type ReadFormat,
  sql,
} from '../../index.js';
import { ExitCode, errorObject, isAborted, wrongUse } from '../failure.js';
import type { InputFlags, OutputFlags, Pairs } from '../flags.js';
import { Interrupt } from '../interrupt.js';
import { print, printJson, say } from '../io.js';
import type { JobWatch } from '../job-watch.js';
import { modelOptions } from '../model-flags.js';
import { Progress } from '../progress.js';
import { type Outcome, reportObject, reportText } from '../report.js';
import { readTables } from '../source.js';
import { count, plural } from '../words.js';

export interface ScoreFlags {
  readonly model: string;
  readonly out: string;
  readonly input?: InputFlags;
  readonly output?: OutputFlags;
  readonly task?: string;
  readonly variant?: string;
  readonly with?: Pairs;
  readonly where?: string;
  readonly keep?: readonly string[];
  readonly name?: readonly string[];
  readonly format: Format;
  readonly inputFormat?: ReadFormat;
  readonly workers?: number;
  readonly batch?: number;
  readonly overwrite?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `inframe score`: a table and a model in, a scored table out. */
export async function score(paths: readonly string[], flags: ScoreFlags): Promise<number> {
  const progress = new Progress({ stream: process.stderr, quiet: flags.quiet === true });
  const interrupt = new Interrupt(
    () => {
      progress.stop();
      say('stopping; what is committed is kept (once more to quit at once)');
    },
    () => progress.stop(),
  );
  try {
    const outcome = await run(paths, flags, progress, interrupt.signal);
    progress.stop();
    if (flags.json) printJson(reportObject(outcome));
    else print(reportText(outcome));
    return ExitCode.ok;
  } catch (error) {
    progress.stop();
    if (interrupt.exitCode === undefined || !isAborted(error)) throw error;
    const stopped = stoppedError(progress.watch);
    say(stopped.message);
    if (flags.json) printJson({ error: errorObject(stopped) });
    return interrupt.exitCode;
  } finally {
    interrupt.release();
  }
}

async function run(
  paths: readonly string[],
  flags: ScoreFlags,
  progress: Progress,
  signal: AbortSignal,
): Promise<Outcome> {
  progress.begin('looking at the table');
  const session = await connect(flags.workers === undefined ? {} : { workers: flags.workers });
  try {
    const table = shape(await readTables(session, paths, flags.inputFormat), flags);
    const { names } = await table.schema();
    progress.begin('loading the model');
    const model = await session.model(flags.model, modelOptions(flags));
    checkInputs(model, flags);
    const scored = addOutputs(table, names, model, flags);
    // The engine looks at the signal once the job runs; until then nobody does.
    signal.throwIfAborted();
    const report = await scored.write[flags.format](flags.out, {
      mode: flags.overwrite === true ? 'overwrite' : 'error',
      signal,
      onEvent: progress.onEvent,
    });
    return { report, target: flags.out, format: flags.format, complete: progress.watch.stages === 0 };
  } finally {
    await session.close();
  }
}

/** Computed columns one after the other, so that each sees those before it; then the rows. */
function shape(table: DataFrame, flags: ScoreFlags): DataFrame {
  let shaped = table;
  for (const [name, expression] of flags.with ?? []) shaped = shaped.withColumn(name, sql(expression));
  return flags.where === undefined ? shaped : shaped.filter(flags.where);
}

function checkInputs(model: Model, flags: ScoreFlags): void {
  const inputs = model.signature.inputs.map(input => input.name);
  const unknown = [...(flags.input?.keys() ?? [])].find(name => !inputs.includes(name));
  if (unknown === undefined) return;
  throw wrongUse(`input '${unknown}' is not one of model '${model.modelName}'; it has: ${inputs.join(', ')}`);
}

function addOutputs(table: DataFrame, existing: readonly string[], model: Model, flags: ScoreFlags): DataFrame {
  const columns = model.outputs();
  const names = outputNames(Object.keys(columns), model.modelName, flags.name ?? []);
  const kept = (flags.keep ?? existing).map(name => name.toLowerCase());
  for (const [output, name] of names) {
    if (!kept.includes(name.toLowerCase())) continue;
    const other = names.size === 1 ? `--name ${name}_predicted` : `--name ${output}=${name}_predicted`;
    throw new InframeError(
      'COLUMN_DUPLICATE',
      `output '${output}' would be column '${name}', which the table has already; give it another name: ${other}`,
      { column: name },
    );
  }
  const outputs = [...names].map(([output, name]) => columns[output]!.as(name));
  return table.select(...(flags.keep ?? existing).map(name => col(name)), ...outputs);
}

/** What the column of each output is called. */
function outputNames(outputs: readonly string[], model: string, flags: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map(outputs.map(output => [output, output]));
  for (const flag of flags) {
    const at = flag.indexOf('=');
    const output = at < 0 ? outputs[0]! : flag.slice(0, at).trim();
    const name = flag.slice(at + 1).trim();
    if (at < 0 && outputs.length > 1) {
      throw wrongUse(
        `--name ${flag} does not say which output it is for; model '${model}' has: ${outputs.join(', ')}; write --name ${output}=${flag}`,
      );
    }
    if (!names.has(output) || name === '') {
      throw wrongUse(`--name ${flag} names no output of model '${model}'; it has: ${outputs.join(', ')}`);
    }
    names.set(output, name);
  }
  return names;
}

function stoppedError(watch: JobWatch): InframeError {
  const { committedRows, totalRows } = watch;
  const of =
    totalRows === undefined ? plural(committedRows, 'row') : `${count(committedRows)} of ${plural(totalRows, 'row')}`;
  return new InframeError('JOB_ABORTED', `stopped; ${of} are committed: start the same command again to go on`, {
    committedRows,
    totalRows: totalRows ?? null,
  });
}
