import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { InframeError, messageOf } from '../../frame/errors.js';
import { interfaceName, isInterfaceName, rowTypescript } from '../../frame/typescript.js';
import { connect, type DataType, type Field, type InframeSession, type Model, type ReadFormat } from '../../index.js';
import { columnTypeOf } from '../../udf/dtypes.js';
import type { TensorInfo } from '../../udf/signature.js';
import { modelTypescript } from '../../udf/typescript.js';
import { ExitCode, wrongUse } from '../failure.js';
import { Interrupt } from '../interrupt.js';
import { print } from '../io.js';
import { notNullColumns } from '../not-null.js';
import { formatOfInputs, readTables } from '../source.js';

export interface TypesFlags {
  readonly name?: string;
  readonly out?: string;
  readonly notNull?: readonly string[];
  readonly statistics?: boolean;
  readonly inputFormat?: ReadFormat;
}

/** `inframe types`: the TypeScript type of a table's rows, or of a model. */
export async function types(path: string, flags: TypesFlags): Promise<number> {
  checkFlags(path, flags);
  const interrupt = new Interrupt();
  const session = await connect({ workers: 1 });
  try {
    const text = isModel(path) ? await modelType(session, path, flags) : await tableType(session, path, flags);
    if (flags.out === undefined) print(text.trimEnd());
    else await save(flags.out, text);
    return ExitCode.ok;
  } finally {
    await session.close();
    interrupt.release();
  }
}

function isModel(path: string): boolean {
  return /\.onnx$/i.test(path);
}

function checkFlags(path: string, { name, notNull, statistics, inputFormat }: TypesFlags): void {
  if (path.trim() === '') throw wrongUse("INPUT '' is empty; name a table or an ONNX file");
  if (name !== undefined && !isInterfaceName(name)) {
    throw wrongUse(`name '${name}' is not one that TypeScript takes; write it as in --name Flights`);
  }
  const ofTables = { '--not-null': notNull, '--statistics': statistics, '--input-format': inputFormat };
  const stray = Object.entries(ofTables).find(([, value]) => value !== undefined)?.[0];
  if (isModel(path) && stray !== undefined) throw wrongUse(`option ${stray} is for tables, and '${path}' is a model`);
}

async function tableType(session: InframeSession, path: string, flags: TypesFlags): Promise<string> {
  const format = await formatOfInputs([path], flags.inputFormat);
  const schema = await (await readTables(session, [path], format)).schema();
  const notNull = new Set((flags.notNull ?? []).map(name => schema.field(name).name));
  if (format === 'parquet') {
    for (const name of await notNullColumns(session, path, schema, flags.statistics === true)) notNull.add(name);
  } else if (flags.statistics) {
    throw wrongUse(`option --statistics is for Parquet, and '${path}' is ${format}; use --not-null a,b`);
  }
  // Of a pattern, the folder in which it looks tells more.
  const place = path.replace(/[\\/][^\\/]*[*?[{].*$/, '');
  return rowTypescript(schema, {
    name: flags.name ?? interfaceName(place, 'Row'),
    comment: `A row of ${basename(place)}.`,
    notNull,
  });
}

async function modelType(session: InframeSession, path: string, flags: TypesFlags): Promise<string> {
  const model = await session.model(path);
  return modelTypescript({
    name: flags.name ?? `${interfaceName(path, '')}Model`,
    comment: `What ${basename(path)} takes and gives.`,
    inputs: model.signature.inputs,
    outputs: await outputsOf(session, model),
  });
}

/** The columns that a call makes, as the analysis of one finds them: only running a model tells the sizes of its outputs. */
async function outputsOf(session: InframeSession, model: Model): Promise<readonly Field[]> {
  const { inputs, outputs } = model.signature;
  const columns = Object.fromEntries(inputs.map((input, at) => [`c${at}`, columnOf(input)]));
  const table = session.fromRows([], { row: { kind: 'int64' }, ...columns });
  const call = model(Object.fromEntries(inputs.map((input, at) => [input.name, `c${at}`])));
  const type = (await table.select(call.as('result')).schema()).type('result');
  if (outputs.length === 1) return [{ name: outputs[0]!.name, type }];
  return type.kind === 'struct' ? type.fields : [];
}

/** A column that can feed an input. */
function columnOf({ dtype, dims }: TensorInfo): DataType {
  const element = columnTypeOf(dtype);
  const scalar = dims?.slice(1).every(dim => dim === 1);
  return scalar ? element : { kind: 'list', element };
}

async function save(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new InframeError(
      'TARGET_NOT_WRITABLE',
      `file '${path}' cannot be written: ${messageOf(error)}; name another with --out`,
      { path },
    );
  }
}
