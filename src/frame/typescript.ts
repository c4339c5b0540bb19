import type { Schema } from './schema.js';
import { type DataType, isInteger, typeName } from './types.js';

/*
 * Column types as TypeScript: what `collect()` gives for them. The compiler's own version of this is `ValueOfType` in
 * typed/values.ts.
 */

/** How the type of a row is written. */
export interface RowTypeOptions {
  /** What the interface is called. */
  readonly name: string;
  /** What it says of the interface above it. */
  readonly comment: string;
  /** Columns that hold no null. */
  readonly notNull: ReadonlySet<string>;
}

/**
 * The row type of a table, as an interface whose members are the columns in their order. A comment says what JavaScript
 * does not know of a column: that a `Date` is a date without a time, or a `number` an integer of 16 bits.
 *
 * @example
 * rowTypescript(schema, { name: 'Flights', comment: 'A row of flights.parquet.', notNull: new Set(['origin']) });
 * // export interface Flights {
 * //   origin: string;
 * //   /** timestamp[us] *\/
 * //   date: Date | null;
 * // }
 */
export function rowTypescript(schema: Schema, { name, comment, notNull }: RowTypeOptions): string {
  const members = schema.fields.map(field => ({
    name: field.name,
    type: notNull.has(field.name) ? valueTypescript(field.type) : orNull(valueTypescript(field.type)),
    comment: isPlain(field.type) ? undefined : typeName(field.type),
  }));
  return `${commentTypescript(comment)}\nexport interface ${name} ${membersTypescript(members)}\n`;
}

/** A member of an interface. */
export interface Member {
  readonly name: string;
  /** TypeScript. */
  readonly type: string;
  readonly comment?: string | undefined;
}

/** The members of an interface, in braces, one a line. @param indent spaces before the closing brace */
export function membersTypescript(members: readonly Member[], indent = 0): string {
  if (members.length === 0) return '{}';
  const space = ' '.repeat(indent);
  const lines = members.flatMap(({ name, type, comment }) => [
    ...(comment === undefined ? [] : [`${space}  ${commentTypescript(comment)}`]),
    `${space}  ${propertyName(name)}: ${type};`,
  ]);
  return ['{', ...lines, `${space}}`].join('\n');
}

/** More values of an enum than these are no longer read by anybody. */
const MOST_LITERALS = 24;

/** The type of the values of a column, nulls apart. */
export function valueTypescript(type: DataType): string {
  if (isInteger(type)) return /64|128/.test(type.kind) ? 'bigint' : 'number';
  switch (type.kind) {
    case 'boolean':
      return 'boolean';
    case 'float32':
    case 'float64':
    case 'decimal':
      return 'number';
    case 'string':
    case 'uuid':
      return 'string';
    case 'enum':
      if (type.values.length === 0 || type.values.length > MOST_LITERALS) return 'string';
      return type.values.map(textLiteral).join(' | ');
    case 'binary':
      return 'Uint8Array';
    case 'date':
    case 'timestamp':
      return 'Date';
    case 'time':
      return 'bigint';
    case 'interval':
      return '{ readonly months: number; readonly days: number; readonly micros: bigint }';
    case 'list':
    case 'array':
      return listTypescript(orNull(valueTypescript(type.element)));
    case 'struct': {
      const members = type.fields.map(
        field => `readonly ${propertyName(field.name)}: ${orNull(valueTypescript(field.type))}`,
      );
      return `{ ${members.join('; ')} }`;
    }
    case 'map': {
      const [key, value] = [valueTypescript(type.key), orNull(valueTypescript(type.value))];
      return listTypescript(`{ readonly key: ${key}; readonly value: ${value} }`);
    }
    case 'null':
      return 'null';
    default:
      return 'unknown';
  }
}

/** A list of values of a type. */
export function listTypescript(element: string): string {
  return /^[\w$]+$|^\{[^{}]*\}$/.test(element) ? `readonly ${element}[]` : `readonly (${element})[]`;
}

/** The type and null. */
export function orNull(type: string): string {
  return type === 'null' || type === 'unknown' ? type : `${type} | null`;
}

/** Of a type that says all there is to be known. */
function isPlain(type: DataType): boolean {
  switch (type.kind) {
    case 'boolean':
    case 'int64':
    case 'float64':
    case 'string':
    case 'binary':
    case 'null':
      return true;
    case 'enum':
      return type.values.length <= MOST_LITERALS;
    case 'list':
      return isPlain(type.element);
    case 'struct':
      return type.fields.every(field => isPlain(field.type));
    default:
      return false;
  }
}

/** A name as a member of an interface: in quotes where it is no identifier. */
function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : textLiteral(name);
}

/** A text as TypeScript writes it. */
export function textLiteral(text: string): string {
  // JSON is TypeScript, but for the quotes that are the custom here.
  return /^[^'"\\\p{Cc}\u2028\u2029]*$/u.test(text) ? `'${text}'` : JSON.stringify(text);
}

export function commentTypescript(text: string): string {
  return `/** ${text.replaceAll('*/', '*\u2215').replace(/\s+/g, ' ')} */`;
}

/**
 * A name for the type of what a file holds: `data/my-flights 2024.parquet` is `MyFlights2024`.
 *
 * @param fallback where there is no letter or digit in it
 */
export function interfaceName(path: string, fallback: string): string {
  const base = path.replace(/[\\/]+$/, '').replace(/^.*[\\/]/, '');
  const stem = base.replace(/(?<=.)\.[A-Za-z][\w.]*$/, '');
  const words = stem.split(/[^A-Za-z0-9]+/).filter(word => word !== '');
  const name = words.map(word => word[0]!.toUpperCase() + word.slice(1)).join('');
  if (name === '') return fallback;
  return /^\d/.test(name) ? `${fallback}${name}` : name;
}

/** True of a text that an interface can be called. */
export function isInterfaceName(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name) && !RESERVED.has(name);
}

/** What TypeScript does not let an interface be called. */
const RESERVED: ReadonlySet<string> = new Set(
  (
    'any bigint boolean never null number object string symbol undefined unknown void ' +
    'break case catch class const continue debugger default delete do else enum export extends false finally for ' +
    'function if implements import in instanceof interface let new package private protected public return static super ' +
    'switch this throw true try typeof var while with yield'
  ).split(' '),
);
