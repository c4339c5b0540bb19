import { readFile } from 'node:fs/promises';
import * as ort from 'onnxruntime-node';
import { InframeError, messageOf } from '../frame/errors.js';
import type { ModelDescriptor } from './descriptor.js';
import type { NumericArray } from './dtypes.js';
import { editGraph, needsNoEdit } from './graph.js';
import { hashOf } from './hash.js';
import { inlineExternalData, sessionOptionsFor } from './onnx/external.js';
import { readModel, serializeModel } from './onnx/file.js';
import type { Dtype } from './signature.js';

/** External tensors up to this size are put into the graph: ONNX Runtime refuses shape constants that stand outside. */
export const SHAPE_BYTES = 1024;

/** What goes into and comes out of one run: a tensor as plain data. */
export interface Tensor {
  readonly dtype: Dtype;
  readonly data: NumericArray | readonly string[];
  readonly dims: readonly number[];
}

/**
 * A network that is open in this thread. Only workers may hold one (Rule 1): `run` is a native call that does not return
 * before the network has.
 */
export class ModelSession {
  readonly #session: ort.InferenceSession;
  /** How often the network has been run, for reports and for tests that count. */
  runs = 0;

  private constructor(session: ort.InferenceSession) {
    this.#session = session;
  }

  /**
   * Opens a model file with its edits.
   *
   * @throws InframeError MODEL_CHANGED if the file is no longer what the descriptor says, MODEL_INVALID or
   *   MODEL_UNSUPPORTED if ONNX Runtime refuses it
   */
  static async open(descriptor: ModelDescriptor): Promise<ModelSession> {
    const file = await readModel(descriptor.path);
    if (file.sha256 !== descriptor.sha256) {
      throw new InframeError(
        'MODEL_CHANGED',
        `model '${descriptor.path}' has changed since it was loaded; load it again with session.model()`,
      );
    }
    const { externalFolder } = file;
    const model =
      externalFolder === undefined
        ? file.model
        : await inlineExternalData(file.model, externalFolder, file.path, SHAPE_BYTES);
    const bytes =
      model === file.model && needsNoEdit(model, descriptor.edits)
        ? await readFile(descriptor.path)
        : serializeModel(editGraph(model, descriptor.edits));
    return ModelSession.fromBytes(bytes, descriptor.path, descriptor.threads, externalFolder);
  }

  static async fromBytes(
    bytes: Uint8Array,
    name: string,
    threads: number,
    externalFolder: string | undefined,
  ): Promise<ModelSession> {
    try {
      const session = await ort.InferenceSession.create(bytes, {
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        graphOptimizationLevel: 'all',
        logSeverityLevel: 4,
        ...sessionOptionsFor({ externalFolder }),
      });
      return new ModelSession(session);
    } catch (error) {
      throw openError(name, error);
    }
  }

  /**
   * One run of the network.
   *
   * @throws Error whatever ONNX Runtime says; the caller decides which rows it concerns (Rule 5)
   */
  async run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>> {
    const inputs: Record<string, ort.Tensor> = {};
    for (const [name, tensor] of Object.entries(feeds)) {
      inputs[name] = new ort.Tensor(tensor.dtype as 'float32', tensor.data as Float32Array, tensor.dims);
    }
    this.runs += 1;
    const results = await this.#session.run(inputs);
    const outputs: Record<string, Tensor> = {};
    for (const [name, value] of Object.entries(results)) {
      outputs[name] = { dtype: value.type as Dtype, data: value.data as NumericArray, dims: value.dims };
    }
    return outputs;
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}

/** ONNX Runtime's refusal in our words; its own first sentence is kept, since it names the node. */
function openError(name: string, error: unknown): InframeError {
  const text = messageOf(error);
  const operator =
    /([\w.]*:?[\w]+)\(-?\d+\) is not a registered function\/op/.exec(text)?.[1] ??
    /NOT_IMPLEMENTED.*?(?:implementation for (?:the node )?)([\w:.]+)/.exec(text)?.[1] ??
    /No Op registered for (\w+)/.exec(text)?.[1];
  if (operator !== undefined) {
    return new InframeError(
      'MODEL_UNSUPPORTED',
      `operator '${operator}' of model '${name}' is not one that ONNX Runtime ${ort.env.versions.node ?? ''} runs; export the model with standard operators or another opset (${text})`,
      { model: name, operator },
    );
  }
  return new InframeError(
    'MODEL_INVALID',
    `model '${name}' cannot be opened by ONNX Runtime: ${text}; check it with inframe inspect and export it again`,
    { model: name },
  );
}

/** Sessions of this thread, kept warm: a worker that gets the next task of a job has its network open already. */
export class SessionCache {
  readonly #open = new Map<string, Promise<ModelSession>>();
  readonly #most: number;

  constructor(most = 8) {
    this.#most = most;
  }

  get(descriptor: ModelDescriptor): Promise<ModelSession> {
    const key = hashOf(descriptor);
    const existing = this.#open.get(key);
    if (existing !== undefined) {
      // Last used goes last: the first is the one to close.
      this.#open.delete(key);
      this.#open.set(key, existing);
      return existing;
    }
    const opening = ModelSession.open(descriptor);
    this.#open.set(key, opening);
    opening.catch(() => this.#open.delete(key));
    return opening;
  }

  /** Closes what has not been used for longest. Only between tasks: a task's own sessions are in use. */
  async trim(): Promise<void> {
    for (const [key, session] of this.#open) {
      if (this.#open.size <= this.#most) return;
      this.#open.delete(key);
      await (await session).close();
    }
  }

  async close(): Promise<void> {
    const sessions = [...this.#open.values()];
    this.#open.clear();
    for (const session of sessions) await session.then(open => open.close()).catch(() => undefined);
  }
}
