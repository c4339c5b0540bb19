import { mkdirSync, mkdtempSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommittedTask, PartStore } from './store.js';

/** Parts of a job whose result is only looked at: a private folder that goes away with it. */
export class ScratchStore implements PartStore {
  readonly #parent: string;
  readonly #tasks = new Map<string, CommittedTask>();
  #folder: string | undefined;
  #next = 0;

  /** @param parent a folder for temporary files */
  constructor(parent: string) {
    this.#parent = parent;
  }

  /** Made when the first part is: most short statements need none. */
  get scratch(): string {
    if (this.#folder === undefined) {
      mkdirSync(this.#parent, { recursive: true });
      this.#folder = mkdtempSync(join(this.#parent, 'job-'));
    }
    return this.#folder;
  }

  temporary(): string {
    return join(this.scratch, `_part-${this.#next++}`);
  }

  async find(key: string): Promise<CommittedTask | undefined> {
    return this.#tasks.get(key);
  }

  async commit(task: CommittedTask, temporary: string): Promise<void> {
    await rename(temporary, join(this.scratch, task.key));
    this.#tasks.set(task.key, task);
  }

  async locate(task: CommittedTask): Promise<readonly string[]> {
    return task.files.map(file => join(this.scratch, task.key, file.path));
  }

  async close(): Promise<void> {
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }
}
