import { Session } from '../frame/session.js';
import type { ModelTypes } from '../frame/typed/models.js';
import type { Unchecked } from '../frame/typed/row.js';
import type { Model, ModelOptions } from '../udf/model.js';
import { EmbeddedEngine, type EmbeddedOptions } from './embedded/embedded-engine.js';

/** A session whose models are ONNX files. */
export interface InframeSession extends Session<Model, ModelOptions> {
  /**
   * Loads an ONNX file and gives it as a function of columns.
   *
   * @typeParam M what it takes and gives, as `inframe types` writes it: calls are then checked by the compiler
   * @throws InframeError MODEL_NOT_FOUND, MODEL_INVALID, MODEL_UNSUPPORTED, MODEL_EXTERNAL_DATA
   */
  model<M extends ModelTypes = Unchecked>(
    path: string,
    options: ModelOptions & Required<Pick<ModelOptions, 'inputs'>>,
  ): Promise<Model<M, false>>;
  model<M extends ModelTypes = Unchecked>(path: string, options?: ModelOptions): Promise<Model<M>>;
}

/**
 * Opens a session on the embedded engine: DuckDB and worker threads in this process, nothing to install beside npm.
 *
 * @example
 * const session = await connect();
 * const delay = await session.model('delay.onnx');
 * await session.read.parquet('flights.parquet').withColumn('risk', delay()).write.parquet('scored');
 * await session.close();
 */
export async function connect(options: EmbeddedOptions = {}): Promise<InframeSession> {
  const engine = await EmbeddedEngine.open(options);
  return new Session(engine, (path: string, model: ModelOptions) => engine.loadModel(path, model));
}
