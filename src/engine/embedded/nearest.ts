import { rm } from 'node:fs/promises';
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import { quote } from '../../connectors/duckdb/quote.js';
import { columnOf } from '../../frame/analysis/columns.js';
import type { Metric } from '../../frame/plan-verbs.js';
import {
  type NearestRelation,
  type QueryRelation,
  type Relation,
  type ScanRelation,
  stageResult,
} from '../../frame/relation.js';
import { Schema } from '../../frame/schema.js';
import type { DataType } from '../../frame/types.js';
import { hashOf } from '../../udf/hash.js';
import { blockCall, type VectorBlock } from '../../udf/nearest.js';
import {
  CANDIDATES,
  candidatesText,
  everyPairText,
  FOUND,
  LEFT,
  RIGHT,
  resultText,
  vectorsText,
} from './compile/nearest.js';
import { compile } from './compile.js';
import { query } from './duckdb.js';
import type { ModelStage } from './stages.js';
import { BlockReader } from './vector-blocks.js';

/*
 * A search for near rows, carried out: the right vectors become the weights of networks, block by block, which the left
 * vectors are run through in the pool. What comes out are candidates, since networks compute in 32 bits; DuckDB compares
 * these in 64, and where that leaves a doubt, the row with all others. So the answer is that of `nearestSql`.
 */

/** What a search asks of the job it is part of. */
export interface SearchJob {
  /** Threads of the pool. */
  readonly threads: number;
  /** A path nobody else uses. */
  readonly temporary: () => string;
  /** The rows of a SELECT, while other statements run. */
  readonly stream: (sql: string) => AsyncIterable<DuckDBDataChunk>;
  readonly count: (relation: Relation) => Promise<number>;
  /** Has DuckDB carry a relation out. */
  readonly query: (relation: Relation) => Promise<ScanRelation>;
  /** Runs a model. */
  readonly score: (stage: ModelStage) => Promise<ScanRelation>;
}

/** So many pairs, and fewer, DuckDB alone has compared before a worker has started. */
const FEW_PAIRS = 1_000_000;

const INT64: DataType = { kind: 'int64' };

const VECTORS = new Schema([
  { name: 'n', type: INT64 },
  { name: 'v', type: { kind: 'list', element: { kind: 'float64' } } },
]);

const PAIRS = new Schema([
  { name: 'a', type: INT64 },
  { name: 'b', type: INT64 },
  { name: 'place', type: { kind: 'int32' } },
  { name: 'score', type: { kind: 'float64' } },
]);

const JUDGED = new Schema([{ name: 'sure', type: { kind: 'boolean' } }, ...PAIRS.fields]);

/** The relation with what has been found in the place of the search; as it is, where DuckDB alone is to carry it out. */
export async function searchInBlocks(relation: NearestRelation, job: SearchJob): Promise<Relation> {
  const [left, right] = relation.inputs;
  if ((await job.count(left)) * (await job.count(right)) <= FEW_PAIRS) return relation;
  const blocks = new BlockReader(relation.metric, relation.k);
  const candidates: ScanRelation[] = [];
  let running: Promise<unknown> = Promise.resolve();
  let own: ScanRelation | undefined;
  const others = compile(statement(VECTORS, vectorsText(relation, 1, RIGHT), { [RIGHT]: right }));
  try {
    for await (const block of blocks.read(job.stream(others))) {
      own ??= await job.query(
        statement(VECTORS, `SELECT * FROM (${vectorsText(relation, 0, LEFT)}) WHERE len(v) = ${block.size}`, {
          [LEFT]: left,
        }),
      );
      // The next block is read while this one runs; what goes wrong in it is said when it is waited for.
      await running;
      running = candidatesIn(block, relation.metric, blocks.kept, own, job).then(found => candidates.push(found));
      running.catch(() => undefined);
    }
  } finally {
    // No task outlives its job.
    await Promise.allSettled([running]);
  }
  await running;
  const { searched } = blocks;
  if (searched === undefined || own === undefined) return relation;
  const judged = await job.query(
    statement(JUDGED, candidatesText(relation, searched), {
      [LEFT]: own,
      [RIGHT]: right,
      [CANDIDATES]: together(candidates),
    }),
  );
  const found = await withDoubtful(relation, judged, job);
  return statement(relation.schema, resultText(relation, LEFT, RIGHT, FOUND), {
    [LEFT]: left,
    [RIGHT]: right,
    [FOUND]: found,
  });
}

/** What is known of the left rows, and of those that are in doubt, what comparing them with every right row gives. */
async function withDoubtful(relation: NearestRelation, judged: ScanRelation, job: SearchJob): Promise<Relation> {
  const [left, right] = relation.inputs;
  const columns = PAIRS.names.map(name => (name === 'place' ? 'CAST(place AS INTEGER) AS place' : name)).join(', ');
  const known = statement(PAIRS, `SELECT ${columns} FROM ${FOUND} AS t WHERE sure AND b IS NOT NULL`, {
    [FOUND]: judged,
  });
  const number = quote(relation.numbers[0]);
  const doubtful = statement(
    left.schema,
    `SELECT l.* FROM ${LEFT} AS l SEMI JOIN (SELECT a FROM ${FOUND} AS t WHERE NOT sure) d ON d.a = l.${number}`,
    { [LEFT]: left, [FOUND]: judged },
  );
  if ((await job.count(doubtful)) === 0) return known;
  return job.query(
    statement(PAIRS, `SELECT * FROM ${FOUND} AS t UNION ALL SELECT * FROM (${everyPairText(relation, LEFT, RIGHT)})`, {
      [FOUND]: known,
      [LEFT]: doubtful,
      [RIGHT]: right,
    }),
  );
}

/** Candidates of all left rows among the right rows of a block: `n` and `hits`. */
async function candidatesIn(
  block: VectorBlock,
  metric: Metric,
  kept: number,
  own: ScanRelation,
  job: SearchJob,
): Promise<ScanRelation> {
  const path = job.temporary();
  try {
    const call = await blockCall(block, metric, kept, path, columnOf('v'), job.threads);
    const hits = { name: 'hits', type: call.type };
    const scored: Relation = {
      kind: 'score',
      schema: new Schema([...VECTORS.fields, hits]),
      input: own,
      calls: [{ column: 'hits', call }],
    };
    const schema = new Schema([VECTORS.field('n'), hits]);
    const columns = schema.names.map(name => ({ name, expr: columnOf(name) }));
    return await job.score({
      input: own,
      calls: scored.calls,
      output: { kind: 'project', schema, input: scored, columns },
    });
  } finally {
    await rm(path, { force: true });
  }
}

/** How many rows DuckDB gives of a relation. */
export async function countRows(connection: DuckDBConnection, relation: Relation): Promise<number> {
  const result = await query(connection, `SELECT count(*) FROM (${compile(relation)})`);
  return Number(result.getChunk(0).getColumnVector(0).getItem(0));
}

/** Tables of the same columns as one. */
function together(parts: readonly ScanRelation[]): ScanRelation {
  const [first] = parts;
  return stageResult(
    first!.schema,
    parts.flatMap(({ files }) => files),
    hashOf(parts.map(({ identity }) => identity)),
  );
}

/** @param inputs by their names in the text */
function statement(schema: Schema, text: string, inputs: Readonly<Record<string, Relation>>): QueryRelation {
  return {
    kind: 'query',
    schema,
    text,
    names: Object.keys(inputs),
    inputs: Object.values(inputs),
    files: [],
    identity: '',
  };
}
