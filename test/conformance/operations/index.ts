import type { Operation } from '../declare.js';
import { COLUMNS, EXPLODE, PIVOT, ROWS } from './verbs.js';

/** All of them, in the order of the documentation. */
export const OPERATIONS: readonly Operation[] = Object.freeze([...COLUMNS, ...ROWS, ...EXPLODE, ...PIVOT]);
