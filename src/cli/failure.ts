import { InframeError, isWrongUse, messageOf } from '../frame/errors.js';
import { printJson, say } from './io.js';

export const ExitCode = Object.freeze({ ok: 0, failed: 1, wrongUse: 2 });

/** Wrong use that the command line itself has found. */
export function wrongUse(message: string): InframeError {
  return new InframeError('ARGUMENT_INVALID', message);
}

/** Says what went wrong, as one sentence and, with `--json`, as one object. @returns the exit code */
export function reportFailure(thrown: unknown, json: boolean): number {
  const error = inShellWords(thrown);
  say(error.message);
  if (process.env['INFRAME_DEBUG'] === '1') process.stderr.write(`${stackOf(thrown)}\n`);
  if (json) printJson({ error: errorObject(error) });
  return isWrongUse(error) ? ExitCode.wrongUse : ExitCode.failed;
}

/** True of what is thrown where somebody has asked for a stop. */
export function isAborted(error: unknown): boolean {
  return error instanceof InframeError
    ? error.code === 'JOB_ABORTED'
    : (error as Error | undefined)?.name === 'AbortError';
}

/** An error as `--json` prints it. */
export function errorObject({ code, message, details }: InframeError): object {
  return { code, message, details };
}

function stackOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const cause = thrown.cause === undefined ? '' : `\ncaused by: ${stackOf(thrown.cause)}`;
  return `${thrown.stack ?? thrown.message}${cause}`;
}

/** The library's remedies are TypeScript; here they are flags. */
export function inShellWords(thrown: unknown): InframeError {
  if (!(thrown instanceof InframeError)) {
    return new InframeError('INTERNAL', `unexpected error: ${messageOf(thrown)}; INFRAME_DEBUG=1 shows where`);
  }
  const { code, details } = thrown;
  let { message } = thrown;
  if (code === 'TARGET_EXISTS') message = message.replace(/or overwrite it$/, 'or overwrite it with --overwrite');
  message = message.replace(/for example \.gt\(0\)$/, 'for example: > 0');
  if (code === 'SOURCE_EMPTY') message += '; --input-format names another format';
  if (typeof details['input'] === 'string') {
    const { input } = details;
    message = message.replace(
      /(say which columns feed it): \{.*\}$/,
      `$1: --input ${input}=COLUMN,..., or compute one: --with "${input}=EXPRESSION"`,
    );
  }
  return new InframeError(code, message, details, thrown);
}
