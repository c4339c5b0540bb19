import { toSparkImage } from '../adapters/image/spark.js';

/*
 * Pictures as Spark's image struct, as a function of batches of one: pixels take a hundred times a file's bytes. Only workers load this
 * file: it loads what decodes pictures.
 */

/** What is no picture fails its row, with the reason. */
export async function sparkImage({
  image,
  origin,
}: {
  readonly image: readonly Uint8Array[];
  readonly origin: readonly string[];
}) {
  const all = await Promise.all(image.map((bytes, row) => toSparkImage(bytes, origin[row]!)));
  return {
    origin: all.map(each => each.origin),
    height: all.map(each => each.height),
    width: all.map(each => each.width),
    nChannels: all.map(each => each.nChannels),
    mode: all.map(each => each.mode),
    data: all.map(each => each.data),
  };
}
