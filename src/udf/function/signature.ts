import { InframeError, listNames, shown } from '../../frame/errors.js';
import { type DataType, type Field, isDataType, typeName } from '../../frame/types.js';
import type { FunctionSignature } from './descriptor.js';

/** Types that a name alone says. */
export const SCALARS = Object.freeze({
  boolean: { kind: 'boolean' },
  int8: { kind: 'int8' },
  int16: { kind: 'int16' },
  int32: { kind: 'int32' },
  int64: { kind: 'int64' },
  uint8: { kind: 'uint8' },
  uint16: { kind: 'uint16' },
  uint32: { kind: 'uint32' },
  uint64: { kind: 'uint64' },
  float32: { kind: 'float32' },
  float64: { kind: 'float64' },
  string: { kind: 'string' },
  binary: { kind: 'binary' },
  date: { kind: 'date' },
  timestamp: { kind: 'timestamp', unit: 'us', zone: false },
} as const satisfies Readonly<Record<string, DataType>>);

export type ScalarName = keyof typeof SCALARS;

/** A column type as `udf()` takes it: a name, or the type written out, as lists, arrays and structs have to be. */
export type TypeOrName = ScalarName | DataType;

/** By name, as the function is given them, or in order. */
export type InputTypes = Readonly<Record<string, TypeOrName>> | readonly TypeOrName[];

/** One type, or several by name. */
export type OutputTypes = TypeOrName | Readonly<Record<string, TypeOrName>>;

/**
 * The declared types of a function.
 *
 * @param label what is declared, for messages: `function 'double'`
 * @throws InframeError ARGUMENT_INVALID
 */
export function signatureOf(label: string, inputs: unknown, output: unknown): FunctionSignature {
  return {
    named: !Array.isArray(inputs),
    inputs: inputFields(label, inputs),
    ...outputFields(label, output),
  };
}

function inputFields(label: string, inputs: unknown): readonly Field[] {
  if (Array.isArray(inputs)) {
    return inputs.map((type, index) => {
      const name = `argument ${index + 1}`;
      return { name, type: toType(`${name} of ${label}`, type) };
    });
  }
  if (!isRecord(inputs) || isDataType(inputs)) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `inputs ${shown(inputs)} of ${label} are not a list of types; write { x: 'float64' }, or ['float64'] for inputs without names`,
    );
  }
  return Object.entries(inputs).map(([name, type]) => ({ name, type: toType(`input '${name}' of ${label}`, type) }));
}

function outputFields(label: string, output: unknown): Pick<FunctionSignature, 'result' | 'outputs'> {
  if (typeof output === 'string' || !isRecord(output) || typeof output['kind'] === 'string') {
    const type = toType(`output of ${label}`, output);
    return { result: 'column', outputs: [{ name: 'result', type }] };
  }
  const outputs = Object.entries(output).map(([name, type]) => ({
    name,
    type: toType(`output '${name}' of ${label}`, type),
  }));
  if (outputs.length > 0) return { result: 'columns', outputs };
  throw new InframeError('ARGUMENT_INVALID', `output of ${label} has no type; write 'float64', or { a: 'float64' }`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toType(what: string, value: unknown): DataType {
  if (typeof value === 'string' && Object.hasOwn(SCALARS, value)) return SCALARS[value as ScalarName];
  if (!isDataType(value)) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `type ${shown(value)} of ${what} is not known; there are: ${listNames(Object.keys(SCALARS))}, and lists, arrays and structs such as { kind: 'list', element: { kind: 'float32' } }`,
    );
  }
  const held = heldType(value);
  if (held === undefined) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `type ${nameOfType(value)} of ${what} is not one a function can be given or give; there are: ${listNames(Object.keys(SCALARS))}, and lists, arrays and structs of them; cast the column`,
    );
  }
  const stray = Object.keys(value).find(key => !Object.hasOwn(held, key));
  if (stray === undefined) return held;
  throw new InframeError(
    'ARGUMENT_INVALID',
    `type ${shown(value)} of ${what} has a member '${stray}', which ${value.kind} does not; several outputs are written { a: type, b: type }, and none of them can be called kind`,
  );
}

/** A copy of a type, which nobody changes later; undefined for types whose values have no form in JavaScript here. */
function heldType(type: unknown): DataType | undefined {
  if (!isDataType(type)) return undefined;
  switch (type.kind) {
    case 'list': {
      const element = heldType(type.element);
      return element && { kind: 'list', element };
    }
    case 'array': {
      const element = heldType(type.element);
      const { length } = type;
      return element && Number.isSafeInteger(length) && length > 0 ? { kind: 'array', element, length } : undefined;
    }
    case 'struct': {
      if (!Array.isArray(type.fields) || type.fields.length === 0) return undefined;
      const fields: Field[] = [];
      for (const field of type.fields) {
        const member = heldType(field?.type);
        if (member === undefined || typeof field.name !== 'string') return undefined;
        fields.push({ name: field.name, type: member });
      }
      return { kind: 'struct', fields };
    }
    case 'timestamp':
      return type.unit === 'us' ? { kind: 'timestamp', unit: 'us', zone: type.zone === true } : undefined;
    default:
      return Object.hasOwn(SCALARS, type.kind) ? SCALARS[type.kind as ScalarName] : undefined;
  }
}

/** What is written by hand may not be a whole type. */
function nameOfType(type: DataType): string {
  try {
    return typeName(type);
  } catch {
    return shown(type);
  }
}
