import { builtinCall } from '../builtins.js';
import type { ImageInfo } from '../typed/picture-functions.js';
import { declared, labelled, toColumn } from './declare.js';

export const pictures = {
  /** `imageInfo(image)`: what a picture's header says, as a struct of format, width, height, channels and EXIF orientation; `error` is the reason why it is no picture, else null. Runs in the worker pool. */
  imageInfo: declared<ImageInfo>(image => {
    const column = toColumn(image);
    return labelled('imageInfo', [image], builtinCall('image_info', column.expr));
  }),
};
