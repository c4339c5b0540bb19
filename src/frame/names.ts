import type { ModelReference } from './model.js';
import type { Plan } from './plan.js';

/** What names stand for in a session; matched without regard to case. */
export interface Names {
  /** The model or function registered under a name, or the built-in function of that name. */
  model(name: string): ModelReference | undefined;
  /** The view or table of a name. */
  table(name: string): Plan | undefined;
  readonly modelNames: readonly string[];
  /** Functions that nobody has to register. */
  readonly builtinNames: readonly string[];
  readonly tableNames: readonly string[];
}

/** A session in which nothing has a name. */
export const noNames: Names = Object.freeze({
  model: () => undefined,
  table: () => undefined,
  modelNames: Object.freeze([]),
  builtinNames: Object.freeze([]),
  tableNames: Object.freeze([]),
});
