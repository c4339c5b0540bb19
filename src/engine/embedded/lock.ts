import { open, readFile, realpath, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { InframeError, messageOf } from '../../frame/errors.js';
import { writeError } from './part.js';

/** Folders this process holds: the operating system's lock does not stop a process from itself. */
const HELD = new Set<string>();

/**
 * The right to write to a folder. It is the lock that DuckDB takes on a database file, which the operating system gives
 * back whatever way a process ends; so a killed job leaves nothing behind that would have to be judged stale.
 */
export class FolderLock {
  readonly #instance: DuckDBInstance;
  readonly #path: string;

  private constructor(instance: DuckDBInstance, path: string) {
    this.#instance = instance;
    this.#path = path;
  }

  /**
   * @param folder an existing folder
   * @param target what the user calls it
   * @throws InframeError TARGET_BUSY, TARGET_NOT_WRITABLE
   */
  static async acquire(folder: string, target: string): Promise<FolderLock> {
    const path = join(await realpath(folder), 'lock');
    if (HELD.has(path)) throw busy(target, String(process.pid));
    HELD.add(path);
    try {
      return new FolderLock(await openOrMend(path), path);
    } catch (error) {
      HELD.delete(path);
      if (!isConflict(error)) throw writeError(error, target);
      throw busy(target, /Conflicting lock is held in .*?\(PID (\d+)\)/.exec(messageOf(error))?.[1]);
    }
  }

  /** The file stays: another job may already be waiting to lock that very file. */
  release(): void {
    this.#instance.closeSync();
    HELD.delete(this.#path);
  }
}

async function openOrMend(path: string): Promise<DuckDBInstance> {
  try {
    return await DuckDBInstance.create(path, { threads: '1' });
  } catch (error) {
    const damaged = /not a valid DuckDB database file|Could not read enough bytes|corrupt|checksum/i.test(
      messageOf(error),
    );
    if (!damaged) throw error;
    await mend(path);
    return DuckDBInstance.create(path, { threads: '1' });
  }
}

/**
 * A process that was killed while it made the lock file left half of one. It is written over in place: whoever holds a
 * lock on that very file meanwhile keeps it, which a new file of the same name would take from him.
 */
async function mend(path: string): Promise<void> {
  const fresh = join(dirname(path), `_lock-${process.pid}-${performance.now()}`);
  try {
    (await DuckDBInstance.create(fresh, { threads: '1' })).closeSync();
    const whole = await readFile(fresh);
    const file = await open(path, 'r+');
    try {
      await file.write(whole, 0, whole.length, 0);
      await file.truncate(whole.length);
    } finally {
      await file.close();
    }
  } finally {
    await rm(fresh, { force: true });
  }
}

function isConflict(error: unknown): boolean {
  return /Could not set lock on file|Conflicting lock/.test(messageOf(error));
}

function busy(target: string, pid: string | undefined): InframeError {
  return new InframeError(
    'TARGET_BUSY',
    `target '${target}' is being written to by another job${pid === undefined ? '' : ` (process ${pid})`}; wait until it has ended, or choose another target`,
    { target, process: pid ?? null },
  );
}
