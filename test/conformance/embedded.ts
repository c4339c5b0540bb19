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

const ORDER_OF_FILES: Fault = {
  reason: 'of several files, rows come in the order in which they were read',
  sometimes: true,
};
const WIDE: Fault = { reason: 'integers of 128 bits become float64 in Parquet, which loses digits' };
const NO_TYPE: Fault = { reason: 'a null without a type becomes int32' };
const SPANS: Fault = { reason: 'intervals pass through Parquet, whose intervals are milliseconds and not below zero' };

/** What it is known to do wrongly: see `TestedEngine.faults`. */
export const EMBEDDED_FAULTS: Readonly<Record<string, Fault>> = {
  'fn.first: in the order of rows': ORDER_OF_FILES,
  'fn.first: past nulls': ORDER_OF_FILES,
  'fn.last: in the order of rows': ORDER_OF_FILES,
  'fn.collectList: in the order of rows, without nulls': ORDER_OF_FILES,
  'fn.stringAgg: with a separator': ORDER_OF_FILES,
  'through cache: int128': WIDE,
  'through cache: uint128': WIDE,
  'through Parquet: int128': WIDE,
  'through Parquet: uint128': WIDE,
  'udf: a sum of integers that passes through keeps its digits': WIDE,
  'CREATE TABLE: a sum of integers keeps its digits': WIDE,
  'through cache: interval below zero, of microseconds': SPANS,
  'through Arrow files: interval below zero, of microseconds': SPANS,
  'lit: null has no type': NO_TYPE,
  'concat: with a null': NO_TYPE,
  'join: a text with a number': { reason: 'a text that is no number fails the rows that are read, not the plan' },
  'eq: of a number and a text': { reason: 'a text that is no number fails the rows that are read, not the plan' },
  'cast: float64 to int64, fractions are cut': { reason: 'fractions are rounded, a half to the even neighbour' },
  'cast: a number to a struct': { reason: 'it fails when rows are read, not when it is planned' },
  'sql model: a constant for an input, for the other the column of its name': {
    reason: 'a call whose arguments are constants is taken for a constant: COLUMN_NOT_FOUND',
  },
};
