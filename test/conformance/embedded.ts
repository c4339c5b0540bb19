import type { Fault, Unsupported } from './engines.js';

/** What the embedded engine does not carry out: see `TestedEngine.unsupported`. */
export const EMBEDDED_UNSUPPORTED: Readonly<Record<string, Unsupported>> = {
  'explode: a map': { kind: 'not yet', reason: 'explode(fn.mapEntries(map)) gives structs of key and value' },
  'fn.sha2: of 512 bits': { kind: 'not possible upstream', reason: 'DuckDB has SHA-256 alone' },
  'through Parquet: interval below zero, of microseconds': {
    kind: 'not possible upstream',
    reason: "Parquet's intervals are milliseconds, none below zero",
  },
  'sql model: over columns of a subquery and of the query around it': {
    kind: 'not yet',
    reason: 'the tables are joined first, and the model is called on the result',
  },
  'sql model: in the recursive part of WITH RECURSIVE': {
    kind: 'not possible upstream',
    reason: 'DuckDB carries out a recursion whole, without a stop between its steps',
  },
  'sql model: over the elements of a list': {
    kind: 'not yet',
    reason: 'the list is unnested in a subquery, and the model is called there',
  },
  'sql model: in VALUES': { kind: 'not yet', reason: 'the model is called in a SELECT over the values' },
  'sql model: in the arguments of a table function': { kind: 'not yet', reason: 'there are no rows to score there' },
  'INSERT INTO': { kind: 'never', reason: 'rows are not changed in place; CREATE OR REPLACE TABLE makes a table anew' },
  UPDATE: { kind: 'never', reason: 'rows are not changed in place; CREATE OR REPLACE TABLE makes a table anew' },
  'DELETE FROM': { kind: 'never', reason: 'rows are not changed in place; CREATE OR REPLACE TABLE makes a table anew' },
};

const WIDE: Fault = { reason: 'unsigned integers of 128 bits pass through Parquet as decimals, which have 38 digits' };
const NO_TYPE: Fault = { reason: 'a null without a type becomes int32' };
const SPANS: Fault = { reason: 'intervals pass through Parquet, whose intervals are milliseconds and not below zero' };

/** What it is known to do wrongly: see `TestedEngine.faults`. */
export const EMBEDDED_FAULTS: Readonly<Record<string, Fault>> = {
  'through cache: uint128': WIDE,
  'through Parquet: uint128': WIDE,
  'through cache: interval below zero, of microseconds': SPANS,
  'through Arrow files: interval below zero, of microseconds': SPANS,
  'lit: null has no type': NO_TYPE,
  'concat: with a null': NO_TYPE,
  'join: a text with a number': { reason: 'a text that is no number fails the rows that are read, not the plan' },
  'eq: of a number and a text': { reason: 'a text that is no number fails the rows that are read, not the plan' },
  'cast: float64 to int64, fractions are cut': { reason: 'fractions are rounded, a half to the even neighbour' },
  'cast: a number to a struct': { reason: 'it fails when rows are read, not when it is planned' },
};
