import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { openConnection } from './duckdb.js';

/** Connections that wait for the next job: opening one costs as much as a short statement. */
const MOST_IDLE = 4;

/** The connections of one database. Each is used by one job at a time (DESIGN section 5). */
export class Connections {
  readonly #instance: DuckDBInstance;
  readonly #idle: DuckDBConnection[] = [];
  #closed = false;

  constructor(instance: DuckDBInstance) {
    this.#instance = instance;
  }

  async take(): Promise<DuckDBConnection> {
    return this.#idle.pop() ?? (await openConnection(this.#instance));
  }

  /** @param connection whose last statement has ended; one that was left in the middle of something is closed instead */
  give(connection: DuckDBConnection, ended: boolean): void {
    if (ended && !this.#closed && this.#idle.length < MOST_IDLE) this.#idle.push(connection);
    else connection.closeSync();
  }

  close(): void {
    this.#closed = true;
    for (const connection of this.#idle.splice(0)) connection.closeSync();
  }
}
