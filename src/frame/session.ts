import type { Engine } from './engine.js';
import { InframeError } from './errors.js';
import { DataFrameReader } from './reader.js';

/**
 * Where tables are read and models are loaded. Made by `connect()`.
 *
 * @example
 * const session = await connect();
 * try { await session.read.parquet('flights.parquet').show(); } finally { await session.close(); }
 */
export class Session<M = unknown, O = object> {
  readonly #engine: Engine;
  readonly #loadModel: (path: string, options: O) => Promise<M>;
  #closed = false;

  constructor(engine: Engine, loadModel: (path: string, options: O) => Promise<M>) {
    this.#engine = engine;
    this.#loadModel = loadModel;
  }

  /** Readers of tables. */
  get read(): DataFrameReader {
    return new DataFrameReader(this);
  }

  /**
   * Loads an ONNX file and gives it as a function of columns.
   *
   * @throws InframeError MODEL_NOT_FOUND, MODEL_INVALID, MODEL_UNSUPPORTED, MODEL_EXTERNAL_DATA
   */
  async model(path: string, options?: O): Promise<M> {
    if (this.#closed) throw sessionClosed();
    return this.#loadModel(path, options ?? ({} as O));
  }

  /** Who carries plans out; not for users. @internal */
  get engine(): Engine {
    if (this.#closed) throw sessionClosed();
    return this.#engine;
  }

  /** Stops the workers and gives everything back. A closed session cannot be used again. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#engine.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function sessionClosed(): InframeError {
  return new InframeError('SESSION_CLOSED', 'session is closed; make another with connect()');
}

/** What a frame needs of its session, whatever models it loads. */
export interface AnySession {
  readonly engine: Engine;
}
