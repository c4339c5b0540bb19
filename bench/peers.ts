import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A peer's script and the arguments that make it what its name says. */
export interface Peer {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
  /** Python packages it needs. */
  readonly needs: readonly string[];
}

export const PEERS: readonly Peer[] = [
  {
    name: 'Python by hand, 2 threads',
    script: 'pyarrow_onnx.py',
    args: ['--processes', '1', '--threads', '2', '--batch', '4096'],
    needs: ['pyarrow', 'onnxruntime', 'numpy'],
  },
  {
    name: 'Python by hand, 2 processes',
    script: 'pyarrow_onnx.py',
    args: ['--processes', '2', '--threads', '2', '--batch', '4096'],
    needs: ['pyarrow', 'onnxruntime', 'numpy'],
  },
  {
    name: 'Ray Data map_batches',
    script: 'ray_data.py',
    args: [],
    needs: ['ray', 'pyarrow', 'onnxruntime', 'numpy'],
  },
];

/** The Python to use: INFRAME_PYTHON, else python3. */
const PYTHON = process.env['INFRAME_PYTHON'] ?? 'python3';

/** True if the peer's packages are there. */
export function isAvailable(peer: Peer): boolean {
  try {
    execFileSync(PYTHON, ['-c', `import ${peer.needs.join(', ')}`], { stdio: 'ignore' });
    return true;
  } catch {
    // Not installed, or no Python at all: the benchmark says so and goes on without.
    return false;
  }
}

/** Runs a peer on a table and gives its rows per second, as it measured them itself. */
export function runPeer(
  peer: Peer,
  job: { input: string; model: string; out: string; features: readonly string[] },
): number {
  // Compiled to build/bench/, the scripts stand in bench/peers/.
  const script = fileURLToPath(new URL(`../../bench/peers/${peer.script}`, import.meta.url));
  const output = execFileSync(
    PYTHON,
    [
      script,
      '--input',
      job.input,
      '--model',
      job.model,
      '--out',
      job.out,
      '--features',
      job.features.join(','),
      '--keep',
      'id',
      ...peer.args,
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 64 * 1024 * 1024 },
  );
  const last = output.trim().split('\n').at(-1) ?? '';
  return (JSON.parse(last) as { rows_per_second: number }).rows_per_second;
}
