import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommittedTask, PartStore } from './store.js';

/** Parts of a job whose result is only looked at: a private folder that goes away with it. */
export class ScratchStore implements PartStore {
  readonly scratch: string;
  readonly #tasks = new Map<string, CommittedTask>();
  #next = 0;

  private constructor(folder: string) {
    this.scratch = folder;
  }

  /** @param parent a folder for temporary files */
  static async open(parent: string): Promise<ScratchStore> {
    await mkdir(parent, { recursive: true });
    return new ScratchStore(await mkdtemp(join(parent, 'job-')));
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
    await rm(this.scratch, { recursive: true, force: true });
  }
}
