import { type InframeError, listNames } from '../frame/errors.js';
import { formatBytes, formatTable } from '../frame/show.js';
import { Schema } from '../index.js';
import type { InputAdapter, OutputAdapter } from '../udf/adapters/adapter.js';
import { accepts } from '../udf/describe.js';
import type { BatchMode } from '../udf/descriptor.js';
import type { ConfiguredModel } from '../udf/huggingface/configure.js';
import type { ModelReport } from '../udf/onnx/inspect.js';
import { describeTensor, type TensorInfo } from '../udf/signature.js';
import { count, oneLine, plural } from './words.js';

/** All that `inframe inspect` has found out. */
export interface Findings {
  readonly name: string;
  readonly path: string;
  readonly sha256: string;
  readonly report: ModelReport;
  /** What came of trying to run it. */
  readonly outcome: { readonly batch: BatchMode } | { readonly error: InframeError };
  /** What the folder that it is in says of it; undefined for a file alone. */
  readonly folder?: ConfiguredModel | { readonly error: InframeError } | undefined;
}

/** For a program. */
export function modelObject({ name, path, sha256, report, outcome, folder }: Findings): object {
  const { signature, batch, ...rest } = report;
  const tensor = (info: TensorInfo): object => ({
    name: info.name,
    dtype: info.dtype,
    // A size that is not stated would vanish from JSON.
    dims: info.dims?.map(dim => dim ?? null) ?? null,
    ...(info.classes === undefined ? {} : { classes: info.classes }),
  });
  return {
    name,
    path,
    sha256,
    ...rest,
    inputs: signature.inputs.map(input => ({ ...tensor(input), accepts: accepts(input) })),
    outputs: signature.outputs.map(tensor),
    batch: 'batch' in outcome ? outcome.batch : batch,
    runs: 'batch' in outcome,
    ...(folder === undefined ? {} : { configuration: configurationObject(folder) }),
  };
}

function configurationObject(folder: NonNullable<Findings['folder']>): object {
  if ('error' in folder) return { error: folder.error.toJSON() };
  const { task, inputs, outputs, notes } = folder;
  return { task, inputs, outputs, notes };
}

/** For a person. */
export function modelText(findings: Findings): string {
  const { report } = findings;
  const blocks = [facts(findings)];
  const { inputs, outputs } = report.signature;
  if (inputs.length > 0) {
    blocks.push(
      table(
        'inputs',
        inputs.map(input => ({ name: input.name, tensor: describeTensor(input), 'can be fed by': accepts(input) })),
      ),
    );
  }
  if (outputs.length > 0) {
    blocks.push(
      table(
        'outputs',
        outputs.map(output => ({ name: output.name, tensor: describeTensor(output), ...classesOf(output, outputs) })),
      ),
    );
  }
  if (findings.folder !== undefined) blocks.push(...folderBlocks(findings.folder));
  blocks.push(
    section(
      `operators (${count(report.operators.reduce((sum, operator) => sum + operator.count, 0))})`,
      report.operators.map(operator => `${operator.name} ${count(operator.count)}`),
    ),
  );
  if (report.externalFiles.length > 0) blocks.push(section('external files', report.externalFiles));
  const metadata = Object.entries(report.metadata);
  if (metadata.length > 0)
    blocks.push(
      section(
        'metadata',
        metadata.map(([key, value]) => `${key}: ${value}`),
      ),
    );
  return blocks.join('\n\n');
}

/** What is fed and made, one adapter a line; parts that are left to the network or say nothing are left out. */
function folderBlocks(folder: NonNullable<Findings['folder']>): readonly string[] {
  if ('error' in folder) return [section('configuration', [`cannot be followed: ${folder.error.message}`])];
  const { task, inputs, outputs, notes } = folder;
  const lines = Object.entries({ ...inputs, ...outputs }).map(([name, adapter]) => `${name} = ${adapterText(adapter)}`);
  const blocks = [section(`configuration (${task})`, lines)];
  return notes.length === 0 ? blocks : [...blocks, section('notes', notes)];
}

/** `classification(labels = 1,000 texts, activation = auto)` */
function adapterText({ adapter, ...parts }: InputAdapter | OutputAdapter): string {
  const words = Object.entries(parts).flatMap(([name, value]: [string, unknown]) => {
    if (value === undefined || name === 'source' || (Array.isArray(value) && value.length === 0)) return [];
    if (name === 'labels' && Array.isArray(value)) return [`labels = ${plural(value.length, 'text')}`];
    return [`${name} = ${typeof value === 'string' ? value : JSON.stringify(value)}`];
  });
  return `${adapter}(${words.join(', ')})`;
}

function facts({ name, path, sha256, report, outcome }: Findings): string {
  const opset = Object.entries(report.opset).map(([domain, version]) => `${domain} ${version}`);
  const lines: readonly (readonly [string, string])[] = [
    ['model', name],
    ['file', `${path}, ${formatBytes(report.bytes)}`],
    ['sha256', sha256],
    ['format', `ONNX, IR version ${report.irVersion}`],
    ['opset', opset.join(', ')],
    ['producer', report.producer === '' ? 'not stated' : report.producer],
    ['parameters', count(report.parameters)],
    ['batch', batchText(outcome)],
  ];
  const width = Math.max(...lines.map(([key]) => key.length));
  return lines.map(([key, value]) => `${key.padEnd(width)}  ${oneLine(value)}`).join('\n');
}

function batchText(outcome: Findings['outcome']): string {
  if ('error' in outcome) return 'cannot be run, see below';
  const { batch } = outcome;
  if (batch.kind === 'fixed') return `fixed at ${plural(batch.size, 'row')} a run; a shorter run is filled up`;
  return batch.freed ? 'any number of rows (made free; checked against the file as it is)' : 'any number of rows';
}

function classesOf(output: TensorInfo, all: readonly TensorInfo[]): Readonly<Record<string, string>> {
  if (!all.some(other => other.classes !== undefined)) return {};
  const { classes } = output;
  return { classes: classes === undefined ? '' : `${count(classes.length)}: ${listNames(classes.map(String), 8)}` };
}

function table(title: string, rows: readonly Readonly<Record<string, string>>[]): string {
  const schema = new Schema(Object.keys(rows[0]!).map(name => ({ name, type: { kind: 'string' } })));
  return `${title}\n${formatTable(schema, rows, { maxWidth: 80 })}`;
}

function section(title: string, lines: readonly string[]): string {
  return [title, ...lines.map(line => `  ${oneLine(line)}`)].join('\n');
}
