import { InframeError, messageOf } from '../frame/errors.js';
import type { BatchMode, GraphEdits } from './descriptor.js';
import { numericArray } from './dtypes.js';
import { editGraph } from './graph.js';
import type { ProbedModel } from './loaded-model.js';
import { endingOf } from './onnx/adapt/ending.js';
import { batchOf } from './onnx/batch.js';
import { inlineExternalData } from './onnx/external.js';
import { type OnnxFile, readModel, serializeModel } from './onnx/file.js';
import { removeZipMaps } from './onnx/zipmap.js';
import { ModelSession, SHAPE_BYTES, type Tensor } from './runtime.js';
import { describeTensor, type ModelSignature, signatureOf, type TensorInfo } from './signature.js';
import { largerSizes, makeRows, type Rows, type TrialSizes, trialSizes } from './trial-rows.js';

/** Relative and absolute difference within which two ways of running a network count as the same. */
const RELATIVE = 1e-3;
const ABSOLUTE = 1e-4;

/**
 * Reads a model file and tries it: can ONNX Runtime open it, does every output have a row for every row of input, how many
 * rows may one run take, and what shape has a row of each output. To be called in a worker (Rule 1).
 *
 * The batch dimension: as published if it is open and rows do not influence each other; else made free (see
 * onnx/batch.ts) if that gives the same numbers, row by row, on made-up inputs; else fixed at the published size.
 *
 * @throws InframeError MODEL_NOT_FOUND, MODEL_INVALID, MODEL_UNSUPPORTED, MODEL_EXTERNAL_DATA
 */
export async function probeModel(path: string, threads: number): Promise<ProbedModel> {
  const file = await readModel(path);
  const { model, classes } = removeZipMaps(file.model);
  const signature = signatureOf(model, classes);
  const { batch, outputDims } = await findBatch(file, signature, threads);
  const activations = Object.fromEntries(signature.outputs.map(({ name }) => [name, endingOf(model, name)]));
  return { path: file.path, sha256: file.sha256, bytes: file.bytes, signature, batch, outputDims, activations };
}

interface Finding {
  readonly batch: BatchMode;
  readonly outputDims: Readonly<Record<string, readonly (number | null)[]>>;
}

async function findBatch(file: OnnxFile, signature: ModelSignature, threads: number): Promise<Finding> {
  const declared = batchOf(signature);
  if (declared.kind === 'none') throw noBatch(file.path, declared.reason);
  const published = declared.kind === 'fixed' ? declared.size : undefined;
  const trial = new Trial(file, signature, threads);
  try {
    return await trial.run(published);
  } finally {
    await trial.close();
  }
}

function noBatch(path: string, reason: string): InframeError {
  return new InframeError(
    'MODEL_UNSUPPORTED',
    `model '${path}' cannot score rows in batches, because ${reason}; export it with a first dimension that counts rows`,
    { model: path },
  );
}

/** Runs of one model on made-up rows. */
class Trial {
  readonly #file: OnnxFile;
  readonly #signature: ModelSignature;
  readonly #threads: number;
  readonly #sessions: ModelSession[] = [];

  constructor(file: OnnxFile, signature: ModelSignature, threads: number) {
    this.#file = file;
    this.#signature = signature;
    this.#threads = threads;
  }

  async run(published: number | undefined): Promise<Finding> {
    const asIs: BatchMode =
      published === undefined ? { kind: 'free', freed: false } : { kind: 'fixed', size: published };
    const session = await this.#open(asIs);
    const { rows, sizes, alone: truth } = await this.#takenRows(session, published);
    if (published === undefined) {
      const together = await attempt(session, rows);
      if (together.ok && truth.ok && agree(together.rows, truth.rows)) {
        const outputDims = await this.#observe(sizes, rows, together.rows, more => attempt(session, more));
        return { batch: asIs, outputDims };
      }
      // A dimension that only looks open: the graph was traced with one row.
      if (truth.ok) {
        const outputDims = await this.#observe(sizes, rows, truth.rows, more => oneByOne(session, more, 1));
        return { batch: { kind: 'fixed', size: 1 }, outputDims };
      }
      if (together.ok) throw noBatch(this.#file.path, 'a run of one row fails where a run of several does not');
      return this.#withoutTrial(asIs, truth.reason);
    }
    if (!truth.ok) return this.#withoutTrial(asIs, truth.reason);
    const outputDims = await this.#observe(sizes, rows, truth.rows, more => oneByOne(session, more, published));
    const free: BatchMode = { kind: 'free', freed: true };
    const freed = await this.#open(free).catch(() => undefined);
    if (freed !== undefined) {
      const together = await attempt(freed, rows);
      const alone = await oneByOne(freed, rows, 1);
      if (together.ok && alone.ok && agree(together.rows, truth.rows) && agree(alone.rows, truth.rows)) {
        return { batch: free, outputDims };
      }
    }
    if (!(await this.#independent(session, rows, truth.rows, published))) {
      throw noBatch(this.#file.path, 'what it says of a row depends on the other rows of the run');
    }
    return { batch: asIs, outputDims };
  }

  /**
   * Rows of the first sizes that the network takes in its published way; of the very first where it takes none. A result
   * without numbers (a picture pooled away) proves nothing, and counts only where there is no other.
   */
  async #takenRows(session: ModelSession, published: number | undefined): Promise<Taken> {
    const count = Math.max(3, (published ?? 0) + 1);
    const tried: Taken[] = [];
    for (const sizes of trialSizes(this.#signature.inputs)) {
      const rows = makeRows(this.#signature.inputs, count, sizes);
      const alone = await oneByOne(session, rows, published ?? 1);
      if (alone.ok && Object.values(alone.rows).every(({ data }) => data.length > 0)) return { rows, sizes, alone };
      tried.push({ rows, sizes, alone });
    }
    return tried.find(({ alone }) => alone.ok) ?? tried[0]!;
  }

  /** True if rows keep their results among other neighbours: here, those that stand one place further on. */
  async #independent(session: ModelSession, rows: Rows, truth: Results, size: number): Promise<boolean> {
    if (size === 1) return true;
    const order = Array.from({ length: rows.count }, (_, row) => (row + 1) % rows.count);
    const moved = await oneByOne(session, { count: rows.count, tensors: pick(rows.tensors, order) }, size);
    return moved.ok && agree(moved.rows, pick(truth, order));
  }

  /** Sizes that two trials agree on are the model's; those that follow an open dimension of the input are the row's. */
  async #observe(
    sizes: TrialSizes,
    rows: Rows,
    first: Results,
    run: (rows: Rows) => Promise<Outcome>,
  ): Promise<Finding['outputDims']> {
    const dims = dimsOf(first);
    const open = this.#signature.inputs.some(({ dims }) => dims?.slice(1).some(dim => typeof dim !== 'number') ?? true);
    if (!open) return dims;
    let larger: Outcome | undefined;
    for (const more of largerSizes(sizes)) {
      larger = await run(makeRows(this.#signature.inputs, rows.count, more));
      if (larger.ok) break;
    }
    if (!larger?.ok) return dims;
    const second = dimsOf(larger.rows);
    return Object.fromEntries(
      Object.entries(dims).map(([name, values]) => [
        name,
        values.map((value, index) => (second[name]?.[index] === value ? value : null)),
      ]),
    );
  }

  /**
   * A network that refuses made-up inputs (a lookup out of range, say) may like real ones: its signature is then all
   * there is to go by, and a batch is what the file says it is.
   */
  #withoutTrial(batch: BatchMode, reason: string): Finding {
    const outputDims: Record<string, readonly (number | null)[]> = {};
    for (const output of this.#signature.outputs) {
      if (output.dims === undefined) {
        throw new InframeError(
          'MODEL_UNSUPPORTED',
          `output '${output.name}' (${describeTensor(output)}) of model '${this.#file.path}' does not say its shape, and a trial run failed: ${reason}; export the model with output shapes`,
        );
      }
      outputDims[output.name] = output.dims.slice(1).map(dim => (typeof dim === 'number' ? dim : null));
    }
    return { batch, outputDims };
  }

  async #open(batch: BatchMode): Promise<ModelSession> {
    const edits: GraphEdits = {
      batch,
      transposedInputs: [],
      encodedInputs: [],
      widenedInputs: float16(this.#signature.inputs),
      widenedOutputs: float16(this.#signature.outputs),
      outputs: this.#signature.outputs.map(({ name }) => name),
    };
    const { model, externalFolder, path } = this.#file;
    const inlined =
      externalFolder === undefined ? model : await inlineExternalData(model, externalFolder, path, SHAPE_BYTES);
    const bytes = serializeModel(editGraph(inlined, edits));
    const session = await ModelSession.fromBytes(bytes, path, this.#threads, externalFolder);
    this.#sessions.push(session);
    return session;
  }

  async close(): Promise<void> {
    for (const session of this.#sessions) await session.close();
  }
}

function float16(tensors: readonly TensorInfo[]): readonly string[] {
  return tensors.filter(({ dtype }) => dtype === 'float16').map(({ name }) => name);
}

/** Results by output: a tensor whose first dimension is the rows. */
type Results = Readonly<Record<string, Tensor>>;

/** Made-up rows, and what came of running them in the published way. */
interface Taken {
  readonly rows: Rows;
  readonly sizes: TrialSizes;
  readonly alone: Outcome;
}

type Outcome = { readonly ok: true; readonly rows: Results } | { readonly ok: false; readonly reason: string };

async function attempt(session: ModelSession, rows: Rows): Promise<Outcome> {
  try {
    const results = await session.run(rows.tensors);
    const wrong = Object.entries(results).find(([, tensor]) => tensor.dims[0] !== rows.count);
    return wrong === undefined
      ? { ok: true, rows: results }
      : { ok: false, reason: `output '${wrong[0]}' has shape [${wrong[1].dims.join(', ')}] for ${rows.count} rows` };
  } catch (error) {
    return { ok: false, reason: messageOf(error) };
  }
}

/** The same rows in runs of `size`; the last is padded by repeating its first row. */
async function oneByOne(session: ModelSession, rows: Rows, size: number): Promise<Outcome> {
  const collected: Record<string, Tensor[]> = {};
  for (let start = 0; start < rows.count; start += size) {
    const indexes = Array.from({ length: size }, (_, index) => (start + index < rows.count ? start + index : start));
    const outcome = await attempt(session, { count: size, tensors: pick(rows.tensors, indexes) });
    if (!outcome.ok) return outcome;
    const wanted = Array.from({ length: Math.min(size, rows.count - start) }, (_, index) => index);
    for (const [name, tensor] of Object.entries(pick(outcome.rows, wanted))) {
      collected[name] = [...(collected[name] ?? []), tensor];
    }
  }
  return { ok: true, rows: Object.fromEntries(Object.entries(collected).map(([name, parts]) => [name, join(parts)])) };
}

function pick(tensors: Readonly<Record<string, Tensor>>, rows: readonly number[]): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { dtype, data, dims }]) => {
      const size = dims.slice(1).reduce((product, dim) => product * dim, 1);
      const values = rows.flatMap(row => [
        ...((data as Float32Array).subarray?.(row * size, (row + 1) * size) ??
          (data as readonly string[]).slice(row * size, (row + 1) * size)),
      ]);
      return [name, { dtype, data: fill(dtype, values), dims: [rows.length, ...dims.slice(1)] }];
    }),
  );
}

function join(parts: readonly Tensor[]): Tensor {
  const [first] = parts;
  const values = parts.flatMap(part => [...(part.data as Iterable<number | string>)]);
  return {
    dtype: first!.dtype,
    data: fill(first!.dtype, values),
    dims: [parts.reduce((count, part) => count + part.dims[0]!, 0), ...first!.dims.slice(1)],
  };
}

function fill(dtype: Tensor['dtype'], values: readonly (number | bigint | string)[]): Tensor['data'] {
  if (dtype === 'string') return values as readonly string[];
  const data = numericArray(dtype, values.length);
  values.forEach((value, index) => {
    data[index] = value as number;
  });
  return data;
}

function agree(a: Results, b: Results): boolean {
  return Object.entries(a).every(([name, left]) => {
    const right = b[name];
    if (right === undefined || left.dims.join() !== right.dims.join()) return false;
    for (let index = 0; index < left.data.length; index++) {
      const x = left.data[index]!;
      const y = right.data[index]!;
      if (x === y || (Number.isNaN(x) && Number.isNaN(y))) continue;
      if (typeof x === 'string' || !(Math.abs(Number(x) - Number(y)) <= ABSOLUTE + RELATIVE * Math.abs(Number(y))))
        return false;
    }
    return true;
  });
}

function dimsOf(results: Results): Finding['outputDims'] {
  return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, tensor.dims.slice(1)]));
}
