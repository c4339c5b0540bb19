import { type DataType, typeName } from '../../../frame/types.js';

/**
 * Spark's image schema: what its data source `image` reads (org.apache.spark.ml.image.ImageSchema). `mode` is OpenCV's type of a pixel,
 * `data` its lines from the top, the channels in the order blue, green, red, alpha.
 */
export const SPARK_IMAGE_TYPE: DataType = Object.freeze({
  kind: 'struct',
  fields: Object.freeze([
    Object.freeze({ name: 'origin', type: Object.freeze({ kind: 'string' }) }),
    Object.freeze({ name: 'height', type: Object.freeze({ kind: 'int32' }) }),
    Object.freeze({ name: 'width', type: Object.freeze({ kind: 'int32' }) }),
    Object.freeze({ name: 'nChannels', type: Object.freeze({ kind: 'int32' }) }),
    Object.freeze({ name: 'mode', type: Object.freeze({ kind: 'int32' }) }),
    Object.freeze({ name: 'data', type: Object.freeze({ kind: 'binary' }) }),
  ]),
} as const);

/** True of a struct with these fields, in this order. */
export function isSparkImage(type: DataType): boolean {
  return typeName(type) === typeName(SPARK_IMAGE_TYPE);
}
