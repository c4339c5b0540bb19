import assert from 'node:assert/strict';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { DataFrame, InframeError, type InframeSession, type Model, type ModelOptions } from '../../src/index.js';
import { saveModel } from '../support/tables.js';
import { difference, written } from './compare.js';
import type { Context, Operation } from './declare.js';
import type { Inputs, Layout } from './inputs.js';
import { MODELS, type ModelName } from './models.js';

/** One session of an engine, and what operations need on it. */
export class Bench {
  readonly #session: InframeSession;
  readonly #folder: string;
  readonly #inputs: Inputs;
  readonly #models = new Map<string, Promise<Model>>();

  /** @param folder where files of tables and models are made and found again by other benches */
  constructor(session: InframeSession, inputs: Inputs, folder: string) {
    this.#session = session;
    this.#inputs = inputs;
    this.#folder = folder;
  }

  /** What is wrong with what an operation gives; undefined if nothing is. */
  async check(operation: Operation, layout: Layout): Promise<string | undefined> {
    const { outcome } = operation;
    try {
      const answer = await this.#run(operation, layout);
      if (outcome.kind === 'error') {
        if (answer instanceof DataFrame) await answer.toArrow();
        return `nothing fails; expected an error ${outcome.code}`;
      }
      if (outcome.kind === 'value') {
        const same = isDeepEqual(answer, outcome.value);
        return same ? undefined : `the answer is ${written(answer)}, expected ${written(outcome.value)}`;
      }
      if (!(answer instanceof DataFrame)) return `the answer is ${written(answer)}, not a frame`;
      return difference(await answer.toArrow(), outcome.table, outcome.ordered, outcome.tolerance);
    } catch (error) {
      if (!(error instanceof InframeError)) throw error;
      if (outcome.kind === 'error' && outcome.code === error.code) return undefined;
      return `it fails: ${error.code}: ${error.message}`;
    }
  }

  /** The error that an operation ends with, or undefined if it does not. */
  async failure(operation: Operation, layout: Layout): Promise<unknown> {
    try {
      const answer = await this.#run(operation, layout);
      if (answer instanceof DataFrame) await answer.toArrow();
      return undefined;
    } catch (error) {
      return error;
    }
  }

  async #run(operation: Operation, layout: Layout): Promise<unknown> {
    const folders: Record<string, string> = {};
    const frames: Record<string, DataFrame> = {};
    for (const [name, input] of Object.entries(operation.tables)) {
      folders[name] = await this.#inputs.folder(input, layout);
      frames[name] = this.#session.read.parquet(folders[name]);
    }
    const context: Context = {
      session: this.#session,
      folder: await mkdtemp(join(this.#folder, 'run-')),
      path: name => folders[name]!,
      model: (name, options) => this.#model(name, options),
    };
    return operation.run(frames, context);
  }

  #model(name: ModelName, options: ModelOptions = {}): Promise<Model> {
    const key = JSON.stringify([name, options]);
    const loaded = this.#models.get(key) ?? this.#load(name, options);
    this.#models.set(key, loaded);
    return loaded;
  }

  async #load(name: ModelName, options: ModelOptions): Promise<Model> {
    const path = await saveModel(this.#folder, `${name}.onnx`, MODELS[name]);
    return this.#session.model(path, options);
  }
}

/** By the rules of `deepStrictEqual`: not-a-number is itself, and -0 is not 0. */
function isDeepEqual(value: unknown, other: unknown): boolean {
  try {
    assert.deepStrictEqual(value, other);
    return true;
  } catch {
    return false;
  }
}
