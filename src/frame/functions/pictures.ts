import { builtinCall } from '../builtins.js';
import type { ImageInfo, SparkImageOf } from '../typed/picture-functions.js';
import { declared, labelled, toColumn } from './declare.js';

export const pictures = {
  /** `imageInfo(image)`: what a picture's header says, as a struct of format, width, height, channels and EXIF orientation; `error` is the reason why it is no picture, else null. Runs in the worker pool. */
  imageInfo: declared<ImageInfo>(image => {
    const column = toColumn(image);
    return labelled('imageInfo', [image], builtinCall('image_info', column.expr));
  }),

  /** `sparkImage(image, origin)`: a picture's pixels as Spark's image struct (origin, height, width, nChannels, mode, data), turned upright; null and a counted failure where it is no picture. Runs in the worker pool. */
  sparkImage: declared<SparkImageOf>((image, origin) => {
    const columns = [toColumn(image), toColumn(origin)];
    return labelled('sparkImage', [image, origin], builtinCall('spark_image', ...columns.map(({ expr }) => expr)));
  }),
};
