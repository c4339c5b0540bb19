import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult } from '@duckdb/node-api';
import { fromDuckDBType } from '../../connectors/duckdb/types.js';
import { InframeError } from '../../frame/errors.js';
import { Schema } from '../../frame/schema.js';
import { query, translate } from './duckdb.js';
import { aborted } from './schedule.js';

const MORE = '__inframe_more';

/**
 * The rows of a SELECT, chunk by chunk, in bounded memory.
 *
 * Invariant Q1: a stream that ends has given every row. DuckDB's client does not tell a stream that failed from one that
 * is exhausted: both give a chunk without rows (`duckdb_result_error` is not exposed). So the SELECT is given one more row
 * behind all others, in a chunk of its own; a stream that ends without it has failed.
 */
export class RowStream {
  readonly schema: Schema;
  readonly #connection: DuckDBConnection;
  readonly #sql: string;
  readonly #result: DuckDBResult;
  readonly #signal: AbortSignal | undefined;

  private constructor(
    connection: DuckDBConnection,
    sql: string,
    result: DuckDBResult,
    signal: AbortSignal | undefined,
  ) {
    this.#signal = signal;
    this.#connection = connection;
    this.#sql = sql;
    this.#result = result;
    this.schema = new Schema(
      Array.from({ length: result.columnCount - 1 }, (_, index) => ({
        name: result.columnName(index),
        type: fromDuckDBType(result.columnType(index)),
      })),
    );
  }

  /**
   * @param connection used by nobody else until the stream has ended (DESIGN section 5)
   * @param signal aborted where the connection is interrupted: the reason why the stream fails is known then
   */
  static async open(connection: DuckDBConnection, sql: string, signal?: AbortSignal): Promise<RowStream> {
    const marked = `SELECT *, TRUE AS ${MORE} FROM (${sql}) UNION ALL BY NAME SELECT FALSE AS ${MORE}`;
    try {
      return new RowStream(connection, sql, await connection.stream(marked), signal);
    } catch (error) {
      throw translate(error);
    }
  }

  /** Chunks of at most 2048 rows; behind the columns of the schema each has one more, which is not of interest. */
  async *chunks(): AsyncGenerator<DuckDBDataChunk, void, undefined> {
    for (;;) {
      const chunk = await this.#fetch();
      if (chunk === undefined) throw this.#signal?.aborted ? aborted() : await this.#failure();
      const more = chunk.getColumnVector(chunk.columnCount - 1);
      if (more.getItem(chunk.rowCount - 1) === true) {
        yield chunk;
        continue;
      }
      chunk.rowCount -= 1;
      if (chunk.rowCount > 0) yield chunk;
      // Past its end, the statement's transaction ends with it. Left open, it would take with it what the connection's next
      // user registers before its first statement.
      await this.#fetch();
      return;
    }
  }

  async #fetch(): Promise<DuckDBDataChunk | undefined> {
    try {
      const chunk = await this.#result.fetchChunk();
      return chunk === null || chunk.rowCount === 0 ? undefined : chunk;
    } catch (error) {
      throw translate(error);
    }
  }

  /** The client has swallowed the reason: every value is computed once more, and none is kept, to hear it. */
  async #failure(): Promise<InframeError> {
    try {
      await query(this.#connection, `SELECT max(hash(${MORE})) FROM (${this.#sql}) AS ${MORE}`);
    } catch (error) {
      return translate(error);
    }
    return new InframeError(
      'QUERY_FAILED',
      'query stopped before its end, and ran through when tried again; try again',
    );
  }
}
