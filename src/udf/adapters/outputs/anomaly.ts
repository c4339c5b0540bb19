import type { AnomalyAdapter } from '../adapter.js';
import { checkMembers, nameOf, oneOf } from './check.js';

export interface AnomalyOptions {
  /** Mean of the squared differences (`'mse'`, where nothing is said), or of their magnitudes (`'mae'`). */
  readonly error?: AnomalyAdapter['error'];
  /** The input that the network reconstructs; the only one where nothing is said. */
  readonly input?: string;
}

/**
 * How far an autoencoder's output is from its input, as one number a row.
 *
 * @throws InframeError ARGUMENT_INVALID
 * @example
 * anomaly({ error: 'mae' })
 */
export function anomaly(options: AnomalyOptions = {}): AnomalyAdapter {
  const maker = 'anomaly';
  checkMembers(maker, options, ['error', 'input']);
  return Object.freeze({
    adapter: maker,
    error: oneOf(maker, 'error', options.error, ['mse', 'mae']),
    input: nameOf(maker, 'input', options.input),
  });
}
