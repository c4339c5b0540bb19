import type { ClassificationAdapter } from '../adapter.js';
import { checkMembers, oneOf, whole } from './check.js';
import { type LabelsOption, readLabels } from './labels.js';

export interface ClassificationOptions {
  /** Names of the classes: a list, or the path of a file (see `readLabels`). Indexes stand in where nothing is said. */
  readonly labels?: LabelsOption;
  /** The best so many as a list, best first; the best one alone where nothing is said. */
  readonly top?: number;
  /** What makes probabilities of the network's numbers; `'auto'` where nothing is said: softmax, unless it ends in one. */
  readonly activation?: ClassificationAdapter['activation'];
}

/**
 * An output of one number a class as labels with their probabilities.
 *
 * @throws InframeError ARGUMENT_INVALID
 * @example
 * classification({ labels: 'imagenet_labels.txt', top: 5 })
 */
export function classification(options: ClassificationOptions = {}): ClassificationAdapter {
  const maker = 'classification';
  checkMembers(maker, options, ['labels', 'top', 'activation']);
  return Object.freeze({
    adapter: maker,
    labels: readLabels(maker, options.labels),
    top: whole(maker, 'top', options.top),
    activation: oneOf(maker, 'activation', options.activation, ['auto', 'softmax', 'sigmoid', 'none']),
  });
}
