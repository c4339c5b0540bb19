import type { DataType, Field } from '../frame/types.js';
import { typeName } from '../frame/types.js';
import {
  commentTypescript,
  listTypescript,
  type Member,
  membersTypescript,
  orNull,
  textLiteral,
  valueTypescript,
} from '../frame/typescript.js';
import { elementsOf } from './descriptor.js';
import { columnTypeOf } from './dtypes.js';
import { describeTensor, type TensorInfo } from './signature.js';

/** What a model takes and gives, and how its type is written. */
export interface ModelTypeOptions {
  /** What the interface is called. */
  readonly name: string;
  /** What it says of the interface above it. */
  readonly comment: string;
  /** As in the file. */
  readonly inputs: readonly TensorInfo[];
  /** The columns that a call makes. */
  readonly outputs: readonly Field[];
}

/**
 * The type of a model, for `session.model<Type>(path)`: what a row has for each input and gets from each output. An input
 * that takes several values a row is a list, whose length is how many columns may be given in its place. The order of the
 * inputs is told where there are several, for calls by position.
 *
 * @example
 * modelTypescript({ name: 'DelayModel', comment: 'delay.onnx', inputs, outputs });
 * // export interface DelayModel {
 * //   inputs: {
 * //     /** float32[N] *\/
 * //     distance: number;
 * //   };
 * //   outputs: {
 * //     risk: number | null;
 * //   };
 * // }
 */
export function modelTypescript({ name, comment, inputs, outputs }: ModelTypeOptions): string {
  const members: Member[] = [
    { name: 'inputs', type: membersTypescript(inputs.map(inputMember), 2) },
    { name: 'outputs', type: membersTypescript(outputs.map(outputMember), 2) },
  ];
  if (inputs.length > 1) {
    members.push({ name: 'order', type: `[${inputs.map(input => textLiteral(input.name)).join(', ')}]` });
  }
  return `${commentTypescript(comment)}\nexport interface ${name} ${membersTypescript(members)}\n`;
}

function inputMember(input: TensorInfo): Member {
  const value = valueTypescript(columnTypeOf(input.dtype));
  // Where not even the rank is stated, a table's natural tensor is [N, k].
  const dims = input.dims ?? [undefined, undefined];
  const elements = elementsOf(dims.slice(1).map(dim => (typeof dim === 'number' ? dim : null)));
  const list = listTypescript(value);
  return {
    name: input.name,
    type: elements === 1 ? value : elements === undefined ? list : `${list} & { readonly length: ${elements} }`,
    comment: describeTensor(input),
  };
}

function outputMember({ name, type }: Field): Member {
  return { name, type: orNull(outputTypescript(type)), comment: typeName(type) };
}

/** Predictions are whole or not there at all: their lists hold no null. */
function outputTypescript(type: DataType): string {
  if (type.kind !== 'list' && type.kind !== 'array') return valueTypescript(type);
  return listTypescript(outputTypescript(type.element));
}
