import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { PictureGeometry } from '../src/udf/adapters/image/decode.js';
import { decodePicture } from '../src/udf/adapters/image/decode.js';
import type { ModelDescriptor } from '../src/udf/descriptor.js';
import { ModelSession } from '../src/udf/runtime.js';

/* One worker of a job over pictures that does one half of it alone: decodes its files, or runs the network on pixels in memory. */

/** Which half, and of how much. */
export interface PictureWork {
  readonly half: 'decode' | 'model';
  readonly files: readonly string[];
  readonly geometry: PictureGeometry;
  readonly model: ModelDescriptor;
  readonly input: string;
  readonly batch: number;
}

const { half, files, geometry, model, input, batch } = workerData as PictureWork;
const port = parentPort!;

if (half === 'decode') {
  await decodePicture(await readFile(files[0]!), geometry);
  port.postMessage('ready');
  await once(port, 'message');
  let next = 0;
  // As many at once as a worker of a job has.
  const lane = async (): Promise<void> => {
    while (next < files.length) await decodePicture(await readFile(files[next++]!), geometry);
  };
  await Promise.all([lane(), lane()]);
} else {
  const session = await ModelSession.open(model);
  const { width, height } = geometry as { readonly width: number; readonly height: number };
  const data = new Uint8Array(batch * width * height * 3).map((_, index) => (index * 31) % 256);
  const feeds = { [input]: { dtype: 'uint8', data, dims: [batch, height, width, 3] } } as const;
  for (let warm = 0; warm < 3; warm++) await session.run(feeds);
  port.postMessage('ready');
  await once(port, 'message');
  for (let done = 0; done < files.length; done += batch) await session.run(feeds);
}
port.postMessage('done');
