import { InframeError, listNames, nearest, shown } from './errors.js';
import type { ModelReference } from './model.js';
import type { Names } from './names.js';
import type { Plan } from './plan.js';
import type { Schema } from './schema.js';

/** A model or function that SQL can call. */
export interface CatalogModel {
  readonly name: string;
  readonly reference: ModelReference;
}

/** A table or view. */
export interface CatalogTable {
  readonly name: string;
  readonly kind: 'table' | 'view';
  /** Of a table, its stored rows; of a view, what it asks. */
  readonly plan: Plan;
  /** The columns it had when it was made; those of a view follow what it reads. */
  readonly schema: Schema;
}

/** What to do where a name is taken. */
export interface CreateOptions {
  /** Puts the new one in the place of the old one. */
  readonly replace?: boolean;
  /** Leaves the old one as it is. */
  readonly ifNotExists?: boolean;
}

type Entries<T> = ReadonlyMap<string, T>;

/** What names stand for at one moment. Immutable; names are found without regard to case. */
export class CatalogSnapshot implements Names {
  readonly #models: Entries<CatalogModel>;
  readonly #tables: Entries<CatalogTable>;
  readonly #builtins: Entries<ModelReference>;

  constructor(models: Entries<CatalogModel>, tables: Entries<CatalogTable>, builtins: Entries<ModelReference>) {
    this.#models = models;
    this.#tables = tables;
    this.#builtins = builtins;
    Object.freeze(this);
  }

  /** Models and functions, in the order they were made. */
  get models(): readonly CatalogModel[] {
    return [...this.#models.values()];
  }

  /** Tables and views, in the order they were made. */
  get tables(): readonly CatalogTable[] {
    return [...this.#tables.values()];
  }

  get modelNames(): readonly string[] {
    return this.models.map(({ name }) => name);
  }

  get tableNames(): readonly string[] {
    return this.tables.map(({ name }) => name);
  }

  get builtinNames(): readonly string[] {
    return [...this.#builtins.keys()];
  }

  model(name: string): ModelReference | undefined {
    return this.#models.get(fold(name))?.reference ?? this.#builtins.get(fold(name));
  }

  table(name: string): Plan | undefined {
    return this.#tables.get(fold(name))?.plan;
  }

  /** The same and one table more, or in the place of the one of its name. */
  withTable(table: CatalogTable): CatalogSnapshot {
    return new CatalogSnapshot(this.#models, put(this.#tables, table), this.#builtins);
  }
}

/**
 * What names stand for in a session: models and functions, and beside them tables and views. A name is one thing among
 * the former and one among the latter.
 */
export class Catalog {
  #models: Entries<CatalogModel> = new Map();
  #tables: Entries<CatalogTable> = new Map();
  readonly #reserved: ReadonlySet<string>;
  readonly #builtins: Entries<ModelReference>;

  /**
   * @param reserved functions of the engine's SQL, in lower case, whose names models cannot take
   * @param builtins functions that are there without being made, by name in lower case; models cannot take their names either
   */
  constructor(reserved: ReadonlySet<string> = new Set(), builtins: Entries<ModelReference> = new Map()) {
    this.#reserved = reserved;
    this.#builtins = builtins;
  }

  /** What there is now; what is made later is not in it. */
  read(): CatalogSnapshot {
    return new CatalogSnapshot(this.#models, this.#tables, this.#builtins);
  }

  /**
   * Checks that a model may be made, before it is loaded.
   *
   * @returns false if there is one of that name, which is to stay
   * @throws InframeError NAME_TAKEN, ARGUMENT_INVALID
   */
  checkModel(name: string, options: CreateOptions = {}): boolean {
    checkName('model', name);
    if (this.#reserved.has(fold(name)) || this.#builtins.has(fold(name))) {
      throw new InframeError('NAME_TAKEN', `name '${name}' is that of a function of SQL; take another for the model`, {
        name,
      });
    }
    const existing = this.#models.get(fold(name));
    if (existing === undefined || options.replace === true) return true;
    if (options.ifNotExists === true) return false;
    throw taken('model', existing.name, `CREATE OR REPLACE MODEL, or register(name, model, { replace: true })`);
  }

  addModel(model: CatalogModel): void {
    this.#models = put(this.#models, model);
  }

  /** @returns false if there is none and none is needed @throws InframeError MODEL_NOT_FOUND */
  removeModel(name: string, ifExists: boolean): boolean {
    if (!this.#models.has(fold(name))) {
      if (ifExists) return false;
      throw modelNotFound(name, this.read().modelNames);
    }
    this.#models = without(this.#models, name);
    return true;
  }

  /** @throws InframeError MODEL_NOT_FOUND */
  getModel(name: string): CatalogModel {
    const found = this.#models.get(fold(name));
    if (found === undefined) throw modelNotFound(name, this.read().modelNames);
    return found;
  }

  /**
   * Checks that a table or view may be made, before its rows are computed.
   *
   * @returns false if there is one of that name, which is to stay
   * @throws InframeError NAME_TAKEN, ARGUMENT_INVALID
   */
  checkTable(kind: CatalogTable['kind'], name: string, options: CreateOptions = {}): boolean {
    checkName(kind, name);
    const existing = this.#tables.get(fold(name));
    if (existing === undefined) return true;
    if (existing.kind !== kind) {
      throw new InframeError(
        'NAME_TAKEN',
        `name '${existing.name}' is that of a ${existing.kind}; take another, or drop it first: DROP ${existing.kind.toUpperCase()}`,
        { name },
      );
    }
    if (options.replace === true) return true;
    if (options.ifNotExists === true) return false;
    const inCode = kind === 'view' ? ', or createView(name, { replace: true })' : '';
    throw taken(kind, existing.name, `CREATE OR REPLACE ${kind.toUpperCase()}${inCode}`);
  }

  addTable(table: CatalogTable): void {
    this.#tables = put(this.#tables, table);
  }

  /** @returns false if there is none and none is needed @throws InframeError TABLE_NOT_FOUND, NAME_TAKEN */
  removeTable(kind: CatalogTable['kind'], name: string, ifExists: boolean): boolean {
    const existing = this.#tables.get(fold(name));
    if (existing === undefined) {
      if (ifExists) return false;
      throw notFound('TABLE_NOT_FOUND', kind, name, this.read().tableNames, `CREATE ${kind.toUpperCase()} makes one`);
    }
    if (existing.kind !== kind) {
      const words = `DROP ${existing.kind.toUpperCase()}`;
      throw new InframeError('NAME_TAKEN', `name '${existing.name}' is that of a ${existing.kind}; write ${words}`, {
        name,
      });
    }
    this.#tables = without(this.#tables, name);
    return true;
  }
}

/** The error for a model that the session does not have. */
export function modelNotFound(name: string, existing: readonly string[]): InframeError {
  return notFound('MODEL_NOT_FOUND', 'model', name, existing, "CREATE MODEL name FROM 'file.onnx' makes one");
}

function notFound(
  code: 'MODEL_NOT_FOUND' | 'TABLE_NOT_FOUND',
  what: string,
  name: string,
  existing: readonly string[],
  remedy: string,
): InframeError {
  const guess = nearest(name, existing);
  const hint = guess === undefined ? '' : ` (did you mean '${guess}'?)`;
  const message = `${what} '${name}' does not exist; there are: ${listNames(existing)}${hint}; ${remedy}`;
  return new InframeError(code, message, { [what]: name, existing });
}

function taken(what: string, name: string, remedy: string): InframeError {
  return new InframeError(
    'NAME_TAKEN',
    `${what} '${name}' exists already; take another name, or replace it: ${remedy}`,
    {
      name,
    },
  );
}

function checkName(what: string, name: string): void {
  if (typeof name === 'string' && name.trim() !== '') return;
  throw new InframeError('ARGUMENT_INVALID', `name ${shown(name)} of a ${what} is not a name; give a non-empty string`);
}

function fold(name: string): string {
  return name.toLowerCase();
}

function put<T extends { readonly name: string }>(entries: Entries<T>, entry: T): Entries<T> {
  return new Map(entries).set(fold(entry.name), Object.freeze(entry));
}

function without<T>(entries: Entries<T>, name: string): Entries<T> {
  const rest = new Map(entries);
  rest.delete(fold(name));
  return rest;
}
