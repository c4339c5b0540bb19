import type { DataType } from '../../frame/types.js';
import type { OutputBinding, TensorOutput } from '../descriptor.js';
import { elementsOf } from '../descriptor.js';
import { columnTypeOf } from '../dtypes.js';
import type { Labels } from './adapter.js';

type Struct = DataType & { readonly kind: 'struct' };

const FLOAT: DataType = { kind: 'float32' };

/** An object in a picture: `box` in pixels of the picture, from its top left corner. */
export const DETECTION_ELEMENT: Struct = {
  kind: 'struct',
  fields: [
    { name: 'label', type: { kind: 'string' } },
    { name: 'score', type: FLOAT },
    {
      name: 'box',
      type: { kind: 'struct', fields: ['x', 'y', 'width', 'height'].map(name => ({ name, type: FLOAT })) },
    },
  ],
};

/** A name in a text: `start` (counted from 0) and `end` (not included) in UTF-16 units, as JavaScript counts. */
export const ENTITY_ELEMENT: Struct = {
  kind: 'struct',
  fields: [
    { name: 'label', type: { kind: 'string' } },
    { name: 'score', type: FLOAT },
    { name: 'start', type: { kind: 'int32' } },
    { name: 'end', type: { kind: 'int32' } },
    { name: 'text', type: { kind: 'string' } },
  ],
};

/** A class: its name, or its number where there are no names. */
export function classElement(labels: Labels): Struct {
  return {
    kind: 'struct',
    fields: [
      { name: 'label', type: labels === undefined ? { kind: 'int64' } : { kind: 'string' } },
      { name: 'score', type: FLOAT },
    ],
  };
}

/** The column type of one output. */
export function outputType(output: OutputBinding): DataType {
  switch (output.kind) {
    case 'classification': {
      const element = classElement(output.labels);
      return output.list ? { kind: 'list', element } : element;
    }
    case 'detection':
      return { kind: 'list', element: DETECTION_ELEMENT };
    case 'tokens':
      return { kind: 'list', element: ENTITY_ELEMENT };
    default:
      return tensorType(output);
  }
}

function tensorType({ dtype, rowDims, members }: TensorOutput): DataType {
  const element = columnTypeOf(dtype);
  if (members !== undefined) return { kind: 'struct', fields: members.map(name => ({ name, type: element })) };
  if (rowDims.length === 0) return element;
  // A size that differs from row to row: one flat list, whatever the rank; its shape is not kept.
  if (elementsOf(rowDims) === undefined) return { kind: 'list', element };
  return [...rowDims]
    .reverse()
    .reduce<DataType>((inner, length) => ({ kind: 'array', element: inner, length: length! }), element);
}
