import { type ModelReference, reference } from '../../frame/model.js';
import { udf } from '../function/udf.js';

/*
 * Functions that every session has, in SQL too. They run in the worker pool like a user's own, out of picture-functions.ts.
 */

const MODULE = new URL('./picture-functions.js', import.meta.url);

const INFO = {
  format: 'string',
  width: 'int32',
  height: 'int32',
  channels: 'int32',
  orientation: 'int32',
  error: 'string',
} as const;

/** Each value is a file: few of them are much. */
const ROWS = 64;

/** By name. */
export function builtInFunctions(): ReadonlyMap<string, ModelReference> {
  const functions = [
    udf({ name: 'image_info', inputs: ['binary'], output: INFO, batchSize: ROWS, module: MODULE, export: 'imageInfo' }),
    udf({
      name: 'checked_image_info',
      inputs: ['binary', 'string'],
      output: INFO,
      batchSize: ROWS,
      onError: 'fail',
      module: MODULE,
      export: 'checkedImageInfo',
    }),
  ];
  return new Map(functions.map(each => [each.functionName, each[reference]]));
}
