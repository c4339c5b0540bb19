import type { DataFrame } from '../dataframe.js';
import { InframeError, shown } from '../errors.js';

/** What a function makes of a frame. */
export function transformed<F, T>(frame: F, make: (frame: F) => DataFrame<T>): DataFrame<T> {
  if (typeof make !== 'function') {
    throw new InframeError('ARGUMENT_INVALID', `argument ${shown(make)} of transform is not a function of a frame`);
  }
  const made = make(frame);
  if (typeof made === 'object' && made !== null && 'plan' in made) return made;
  throw new InframeError(
    'ARGUMENT_INVALID',
    `what the function of transform gives, ${shown(made)}, is not a DataFrame; return one`,
  );
}
