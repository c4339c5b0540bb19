import { columnNotFound, InframeError, listNames } from './errors.js';
import { type DataType, type Field, typeName } from './types.js';

/**
 * The columns of a table, in order: names and types.
 *
 * Names are matched as SQL matches them: exactly if there is such a column, else without regard to case.
 *
 * Invariant S1: no two columns share a name, even without regard to case.
 */
export class Schema implements Iterable<Field> {
  readonly fields: readonly Field[];
  readonly #exact: ReadonlyMap<string, Field>;
  readonly #folded: ReadonlyMap<string, Field>;

  constructor(fields: readonly Field[]) {
    this.fields = Object.freeze([...fields]);
    this.#exact = new Map(fields.map(field => [field.name, field]));
    this.#folded = new Map(fields.map(field => [field.name.toLowerCase(), field]));
    if (this.#folded.size !== fields.length) {
      const seen = new Set<string>();
      const twice = fields.find(({ name }) => seen.size === seen.add(name.toLowerCase()).size);
      throw new InframeError(
        'COLUMN_DUPLICATE',
        `column '${twice?.name}' would be in the table twice; the columns are: ${listNames(fields.map(f => f.name))}; rename or drop one`,
        { column: twice?.name ?? '' },
      );
    }
    Object.freeze(this);
  }

  get names(): readonly string[] {
    return this.fields.map(field => field.name);
  }

  get length(): number {
    return this.fields.length;
  }

  [Symbol.iterator](): Iterator<Field> {
    return this.fields[Symbol.iterator]();
  }

  has(name: string): boolean {
    return this.find(name) !== undefined;
  }

  find(name: string): Field | undefined {
    return this.#exact.get(name) ?? this.#folded.get(name.toLowerCase());
  }

  /** @throws InframeError COLUMN_NOT_FOUND, naming what exists and the nearest name. */
  field(name: string): Field {
    const found = this.find(name);
    if (found === undefined) throw columnNotFound(name, this.names);
    return found;
  }

  type(name: string): DataType {
    return this.field(name).type;
  }

  /** One line a column: `carat  float64`. */
  toString(): string {
    const width = Math.max(0, ...this.fields.map(field => field.name.length));
    return this.fields.map(field => `${field.name.padEnd(width)}  ${typeName(field.type)}`).join('\n');
  }

  toJSON(): readonly { readonly name: string; readonly type: string }[] {
    return this.fields.map(field => ({ name: field.name, type: typeName(field.type) }));
  }
}
