import { relative } from 'node:path';
import { connect, InframeError } from '../../index.js';
import { configure } from '../../udf/huggingface/configure.js';
import type { FolderModel } from '../../udf/huggingface/folder.js';
import { locateModel } from '../../udf/huggingface/locate.js';
import { modelNameOf } from '../../udf/model.js';
import { type OnnxFile, readModel } from '../../udf/onnx/file.js';
import { inspectModel, type ModelReport } from '../../udf/onnx/inspect.js';
import { withFields } from '../../udf/onnx/message.js';
import { graphOf } from '../../udf/onnx/walk.js';
import { ExitCode, errorObject, inShellWords, wrongUse } from '../failure.js';
import { Interrupt } from '../interrupt.js';
import { print, printJson, say } from '../io.js';
import { type Findings, modelObject, modelText } from '../model-text.js';

export interface InspectFlags {
  readonly json?: boolean;
  readonly task?: string;
  readonly variant?: string;
}

/** `inframe inspect`: what a model file is, and whether and how it can be run. */
export async function inspect(path: string, flags: InspectFlags): Promise<number> {
  if (path.trim() === '') throw wrongUse("MODEL '' is empty; name an ONNX file");
  const interrupt = new Interrupt();
  try {
    const folder = await locateModel(path, { variant: flags.variant });
    if (folder === undefined) checkFlags(path, flags);
    const file = await readModel(folder?.file ?? path);
    const { report, error } = reportOf(file);
    const findings: Findings = {
      name: folder?.name ?? modelNameOf(path),
      path: relative(process.cwd(), file.path),
      sha256: file.sha256,
      report,
      ...(await tryModel(file.path, error)),
      ...(folder === undefined ? {} : { folder: configuration(folder, report, flags) }),
    };
    const failure = 'error' in findings.outcome ? findings.outcome.error : undefined;
    if (flags.json) {
      printJson({ ...modelObject(findings), ...(failure === undefined ? {} : { error: errorObject(failure) }) });
    } else {
      print(modelText(findings));
    }
    if (failure === undefined) return ExitCode.ok;
    say(`model '${path}' cannot be run: ${failure.message}`);
    return ExitCode.failed;
  } finally {
    interrupt.release();
  }
}

/** @throws InframeError ARGUMENT_INVALID for flags that are of folders */
function checkFlags(path: string, { task, variant }: InspectFlags): void {
  const stray = task !== undefined ? '--task' : variant !== undefined ? '--variant' : undefined;
  if (stray !== undefined)
    throw wrongUse(`option ${stray} is for folders and ids of Hugging Face, and '${path}' is neither`);
}

/** What a folder says of its model; that it cannot be followed is no reason to hide the rest. */
function configuration(folder: FolderModel, { signature }: ModelReport, { task }: InspectFlags): Findings['folder'] {
  try {
    return configure(folder, signature, { task });
  } catch (error) {
    if (error instanceof InframeError && error.code !== 'ARGUMENT_INVALID') return { error };
    throw error;
  }
}

/** Inputs and outputs that are no tensors cannot be described, the rest of the file can. */
function reportOf(file: OnnxFile): { readonly report: ModelReport; readonly error?: InframeError } {
  try {
    return { report: inspectModel(file) };
  } catch (error) {
    if (!(error instanceof InframeError)) throw error;
    const graph = withFields(graphOf(file.model), { input: [], output: [] });
    return { report: inspectModel({ ...file, model: withFields(file.model, { graph }) }), error };
  }
}

/** Opens the model in a worker, as a job would. */
async function tryModel(path: string, known: InframeError | undefined): Promise<Pick<Findings, 'outcome'>> {
  if (known !== undefined) return { outcome: { error: known } };
  const session = await connect({ workers: 1 });
  try {
    const model = await session.model(path);
    return { outcome: { batch: model.batch } };
  } catch (error) {
    return { outcome: { error: inShellWords(error) } };
  } finally {
    await session.close();
  }
}
