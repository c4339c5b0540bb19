import type { ArgumentDescription } from '../frame/model.js';
import { elementsOf } from './descriptor.js';
import { acceptedTypes } from './dtypes.js';
import { describeTensor, type TensorInfo } from './signature.js';

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** An input of a model, for a person. */
export function describeInput(input: TensorInfo): ArgumentDescription {
  return { ...describeOutput(input), accepts: accepts(input) };
}

/** An output of a model, for a person. */
export function describeOutput(output: TensorInfo): ArgumentDescription {
  const { name, dtype } = output;
  return { name, dtype, shape: describeTensor(output).slice(dtype.length), accepts: undefined };
}

/** More columns than this nobody names one by one. */
const MOST_COLUMNS = 1000;

/** What columns an input takes: `20 columns of numbers, or one list column of 20`. */
export function accepts(input: TensorInfo): string {
  // Booleans are taken wherever numbers are, which need not be said here.
  const kind = acceptedTypes(input.dtype).replace(/ and booleans$/, '');
  const rowDims = input.dims?.slice(1).map(dim => (typeof dim === 'number' ? dim : null)) ?? [null];
  const values = elementsOf(rowDims);
  if (values === undefined) {
    return rowDims.length === 1 ? `columns of ${kind}, or one list column` : `one list column of ${kind}`;
  }
  if (values === 1) return `one column of ${kind}`;
  const shape = rowDims.length > 1 ? `${rowDims.join(' x ')} = ` : '';
  if (values > MOST_COLUMNS) return `one list column of ${shape}${WHOLE.format(values)} ${kind}`;
  return `${shape}${WHOLE.format(values)} columns of ${kind}, or one list column of ${WHOLE.format(values)}`;
}
