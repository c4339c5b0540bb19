import { createHash } from 'node:crypto';
import { access, mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { WriteTarget } from '../../frame/engine.js';
import { InframeError } from '../../frame/errors.js';
import { FolderLock } from './lock.js';
import { flush, type JobIdentity, type ManifestLine, readManifest, readSuccess, writeDurably } from './manifest.js';
import { writeError } from './part.js';
import type { CommittedTask, PartStore } from './store.js';
import { HOUSE, makeHouse, publishedFiles, refuseForeign, SUCCESS } from './target-folder.js';

/**
 * A target folder: parts, a manifest that survives the process, `_SUCCESS` at the end.
 *
 *     target/part-00000-1a2b3c4d.parquet ...   published parts, whole
 *     target/_SUCCESS                          last of all: who the job was
 *     target/_inframe/lock                     held while a job writes
 *     target/_inframe/manifest.jsonl           a line a finished task
 *     target/_inframe/parts/<task key>         finished, not yet published
 *     target/_inframe/_part-...                being written
 *
 * Invariant M1: a task stands in the manifest only after its files are whole, on the disk, and at their place.
 * Invariant M2: readers, who pass over names that begin with `_`, see no part before the last task has finished; then the
 * parts are renamed one by one, each whole.
 * Invariant M3: what the target held before is removed only in that moment.
 */
export class TargetStore implements PartStore {
  readonly scratch: string;
  /** True if this very job had ended before: nothing is left to do. */
  readonly complete: boolean;
  /** What differs from the job whose unfinished work stands here. */
  readonly changed: readonly (keyof JobIdentity)[];
  readonly #folder: string;
  readonly #house: string;
  readonly #lock: FolderLock;
  readonly #format: string;
  readonly #tasks: Map<string, CommittedTask>;
  readonly #names: Map<string, readonly string[]>;
  #next = 0;

  private constructor(init: {
    folder: string;
    lock: FolderLock;
    format: string;
    tasks: Map<string, CommittedTask>;
    names: Map<string, readonly string[]>;
    complete: boolean;
    changed: readonly (keyof JobIdentity)[];
  }) {
    this.#folder = init.folder;
    this.#house = join(init.folder, HOUSE);
    this.scratch = join(this.#house, '_scratch');
    this.#lock = init.lock;
    this.#format = init.format;
    this.#tasks = init.tasks;
    this.#names = init.names;
    this.complete = init.complete;
    this.changed = init.changed;
  }

  /**
   * Makes the folder, takes its lock, and reads what an earlier run has left.
   *
   * @throws InframeError TARGET_EXISTS, TARGET_BUSY, TARGET_NOT_WRITABLE
   */
  static async open(target: WriteTarget, identity: JobIdentity): Promise<TargetStore> {
    const folder = resolve(target.path);
    const house = join(folder, HOUSE);
    await refuseForeign(folder, target);
    await makeHouse(house, target.path);
    const lock = await FolderLock.acquire(house, target.path);
    try {
      const lines = await readManifest(join(house, 'manifest.jsonl'));
      const earlier = lines.findLast(line => line.kind === 'job')?.identity;
      const finished = await readSuccess(folder);
      const changed =
        earlier === undefined
          ? []
          : (['sources', 'models', 'plan'] as const).filter(part => earlier[part] !== identity[part]);
      const same = finished !== undefined && JSON.stringify(finished) === JSON.stringify(identity);
      if (finished !== undefined && !same && target.mode === 'error') throw exists(target.path, finished, identity);
      const tasks = new Map(lines.flatMap(line => (line.kind === 'task' ? [[line.task.key, line.task] as const] : [])));
      const names = new Map(lines.flatMap(line => (line.kind === 'publish' ? Object.entries(line.names) : [])));
      const store = new TargetStore({ folder, lock, format: target.format, tasks, names, complete: same, changed });
      await store.#clean();
      if (!same) await store.#append({ kind: 'job', version: 1, identity });
      return store;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  temporary(): string {
    return join(this.#house, `_part-${process.pid}-${this.#next++}`);
  }

  async find(key: string): Promise<CommittedTask | undefined> {
    const task = this.#tasks.get(key);
    if (task === undefined) return undefined;
    const paths = await this.locate(task);
    for (const [index, file] of task.files.entries()) {
      const info = await stat(paths[index]!).catch(() => undefined);
      if (info?.size !== file.bytes) return undefined;
    }
    return task;
  }

  async commit(task: CommittedTask, temporary: string): Promise<void> {
    const place = this.#staged(task.key);
    try {
      for (const file of task.files) await flush(join(temporary, file.path));
      await rm(place, { recursive: true, force: true });
      await rename(temporary, place);
      await this.#append({ kind: 'task', task });
    } catch (error) {
      throw writeError(error, place);
    }
    this.#tasks.set(task.key, task);
    this.#names.delete(task.key);
  }

  /** Where a task's files are now: waiting, or published already by an earlier run. */
  async locate(task: CommittedTask): Promise<readonly string[]> {
    const staged = task.files.map(file => join(this.#staged(task.key), file.path));
    const published = this.#names.get(task.key)?.map(name => join(this.#folder, name));
    if (published === undefined) return staged;
    const result: string[] = [];
    for (const [index, path] of staged.entries()) {
      const waiting = await access(path).then(
        () => true,
        () => false,
      );
      result.push(waiting ? path : published[index]!);
    }
    return result;
  }

  /** Every committed task of a complete job, in the order of its parts. */
  finishedTasks(): readonly CommittedTask[] {
    return [...this.#names.keys()].flatMap(key => this.#tasks.get(key) ?? []);
  }

  /** What a published task's files are called, relative to the target. */
  publishedNames(task: CommittedTask): readonly string[] {
    return this.#names.get(task.key) ?? [];
  }

  /**
   * Makes the job's result visible: parts get their names, what the target held before goes, `_SUCCESS` comes last.
   * Killed in the middle, it is taken up again by the next run, which finds every task finished.
   *
   * @param tasks of the result, in the order of the rows
   * @returns the published files, relative to the target
   */
  async publish(tasks: readonly CommittedTask[], identity: JobIdentity): Promise<readonly string[]> {
    try {
      return await this.#publish(tasks, identity);
    } catch (error) {
      throw error instanceof InframeError ? error : writeError(error, this.#folder);
    }
  }

  async #publish(tasks: readonly CommittedTask[], identity: JobIdentity): Promise<readonly string[]> {
    const moves: { from: string; to: string }[] = [];
    const names: Record<string, readonly string[]> = {};
    for (const [index, task] of tasks.entries()) {
      const paths = await this.locate(task);
      names[task.key] = task.files.map((file, position) => this.#partName(index, task, file.path, position));
      moves.push(...paths.map((from, position) => ({ from, to: names[task.key]![position]! })));
    }
    const wanted = new Set(moves.map(({ to }) => to));
    const old = (await publishedFiles(this.#folder)).filter(name => !wanted.has(name));
    await rm(join(this.#folder, SUCCESS), { force: true });
    // A part of an earlier result may have to change its name to one that another part still has: two steps.
    const aside: { from: string; to: string }[] = [];
    for (const { from, to } of moves) {
      if (from === join(this.#folder, to)) continue;
      if (from.startsWith(this.#house)) {
        aside.push({ from, to });
        continue;
      }
      const waiting = join(
        this.#house,
        'parts',
        `moving-${createHash('sha256').update(to).digest('hex').slice(0, 16)}`,
      );
      await rename(from, waiting);
      aside.push({ from: waiting, to });
    }
    await this.#append({ kind: 'publish', names });
    const moved = new Set(moves.map(({ from }) => from));
    for (const name of old) if (!moved.has(join(this.#folder, name))) await this.#remove(name);
    for (const { from, to } of aside) {
      await mkdir(dirname(join(this.#folder, to)), { recursive: true });
      await rename(from, join(this.#folder, to));
    }
    for (const task of tasks) {
      for (const [index, file] of task.files.entries()) {
        const info = await stat(join(this.#folder, names[task.key]![index]!)).catch(() => undefined);
        if (info?.size !== file.bytes) {
          throw new InframeError(
            'INTERNAL',
            `part '${names[task.key]![index]}' is not what its task wrote; start the job again`,
          );
        }
      }
      this.#names.set(task.key, names[task.key]!);
    }
    await writeDurably(join(this.#folder, SUCCESS), `${JSON.stringify({ job: identity })}\n`);
    await this.#tidy(tasks, identity, names);
    return [...wanted];
  }

  /** Only what the result needs is remembered: what the stages in between have written goes. */
  async #tidy(
    tasks: readonly CommittedTask[],
    identity: JobIdentity,
    names: Readonly<Record<string, readonly string[]>>,
  ): Promise<void> {
    const lines: readonly ManifestLine[] = [
      { kind: 'job', version: 1, identity },
      ...tasks.map(task => ({ kind: 'task', task }) as const),
      { kind: 'publish', names },
    ];
    const temporary = join(this.#house, '_manifest');
    await writeDurably(temporary, lines.map(line => `${JSON.stringify(line)}\n`).join(''));
    await rename(temporary, this.#manifest);
    await rm(join(this.#house, 'parts'), { recursive: true, force: true });
    await rm(this.scratch, { recursive: true, force: true });
  }

  /** The job has ended, one way or another; what it has committed stays. */
  async close(): Promise<void> {
    await rm(this.scratch, { recursive: true, force: true });
    this.#lock.release();
  }

  get #manifest(): string {
    return join(this.#house, 'manifest.jsonl');
  }

  #staged(key: string): string {
    return join(this.#house, 'parts', key);
  }

  #partName(index: number, task: CommittedTask, path: string, position: number): string {
    const number = String(index).padStart(5, '0');
    const more = task.files.length > 1 ? `-${position}` : '';
    const name = `part-${number}-${task.key.slice(0, 8)}${more}.${this.#format}`;
    return path === '' ? name : join(dirname(path), name);
  }

  /** Removes what a killed run was in the middle of writing. */
  async #clean(): Promise<void> {
    await mkdir(join(this.#house, 'parts'), { recursive: true });
    for (const name of await readdir(this.#house)) {
      if (name.startsWith('_')) await rm(join(this.#house, name), { recursive: true, force: true });
    }
    await mkdir(this.scratch, { recursive: true });
  }

  async #remove(name: string): Promise<void> {
    await rm(join(this.#folder, name), { force: true });
    for (let folder = dirname(name); folder !== '.'; folder = dirname(folder)) {
      const emptied = await rmdir(join(this.#folder, folder)).then(
        () => true,
        () => false,
      );
      if (!emptied) return;
    }
  }

  async #append(line: ManifestLine): Promise<void> {
    const file = await open(this.#manifest, 'a');
    try {
      await file.write(`${JSON.stringify(line)}\n`);
      await file.datasync();
    } finally {
      await file.close();
    }
  }
}

function exists(target: string, finished: JobIdentity, identity: JobIdentity): InframeError {
  const changed = (['sources', 'models', 'plan'] as const).filter(part => finished[part] !== identity[part]);
  const words = { sources: 'the source', models: 'the model', plan: 'what is computed' };
  return new InframeError(
    'TARGET_EXISTS',
    `target '${target}' holds the result of another job: ${changed.map(part => words[part]).join(' and ')} differ${changed.length === 1 ? 's' : ''}; choose another target, or overwrite it`,
    { target, changed },
  );
}
