import { InframeError, nearest } from '../errors.js';
import type { Cursor } from './cursor.js';
import { QUERY_WORDS } from './query-text.js';

/** The statements beside queries. */
const COMMANDS: readonly string[] = [
  'CREATE MODEL',
  'DROP MODEL',
  'SHOW MODELS',
  'DESCRIBE MODEL',
  'CREATE TABLE ... AS',
  'CREATE VIEW ... AS',
  'DROP TABLE',
  'DROP VIEW',
  'SHOW TABLES',
  'DESCRIBE',
  'EXPLAIN',
  'COPY ... TO',
];

const FIRST_WORDS: readonly string[] = [...new Set([...QUERY_WORDS, ...COMMANDS.map(text => text.split(' ')[0]!)])];

const ROWS = 'rows of a table are not changed in place: make it anew with CREATE OR REPLACE TABLE name AS SELECT ...';
const SETTINGS = 'settings are options of connect()';
const DATABASES =
  "other databases are not attached: read their tables from files, such as SELECT * FROM 'table.parquet'";
const EXTENSIONS = 'extensions are not loaded';
const TRANSACTIONS = 'there are no transactions: leave it out';
const PREPARED = 'a statement takes parameters as session.sql(text, params)';

/** What to do instead, by first words. */
const REMEDIES: Readonly<Record<string, string>> = {
  INSERT: ROWS,
  UPDATE: ROWS,
  DELETE: ROWS,
  MERGE: ROWS,
  TRUNCATE: ROWS,
  ALTER: 'a table is made anew with CREATE OR REPLACE TABLE name AS SELECT ...',
  SET: SETTINGS,
  RESET: SETTINGS,
  PRAGMA: SETTINGS,
  ATTACH: DATABASES,
  DETACH: DATABASES,
  USE: DATABASES,
  INSTALL: EXTENSIONS,
  LOAD: EXTENSIONS,
  BEGIN: TRANSACTIONS,
  START: TRANSACTIONS,
  COMMIT: TRANSACTIONS,
  ROLLBACK: TRANSACTIONS,
  ABORT: TRANSACTIONS,
  PREPARE: PREPARED,
  EXECUTE: PREPARED,
  DEALLOCATE: PREPARED,
  CALL: 'a function that gives rows is read with SELECT * FROM function(...)',
  EXPORT: "tables are written one by one with COPY table TO 'path'",
  IMPORT: "files are read where they are: SELECT * FROM 'file'",
  'CREATE FUNCTION': 'functions are registered with session.register(name, udf(...))',
  'CREATE MACRO': 'functions are registered with session.register(name, udf(...))',
};

/** The error for a statement that there is not; the cursor stands before its first word. */
export function unsupported(cursor: Cursor): InframeError {
  const words: string[] = [];
  for (let ahead = 0; ahead < 3 && cursor.peek(ahead).kind !== 'end'; ahead++) words.push(cursor.peek(ahead).text);
  const shown = words.join(' ').replace(/\s+/g, ' ').slice(0, 60);
  const first = words[0]?.toUpperCase() ?? '';
  const named = first === 'CREATE' ? words.slice(1).find(word => /^(?:FUNCTION|MACRO)$/i.test(word)) : undefined;
  const remedy = REMEDIES[named === undefined ? first : `CREATE ${named.toUpperCase()}`];
  const guess = remedy === undefined && !FIRST_WORDS.includes(first) ? nearest(first, FIRST_WORDS) : undefined;
  const hint = guess === undefined ? '' : ` (did you mean '${guess}'?)`;
  return new InframeError(
    'STATEMENT_UNSUPPORTED',
    `statement '${shown}' is not known${hint}; there are: queries (SELECT, FROM, WITH, VALUES ...), ${COMMANDS.join(', ')}; ` +
      (remedy ?? 'write one of these'),
    { statement: shown },
  );
}
