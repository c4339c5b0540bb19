import type { ScanRelation } from '../../frame/relation.js';
import { hashOf } from '../../udf/hash.js';
import type { Once } from './convert.js';
import { planFileTasks } from './file-tasks.js';
import { VERSION } from './keys.js';
import type { LinesRequest, LinesResult } from './messages.js';
import type { WorkerPool } from './pool.js';
import { aborted } from './schedule.js';
import type { CommittedTask, PartStore } from './store.js';
import type { Slice } from './tasks.js';

/**
 * Text files become a Parquet row a line, in the worker pool: whatever their bytes are, in memory that does not depend on
 * the files' size.
 *
 * @param rows no more lines than these are wanted: files are then read one after the other, until there are enough
 */
export async function convertLines(
  scan: ScanRelation,
  rows: number | undefined,
  pool: WorkerPool,
  store: PartStore,
  once: Once,
  signal: AbortSignal | undefined,
): Promise<readonly CommittedTask[]> {
  const slices = planFileTasks(scan.files, undefined);
  const convert = (slice: Slice, most: number | undefined): Promise<CommittedTask> => {
    if (signal?.aborted) throw aborted();
    const folder = store.temporary();
    const policy = scan.content?.onInvalid ?? 'replace';
    const request: LinesRequest = {
      kind: 'lines',
      files: slice.files,
      folder,
      onInvalid: policy,
      partitions: scan.partitions,
      most: most ?? null,
    };
    const key = hashOf({ VERSION, lines: slice.files, policy, partitions: scan.partitions, most: most ?? null });
    return once(key, folder, async () => {
      const answer = await pool.run<LinesResult>(request);
      if ('cancelled' in answer) throw aborted();
      return answer.ok;
    });
  };
  if (rows !== undefined) return untilEnough(slices, rows, convert);
  const tasks: CommittedTask[] = new Array(slices.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < slices.length) {
      const at = next++;
      try {
        tasks[at] = await convert(slices[at]!, undefined);
      } catch (error) {
        next = slices.length;
        throw error;
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(pool.size, slices.length) }, lane));
  const failed = lanes.find(result => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return tasks;
}

async function untilEnough(
  slices: readonly Slice[],
  rows: number,
  convert: (slice: Slice, most: number) => Promise<CommittedTask>,
): Promise<readonly CommittedTask[]> {
  const tasks: CommittedTask[] = [];
  let left = rows;
  for (const slice of slices) {
    if (left <= 0 && tasks.length > 0) break;
    const task = await convert(slice, Math.max(0, left));
    tasks.push(task);
    left -= task.rows;
  }
  return tasks;
}
