import type { ModelReference } from '../../frame/model.js';
import { reference } from '../../frame/model.js';
import { udf } from '../function/udf.js';

/*
 * Functions that every session has: they run in the worker pool as users' functions do, and nobody has to register them.
 * A new one is a module of its own beside this file, which only workers load, an entry here, and where code is to call it a
 * function in frame/functions/pictures.ts.
 */

const PICTURE = {
  format: 'string',
  width: 'int32',
  height: 'int32',
  channels: 'int32',
  orientation: 'int32',
  error: 'string',
} as const;

/** As Spark's `ImageSchema` has it. */
const SPARK_IMAGE = {
  origin: 'string',
  height: 'int32',
  width: 'int32',
  nChannels: 'int32',
  mode: 'int32',
  data: 'binary',
} as const;

const IMAGE_INFO = new URL('./image-info.js', import.meta.url);

/** Pictures handed over at once: their bytes are in memory together. */
const PICTURES_A_BATCH = 32;

/** The names whose first letters are these are for readers, and stand in no list. */
export const HIDDEN_BUILTIN = '__inframe_';

let made: ReadonlyMap<string, ModelReference> | undefined;

/** Built-in functions by name, in lower case. */
export function builtins(): ReadonlyMap<string, ModelReference> {
  made ??= make();
  return made;
}

function make(): ReadonlyMap<string, ModelReference> {
  const common = { output: PICTURE, module: IMAGE_INFO, batchSize: PICTURES_A_BATCH } as const;
  const all = [
    udf({ ...common, name: 'image_info', inputs: { image: 'binary' }, export: 'imageInfo' }),
    udf({
      ...common,
      name: `${HIDDEN_BUILTIN}checked_image_info`,
      inputs: { path: 'string', image: 'binary' },
      export: 'checkedImageInfo',
      onError: 'fail',
    }),
    udf({
      name: 'spark_image',
      inputs: { image: 'binary', origin: 'string' },
      output: SPARK_IMAGE,
      module: new URL('./spark-image.js', import.meta.url),
      export: 'sparkImage',
      batchSize: 1,
    }),
  ];
  return new Map(all.map(each => [each.functionName, each[reference]]));
}
