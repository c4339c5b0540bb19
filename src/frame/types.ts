/**
 * Column types: what a value in a column is, whichever engine holds it.
 *
 * The names are Arrow's. Every value here is frozen plain data, so a type can be sent to a worker.
 */
export type DataType =
  | { readonly kind: 'boolean' }
  | { readonly kind: IntegerKind }
  | { readonly kind: 'float32' }
  | { readonly kind: 'float64' }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'string' }
  | { readonly kind: 'binary' }
  | { readonly kind: 'uuid' }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'date' }
  /** Time of day, microseconds since midnight. */
  | { readonly kind: 'time' }
  | { readonly kind: 'timestamp'; readonly unit: TimeUnit; readonly zone: boolean }
  | { readonly kind: 'interval' }
  | { readonly kind: 'list'; readonly element: DataType }
  /** A list whose length is the same in every row. */
  | { readonly kind: 'array'; readonly element: DataType; readonly length: number }
  | { readonly kind: 'struct'; readonly fields: readonly Field[] }
  | { readonly kind: 'map'; readonly key: DataType; readonly value: DataType }
  | { readonly kind: 'null' }
  /** A type the engine has and inframe only passes through; `name` is the engine's own. */
  | { readonly kind: 'other'; readonly name: string };

export type IntegerKind =
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'int128'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'uint128';

export type TimeUnit = 's' | 'ms' | 'us' | 'ns';

/** A named column, or a named member of a struct. */
export interface Field {
  readonly name: string;
  readonly type: DataType;
}

const INTEGER_KINDS: ReadonlySet<string> = new Set<IntegerKind>([
  'int8',
  'int16',
  'int32',
  'int64',
  'int128',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'uint128',
]);

const OTHER_KINDS: ReadonlySet<string> = new Set<Exclude<DataType['kind'], IntegerKind>>([
  'boolean',
  'float32',
  'float64',
  'decimal',
  'string',
  'binary',
  'uuid',
  'enum',
  'date',
  'time',
  'timestamp',
  'interval',
  'list',
  'array',
  'struct',
  'map',
  'null',
  'other',
]);

/** True of a value whose `kind` is a column type's; for callers without a compiler. */
export function isDataType(value: unknown): value is DataType {
  if (typeof value !== 'object' || value === null) return false;
  const kind = String((value as { readonly kind?: unknown }).kind);
  return INTEGER_KINDS.has(kind) || OTHER_KINDS.has(kind);
}

export function isInteger(type: DataType): type is { readonly kind: IntegerKind } {
  return INTEGER_KINDS.has(type.kind);
}

/** Integers, floats and decimals. */
export function isNumeric(type: DataType): boolean {
  return isInteger(type) || type.kind === 'float32' || type.kind === 'float64' || type.kind === 'decimal';
}

/**
 * A type in a reader's words: `int64`, `list<float32>`, `float32[512]`, `struct<label: string, score: float32>`.
 */
export function typeName(type: DataType): string {
  switch (type.kind) {
    case 'decimal':
      return `decimal(${type.precision}, ${type.scale})`;
    case 'timestamp':
      return `timestamp[${type.unit}${type.zone ? ', UTC' : ''}]`;
    case 'list':
      return `list<${typeName(type.element)}>`;
    case 'array':
      return `${typeName(type.element)}[${type.length}]`;
    case 'struct':
      return `struct<${type.fields.map(field => `${field.name}: ${typeName(field.type)}`).join(', ')}>`;
    case 'map':
      return `map<${typeName(type.key)}, ${typeName(type.value)}>`;
    case 'other':
      return type.name;
    default:
      return type.kind;
  }
}

/** Structural equality. */
export function sameType(a: DataType, b: DataType): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
