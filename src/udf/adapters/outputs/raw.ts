import type { RawAdapter } from '../adapter.js';
import { checkMembers } from './check.js';

/** An output as it is: numbers, or nested lists of them. @throws InframeError ARGUMENT_INVALID */
export function raw(options: Readonly<Record<never, never>> = {}): RawAdapter {
  checkMembers('raw', options, []);
  return Object.freeze({ adapter: 'raw' });
}
