import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import * as ort from 'onnxruntime-node';
import type { LimitRequest } from './limit.js';

/* One session that runs a model on the same tensors until it has seen its rows. */

const { model, feeds, rows, rowsPerRun, threads } = workerData as LimitRequest & { readonly threads: number };
const port = parentPort!;
const session = await ort.InferenceSession.create(model, {
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  graphOptimizationLevel: 'all',
});
const tensors = Object.fromEntries(
  Object.entries(feeds).map(([name, { dtype, data, dims }]) => [
    name,
    new ort.Tensor(dtype as 'float32', data as Float32Array, dims),
  ]),
);
for (let warm = 0; warm < 5; warm++) await session.run(tensors);
port.postMessage('ready');
await once(port, 'message');
for (let done = 0; done < rows; done += rowsPerRun) await session.run(tensors);
port.postMessage('done');
