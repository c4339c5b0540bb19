import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/*
 * Chunks and results of DuckDB are freed when the small objects that stand for them are collected. The collector sees only
 * the small objects, finds no reason to hurry, and megabytes behind each of them wait. So it is asked, at moments when a
 * worker has just let go of many: without this, peak memory was half as high again, and less of the work stayed in the caches.
 */

type Collect = (options: { readonly type: 'minor' }) => void;

setFlagsFromString('--expose-gc');
// The flag shows the function to contexts that are made after it.
const collect = runInNewContext('gc') as Collect;

/** Frees the native memory of what has been let go of a moment ago. Takes about a millisecond. */
export function freeNative(): void {
  collect({ type: 'minor' });
}
