import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { quote, quoteText } from '../../../../src/connectors/duckdb/quote.js';
import { connect, type DataFrame, type ErrorCode, type InframeSession } from '../../../../src/index.js';
import { inframeError } from '../../../support/onnx.js';
import { answerOf, assertSameAnswer, Oracle, type ParameterValues } from './answers.js';
import { MACROS, registerModels } from './models.js';

/** A statement, and how its answer is to be compared. */
export interface Question {
  readonly sql: string;
  readonly params?: ParameterValues;
  /** What DuckDB is asked, where a macro cannot be called as a model can. */
  readonly plainSql?: string;
  /** True if the statement puts its rows in an order in which no two can change places. */
  readonly ordered?: boolean;
  /** True if it gives no rows. */
  readonly empty?: boolean;
}

/** Longer than any of these statements takes: what hangs fails instead of going on for ever. */
const BOUND = 60_000;

/** A session and a plain DuckDB with the same views; what is a model in one is a macro in the other. */
export interface TwoWays {
  readonly session: InframeSession;
  readonly oracle: Oracle;
  /** Where tables and models are. */
  readonly folder: string;
}

/** @param makeTables writes files into the folder and says which views there are: a path, or a query that starts with SELECT */
export async function openTwoWays(
  makeTables: (folder: string) => Promise<Readonly<Record<string, string>>>,
): Promise<TwoWays & { close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'inframe-sql-'));
  const tables = await makeTables(folder);
  const views = Object.entries(tables).map(([name, source]) => {
    const query = source.startsWith('SELECT') ? source : `SELECT * FROM read_parquet(${quoteText(source)})`;
    return `CREATE VIEW ${quote(name)} AS ${query}`;
  });
  const session = await connect({ workers: 1, threads: 1 });
  await registerModels(session, folder);
  await session.execute(views.join(';\n'));
  const oracle = await Oracle.open([...MACROS, ...views]);
  const close = async (): Promise<void> => {
    await session.close();
    oracle.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { session, oracle, folder, close };
}

/** The same for all tests of a file. */
export function setUpTwoWays(makeTables: Parameters<typeof openTwoWays>[0]): TwoWays {
  let open: Awaited<ReturnType<typeof openTwoWays>> | undefined;
  before(async () => {
    open = await openTwoWays(makeTables);
  });
  after(() => open?.close());
  const opened = (): TwoWays => {
    if (open === undefined) throw new Error('ask inside a test');
    return open;
  };
  return {
    get session() {
      return opened().session;
    },
    get oracle() {
      return opened().oracle;
    },
    get folder() {
      return opened().folder;
    },
  };
}

/** Fails unless the session gives DuckDB's answer. `{folder}` in the statement is where the files are. */
export async function assertAgrees(ways: TwoWays, question: Question): Promise<void> {
  const { params, ordered = false, empty = false } = question;
  const sql = question.sql.replaceAll('{folder}', ways.folder);
  const expected = await ways.oracle.answer(question.plainSql ?? sql, params);
  assert.equal(expected.rows.length === 0, empty, `a statement whose answer is empty by mistake tests nothing: ${sql}`);
  assertSameAnswer(await answerOf(ask(ways.session, sql, params)), expected, ordered, sql);
}

function ask(session: InframeSession, sql: string, params: ParameterValues | undefined): DataFrame {
  // Only texts, numbers and the like are given, which both take.
  return params === undefined ? session.sql(sql) : session.sql(sql, params as Parameters<InframeSession['sql']>[1]);
}

/** One test a question. */
export function testAgreement(ways: TwoWays, questions: Readonly<Record<string, Question>>): void {
  for (const [name, question] of Object.entries(questions)) {
    test(name, { timeout: BOUND }, () => assertAgrees(ways, question));
  }
}

/** A statement that must fail, with a stable code and a sentence that holds these words. */
export interface Refusal extends Question {
  readonly code: ErrorCode;
  readonly words: readonly (string | RegExp)[];
}

/** One test a refusal: it fails before a row is read, when the statement is written or when its columns are asked for. */
export function testRefusals(ways: TwoWays, refusals: Readonly<Record<string, Refusal>>): void {
  for (const [name, { sql, params, code, words }] of Object.entries(refusals)) {
    test(name, { timeout: BOUND }, () =>
      assert.rejects(
        async () => ask(ways.session, sql.replaceAll('{folder}', ways.folder), params).schema(),
        inframeError(code, ...words),
      ),
    );
  }
}
