import { oneLine } from './words.js';

/** Where a command writes: results on standard output, everything said on the way on standard error. */

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** The one JSON object of `--json`. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value));
}

/** `inframe: ...`, one line. */
export function say(sentence: string): void {
  process.stderr.write(`inframe: ${oneLine(sentence)}\n`);
}

/** A reader that has seen enough (`inframe head x | head -1`) is no error, and no reason to end a job. */
export function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
