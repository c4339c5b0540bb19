import type { TokensAdapter } from '../adapter.js';
import { checkMembers, oneOf } from './check.js';
import { type LabelsOption, readLabels } from './labels.js';

export interface TokensOptions {
  /** Names of the classes of a token, such as `B-PER`: a list, or the path of a file (see `readLabels`). */
  readonly labels?: LabelsOption;
  /** `'simple'` where nothing is said: neighbours of one entity together. `'none'`: every token that is not `O`. */
  readonly aggregation?: TokensAdapter['aggregation'];
}

/**
 * Entities in a text: label, score, the words, and where they begin and end.
 *
 * @throws InframeError ARGUMENT_INVALID
 * @example
 * tokens({ labels: 'config.json' })
 */
export function tokens(options: TokensOptions = {}): TokensAdapter {
  const maker = 'tokens';
  checkMembers(maker, options, ['labels', 'aggregation']);
  return Object.freeze({
    adapter: maker,
    labels: readLabels(maker, options.labels),
    aggregation: oneOf(maker, 'aggregation', options.aggregation, ['simple', 'none']),
  });
}
