import type { EmbeddingAdapter } from '../adapter.js';
import { checkMembers, flag, oneOf } from './check.js';

export interface EmbeddingOptions {
  /** How the vectors of a row's tokens or places become one; `'auto'` where nothing is said: their mean, if there are several. */
  readonly pooling?: EmbeddingAdapter['pooling'];
  /** To length 1; false where nothing is said. */
  readonly normalize?: boolean;
}

/**
 * An output of vectors as one vector a row.
 *
 * @throws InframeError ARGUMENT_INVALID
 * @example
 * embedding({ pooling: 'mean', normalize: true })
 */
export function embedding(options: EmbeddingOptions = {}): EmbeddingAdapter {
  const maker = 'embedding';
  checkMembers(maker, options, ['pooling', 'normalize']);
  return Object.freeze({
    adapter: maker,
    pooling: oneOf(maker, 'pooling', options.pooling, ['auto', 'mean', 'cls', 'max', 'none']),
    normalize: flag(maker, 'normalize', options.normalize, false),
  });
}
