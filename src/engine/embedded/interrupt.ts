import type { DuckDBConnection } from '@duckdb/node-api';

/** A statement that has just been given to DuckDB forgets an interruption that comes before it begins. */
const AGAIN_MILLISECONDS = 20;

/**
 * Interrupts what a connection carries out when a signal is aborted: again and again, until it is told that nothing runs any more.
 *
 * @returns to be called when what is carried out has ended, however it did
 */
export function interruptOn(signal: AbortSignal | undefined, connection: DuckDBConnection): () => void {
  let timer: NodeJS.Timeout | undefined;
  const interrupt = (): void => {
    connection.interrupt();
    timer ??= setInterval(interrupt, AGAIN_MILLISECONDS);
  };
  if (signal?.aborted) interrupt();
  else signal?.addEventListener('abort', interrupt, { once: true });
  return () => {
    signal?.removeEventListener('abort', interrupt);
    clearInterval(timer);
  };
}
