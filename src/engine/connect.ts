import { Session } from '../frame/session.js';
import type { Model, ModelOptions } from '../udf/model.js';
import { EmbeddedEngine, type EmbeddedOptions } from './embedded/embedded-engine.js';

/** A session whose models are ONNX files. */
export type InframeSession = Session<Model, ModelOptions>;

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
