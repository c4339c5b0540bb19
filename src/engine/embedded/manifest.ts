import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommittedTask } from './store.js';
import { SUCCESS } from './target-folder.js';

/* What survives the process: a line a finished task, and who the job was. */

/** What a job is, in parts, so that a changed one can say what has changed. */
export interface JobIdentity {
  readonly sources: string;
  readonly models: string;
  readonly plan: string;
}

/** Lines of the manifest. Unknown kinds are passed over, so that later versions can add some. */
export type ManifestLine =
  | { readonly kind: 'job'; readonly version: 1; readonly identity: JobIdentity }
  | { readonly kind: 'task'; readonly task: CommittedTask }
  /** Which part of which task is called what, once it is published. */
  | { readonly kind: 'publish'; readonly names: Readonly<Record<string, readonly string[]>> };

/** Whole lines of a manifest; a last line that was cut off by a death is not one. */
export async function readManifest(path: string): Promise<readonly ManifestLine[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').flatMap(line => {
    if (line === '') return [];
    try {
      return [JSON.parse(line) as ManifestLine];
    } catch {
      // Cut off in the middle of a write: the task it was about is done again.
      return [];
    }
  });
}

export async function readSuccess(folder: string): Promise<JobIdentity | undefined> {
  const text = await readFile(join(folder, SUCCESS), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return (JSON.parse(text) as { job: JobIdentity }).job;
  } catch {
    // Spark's is empty: a result all the same, of a job that is not ours.
    return { sources: '', models: '', plan: '' };
  }
}

/** A part that is recorded must survive the machine's death, not only the program's (M1). */
export async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}

export async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(text);
    await file.datasync();
  } finally {
    await file.close();
  }
}
