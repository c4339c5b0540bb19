import { type ModelReference, reference } from '../../frame/model.js';
import { udf } from '../function/udf.js';

let made: ModelReference | undefined;

/**
 * The function of bytes that gives pictures in small: a struct of a JPEG file of at most 160 pixels a side and the
 * size of its source, or the problem where there is none. It runs in workers.
 */
export function thumbnails(): ModelReference {
  made ??= udf({
    name: 'thumbnail',
    inputs: ['binary'],
    output: {
      thumbnail: 'binary',
      width: 'int32',
      height: 'int32',
      problem: 'string',
    },
    module: new URL('./thumbnail-batch.js', import.meta.url),
    // Pictures of many megabytes must not come in thousands.
    batchSize: 16,
  })[reference];
  return made;
}
