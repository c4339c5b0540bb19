import { create } from '@bufbuild/protobuf';
import { withFields } from './message.js';
import { type TensorShapeProto, TensorShapeProtoSchema, type ValueInfoProto } from './onnx_pb.js';

/** One dimension: a size, the name of a size known at run time, or nothing known. */
export type Dim = number | string | undefined;

/** The dimensions a declaration states; undefined when it does not state even their number, or is not of a tensor. */
export function dimsOf(value: ValueInfoProto): Dim[] | undefined {
  const type = value.type?.value;
  if (type?.case !== 'tensorType') return undefined;
  return type.value.shape?.dim.map(dim => {
    switch (dim.value.case) {
      case 'dimValue': {
        // Some exporters write -1 for "not known"; sizes beyond 2^53 are nobody's.
        const size = Number(dim.value.value);
        return Number.isSafeInteger(size) && size >= 0 ? size : undefined;
      }
      case 'dimParam':
        return dim.value.value === '' ? undefined : dim.value.value;
      default:
        return undefined;
    }
  });
}

/** The TensorShapeProto that states these dimensions. */
export function shapeProto(dims: readonly Dim[]): TensorShapeProto {
  return create(TensorShapeProtoSchema, {
    dim: dims.map(size => {
      if (size === undefined) return {};
      return typeof size === 'number'
        ? { value: { case: 'dimValue' as const, value: BigInt(size) } }
        : { value: { case: 'dimParam' as const, value: size } };
    }),
  });
}

/** The declaration of a tensor with another shape or element type; anything but a tensor comes back as it is. */
export function withTensorType(
  value: ValueInfoProto,
  change: { readonly dims?: readonly Dim[]; readonly elemType?: number },
): ValueInfoProto {
  const type = value.type;
  if (type?.value.case !== 'tensorType') return value;
  const tensor = withFields(type.value.value, {
    ...(change.elemType === undefined ? {} : { elemType: change.elemType }),
    ...(change.dims === undefined ? {} : { shape: shapeProto(change.dims) }),
  });
  return withFields(value, { type: withFields(type, { value: { case: 'tensorType', value: tensor } }) });
}
