import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataFrame } from '../../../src/index.js';
import { serializeModel } from '../../../src/udf/onnx/file.js';
import { anyOrder, type Context, type Declared, fails, named, operations, refuses, rows, value } from '../declare.js';
import { MODELS } from '../models.js';
import { type ColumnData, float32, int32, int64, int128, string, table } from '../types.js';

const t = table({ id: int64(1, 2, 3), g: string('a', 'b', null), a: float32(1, 2, 3), b: float32(0.5, 1, 1.5) });
const tables = { t };
type Tables = typeof tables;

/** Statements one after the other, the last of which gives rows; `{folder}` and `{model}` are paths. */
function script(text: string, gives: Readonly<Record<string, ColumnData>>): Declared<Tables> {
  return anyOrder<Tables>((frames, context) => run(text, frames, context), gives);
}

async function run(text: string, frames: { readonly t: DataFrame }, context: Context): Promise<DataFrame> {
  const { session, folder } = await named(frames, context);
  const model = join(folder, 'linear.onnx');
  await writeFile(model, serializeModel(MODELS.linear));
  return session.execute(text.replaceAll('{folder}', folder).replaceAll('{model}', model));
}

export const COMMANDS = operations('SQL commands', tables, {
  'CREATE TABLE ... AS': script(
    'CREATE OR REPLACE TABLE made AS SELECT id, g FROM t WHERE id > 1; SELECT id + 10 AS y, g FROM made',
    { y: int64(12, 13), g: string('b', null) },
  ),
  'CREATE TABLE: its answer': script('CREATE OR REPLACE TABLE made AS SELECT * FROM t', {
    status: string("table 'made' was created with 3 rows"),
  }),
  'CREATE TABLE: with names of columns': script(
    'CREATE OR REPLACE TABLE made (n, word) AS SELECT id, g FROM t WHERE id = 1; FROM made',
    { n: int64(1), word: string('a') },
  ),
  'CREATE TABLE: a sum of integers keeps its digits': script(
    'CREATE OR REPLACE TABLE made AS SELECT sum(9007199254740992 + id) AS y FROM t WHERE id = 1; FROM made',
    { y: int128(9007199254740993n) },
  ),
  'CREATE TABLE: a name that is taken': fails(
    (frames, context) => run('CREATE OR REPLACE TABLE taken AS FROM t; CREATE TABLE taken AS FROM t', frames, context),
    'NAME_TAKEN',
  ),
  'CREATE TABLE IF NOT EXISTS': script(
    'CREATE OR REPLACE TABLE kept AS SELECT 1 AS n; CREATE TABLE IF NOT EXISTS kept AS SELECT 2 AS n; FROM kept',
    { n: int32(1) },
  ),
  'CREATE VIEW ... AS': script(
    'CREATE OR REPLACE VIEW seen AS SELECT g, id * 2 AS twice FROM t; SELECT twice FROM seen WHERE g IS NULL',
    { twice: int64(6) },
  ),
  'CREATE VIEW: of a model': script(
    'CREATE OR REPLACE VIEW scored AS SELECT id, m(a, b) AS y FROM t; SELECT y FROM scored WHERE id = 2',
    { y: float32(9) },
  ),
  'DROP TABLE': fails(
    (frames, context) => run('CREATE OR REPLACE TABLE gone AS FROM t; DROP TABLE gone; FROM gone', frames, context),
    'TABLE_NOT_FOUND',
  ),
  'DROP VIEW IF EXISTS': script('DROP VIEW IF EXISTS never_made; SELECT count(*) AS n FROM t', { n: int64(3) }),
  'SHOW TABLES': rows(
    async (frames, context) => {
      await run('CREATE OR REPLACE TABLE shown AS SELECT id, g FROM t', frames, context);
      return context.session.sql('SHOW TABLES').filter("name = 'shown'");
    },
    { name: string('shown'), kind: string('table'), columns: string('id, g') },
  ),
  DESCRIBE: script('DESCRIBE SELECT id, m(a, b) AS y FROM t', {
    name: string('id', 'y'),
    type: string('int64', 'float32'),
  }),
  'CREATE MODEL ... FROM': script("CREATE OR REPLACE MODEL loaded FROM '{model}'; SELECT loaded(a, b) AS y FROM t", {
    y: float32(5, 9, 13),
  }),
  'CREATE MODEL: with options': script(
    "CREATE OR REPLACE MODEL loaded FROM '{model}' WITH (inputs = { in: ['b', 'a'] }); SELECT loaded() AS y FROM t",
    { y: float32(6, 11, 16) },
  ),
  'DESCRIBE MODEL': rows(
    async (frames, context) => {
      const answer = await run("CREATE OR REPLACE MODEL loaded FROM '{model}'; DESCRIBE MODEL loaded", frames, context);
      return answer.drop('accepts');
    },
    {
      role: string('input', 'output'),
      name: string('in', 'y'),
      dtype: string('float32', 'float32'),
      shape: string('[N, 2]', '[N, 1]'),
    },
  ),
  'SHOW MODELS': rows(
    async (frames, context) => {
      await run("CREATE OR REPLACE MODEL loaded FROM '{model}'", frames, context);
      return context.session.sql('SHOW MODELS').filter("name = 'loaded'").select('name', 'inputs', 'outputs');
    },
    { name: string('loaded'), inputs: string('in float32[N, 2]'), outputs: string('y float32[N, 1]') },
  ),
  'DROP MODEL': fails(
    (frames, context) =>
      run("CREATE OR REPLACE MODEL gone FROM '{model}'; DROP MODEL gone; SELECT gone(1, 2)", frames, context),
    'FUNCTION_NOT_FOUND',
  ),
  'COPY ... TO: a query': rows(
    async (frames, context) => {
      await run("COPY (SELECT id, m(a, b) AS y FROM t) TO '{folder}/out'", frames, context);
      return context.session.read.parquet(join(context.folder, 'out'));
    },
    { id: int64(1, 2, 3), y: float32(5, 9, 13) },
  ),
  'COPY ... TO: its answer': rows(
    async (frames, context) => {
      const answer = await run("COPY t TO '{folder}/out.csv'", frames, context);
      return answer.select('rows', 'failed_rows');
    },
    { rows: int64(3), failed_rows: int64(0) },
  ),
  'COPY ... TO: folders of values': value(
    async (frames, context) => {
      await run(
        "COPY (SELECT id, g FROM t WHERE id < 3) TO '{folder}/out' (FORMAT csv, PARTITION_BY (g))",
        frames,
        context,
      );
      return (await readdir(join(context.folder, 'out'))).filter(name => name.startsWith('g=')).sort();
    },
    ['g=a', 'g=b'],
  ),
  EXPLAIN: value(async (frames, context) => {
    const plan = await run('EXPLAIN SELECT m(a, b) FROM t', frames, context);
    return (await plan.columns()).length;
  }, 1),
  'SELECT ... FROM a file': rows(
    async (frames, context) => {
      await run("COPY (SELECT id FROM t) TO '{folder}/out'", frames, context);
      return context.session.sql(`SELECT id FROM '${context.folder}/out/*.parquet' WHERE id > 1`);
    },
    { id: int64(2, 3) },
  ),
  'INSERT INTO': rows(
    async (frames, context) => {
      await run('CREATE OR REPLACE TABLE grown AS SELECT id FROM t', frames, context);
      return run('INSERT INTO grown VALUES (4); SELECT id FROM grown ORDER BY id', frames, context);
    },
    { id: int64(1, 2, 3, 4) },
  ),
  UPDATE: rows(
    async (frames, context) => {
      await run('CREATE OR REPLACE TABLE changed AS SELECT id FROM t', frames, context);
      return run('UPDATE changed SET id = 9 WHERE id = 1; SELECT id FROM changed ORDER BY id', frames, context);
    },
    { id: int64(2, 3, 9) },
  ),
  'DELETE FROM': rows(
    async (frames, context) => {
      await run('CREATE OR REPLACE TABLE shrunk AS SELECT id FROM t', frames, context);
      return run('DELETE FROM shrunk WHERE id = 1; SELECT id FROM shrunk ORDER BY id', frames, context);
    },
    { id: int64(2, 3) },
  ),
  'a statement that is none': refuses('GRANT ALL ON t TO me', 'STATEMENT_UNSUPPORTED'),
});
