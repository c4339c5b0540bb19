import { InframeError, shown } from '../errors.js';
import type { Parameters } from '../plan.js';

/** A copy of the values for a statement's parameters. @throws InframeError ARGUMENT_INVALID for what is no list and no object of values */
export function checkParameters(params: Parameters): Parameters {
  const plain = typeof params === 'object' && params !== null && !(params instanceof Date);
  if (!plain || params instanceof Uint8Array) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `parameters ${shown(params)} are not values; give a list for ? and $1, or an object for $name`,
    );
  }
  for (const [name, value] of Object.entries(params)) {
    if (!isLiteral(value)) {
      const which = Array.isArray(params) ? Number(name) + 1 : `'${name}'`;
      throw new InframeError(
        'ARGUMENT_INVALID',
        `parameter ${which} is ${shown(value)}, which is no value of SQL; give a text, number, boolean, bigint, Date, Uint8Array, null, or a list of these`,
      );
    }
  }
  return Object.freeze(Array.isArray(params) ? [...params] : { ...params });
}

function isLiteral(value: unknown): boolean {
  if (value === null || ['boolean', 'number', 'bigint', 'string'].includes(typeof value)) return true;
  if (Array.isArray(value)) return value.every(isLiteral);
  return value instanceof Date || value instanceof Uint8Array;
}
