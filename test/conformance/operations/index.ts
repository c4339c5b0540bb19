import type { Operation } from '../declare.js';
import { ACTIONS } from './actions.js';
import { ADAPTERS } from './adapters.js';
import { CASTS } from './casts.js';
import { COMMANDS } from './commands.js';
import { DATES } from './dates.js';
import { READERS, WRITERS } from './files.js';
import { AGGREGATES, GROUPING } from './grouping.js';
import { JOINS, SETS } from './joins.js';
import { TYPES } from './kinds.js';
import { MEMORY } from './memory.js';
import { MISSING, STATISTICS } from './missing.js';
import { FUNCTIONS, MODELS } from './models.js';
import { LISTS, STRUCTS } from './nested.js';
import { NUMBERS } from './numbers.js';
import { ARITHMETIC, COMPARISONS, LOGIC, ORDERING } from './operators.js';
import { FILES } from './pictures.js';
import { MODEL_QUERIES, QUERIES } from './queries.js';
import { TEXTS } from './texts.js';
import { NEAREST, VECTORS } from './vectors.js';
import { COLUMNS, EXPLODE, PIVOT, ROWS } from './verbs.js';
import { WINDOWS } from './windows.js';

/** All of them, in the order of the documentation. */
export const OPERATIONS: readonly Operation[] = Object.freeze([
  ...READERS,
  ...FILES,
  ...WRITERS,
  ...MEMORY,
  ...ACTIONS,
  ...COLUMNS,
  ...ROWS,
  ...ORDERING,
  ...EXPLODE,
  ...PIVOT,
  ...JOINS,
  ...NEAREST,
  ...SETS,
  ...MISSING,
  ...STATISTICS,
  ...GROUPING,
  ...AGGREGATES,
  ...WINDOWS,
  ...ARITHMETIC,
  ...COMPARISONS,
  ...LOGIC,
  ...CASTS,
  ...NUMBERS,
  ...TEXTS,
  ...DATES,
  ...LISTS,
  ...STRUCTS,
  ...VECTORS,
  ...TYPES,
  ...MODELS,
  ...ADAPTERS,
  ...FUNCTIONS,
  ...QUERIES,
  ...MODEL_QUERIES,
  ...COMMANDS,
]);
