/** What a model may use of the machine. */
export interface Machine {
  readonly cores: number;
  /** Threads of the pool. */
  readonly workers: number;
  /** Threads inside one run, where the user has said how many. */
  readonly threads: number | undefined;
  /** Bytes. */
  readonly memory: number;
}

/** ONNX Runtime holds a model's weights about so often while it opens it: the file's bytes, the graph's, and repacked ones. */
const COPIES = 3;

/** The part of the memory that networks may take together. */
const SHARE = 0.5;

/**
 * Workers and threads for a model of a size: one worker a core, each with one thread, is fastest, since nothing is shared
 * and nothing waits. A model that is too large to be open so often gets fewer workers and gives each more threads.
 */
export function spread(modelBytes: number, machine: Machine): { readonly workers: number; readonly threads: number } {
  const fitting = Math.floor((machine.memory * SHARE) / Math.max(1, modelBytes * COPIES));
  const workers = Math.max(1, Math.min(machine.workers, fitting));
  return { workers, threads: machine.threads ?? Math.max(1, Math.floor(machine.cores / workers)) };
}
