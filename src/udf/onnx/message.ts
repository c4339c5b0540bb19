import type { Message } from '@bufbuild/protobuf';

/**
 * A copy of a protobuf message with some fields replaced; the argument is untouched and everything else is shared.
 *
 * `{ ...message }` would not do: protobuf-es keeps the defaults of proto2 fields on the prototype, and "is it an own
 * property?" is how it tells a field that was set from one that was not. Fields our subset of ONNX does not list travel
 * along in `$unknown`, which is an own property.
 */
export function withFields<T extends Message>(message: T, changes: Partial<Omit<T, '$typeName' | '$unknown'>>): T {
  const copy: T = Object.create(Object.getPrototypeOf(message));
  return Object.assign(copy, message, changes);
}

/** A copy of a protobuf message in which some fields count as never set. See {@link withFields}. */
export function withoutFields<T extends Message>(
  message: T,
  ...fields: readonly Exclude<keyof T, '$typeName' | '$unknown'>[]
): T {
  const copy = withFields(message, {});
  for (const field of fields) Reflect.deleteProperty(copy, field);
  return copy;
}

/** `map` that returns the very same array when no element changed, so that an edit copies only its own path. */
export function mapShared<T>(items: readonly T[], change: (item: T) => T): T[] {
  let changed = false;
  const result = items.map(item => {
    const next = change(item);
    changed ||= next !== item;
    return next;
  });
  return changed ? result : (items as T[]);
}
