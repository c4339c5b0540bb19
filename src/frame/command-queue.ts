import { InframeError, messageOf } from './errors.js';

/** A command that failed, by the words it was given in. */
interface Failure {
  readonly label: string;
  readonly error: unknown;
  /** What is to be said of a command that was not carried out because of it; undefined of the one that failed. */
  readonly because: Failure | undefined;
}

/** A command on its way. */
export class QueuedCommand<T> {
  readonly label: string;
  readonly #outcome: Promise<T>;
  readonly #look: () => void;

  constructor(label: string, outcome: Promise<T>, look: () => void) {
    this.label = label;
    this.#outcome = outcome;
    this.#look = look;
  }

  /** What it gave. Whoever asks has looked at it: nobody else is told of its failure. */
  outcome(): Promise<T> {
    this.#look();
    return this.#outcome;
  }
}

/**
 * The commands of a session, carried out one after the other in the order of the calls.
 *
 * A failure reaches somebody, whatever the program does: it is thrown to whoever looks at the command, and where nobody
 * has looked by the time of the next use of the session, that use is thrown it instead. So a command that is given while
 * the one before it has not been looked at depends on it, and is not carried out if that one fails. Who is told is
 * decided when a use is called, never by how long a command takes.
 *
 * Invariant Q1: at most one command is unseen, the last; it answers for those it depended on.
 * Invariant Q2: no promise here is ever an unhandled rejection.
 */
export class CommandQueue {
  /** Ends with the last command; never rejects. */
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;
  #unseen: QueuedCommand<unknown> | undefined;
  readonly #failures = new WeakMap<QueuedCommand<unknown>, Failure>();

  /** Carries a command out when all before it have ended. */
  add<T>(label: string, run: () => Promise<T>): QueuedCommand<T> {
    const before = this.#takeUnseen();
    this.#waiting += 1;
    const outcome = this.#last.then(() => {
      const failure = before && this.#failures.get(before);
      if (failure !== undefined) throw notCarriedOut(label, failure);
      return run();
    });
    const command: QueuedCommand<T> = new QueuedCommand(label, outcome, () => this.look(command));
    this.#last = outcome.then(
      () => {
        this.#waiting -= 1;
      },
      (error: unknown) => {
        this.#waiting -= 1;
        this.#failures.set(command, { label, error, because: before && this.#failures.get(before) });
      },
    );
    this.#unseen = command;
    return command;
  }

  /**
   * Carries out what takes no time: at once if no command is on its way, so that what it throws is thrown here; else in
   * its turn, as any command.
   *
   * @throws unknown what `run` throws; InframeError for an earlier command that failed unseen
   */
  addShort(label: string, run: () => void): void {
    if (this.#waiting > 0) {
      this.add(label, async () => run());
      return;
    }
    const before = this.#takeUnseen();
    const failure = before && this.#failures.get(before);
    if (failure !== undefined) throw unseenFailure(failure);
    run();
  }

  /**
   * Waits for all commands so far.
   *
   * @param read is called when they have ended, and before any later one begins
   * @param looked commands whose rows are asked for: they tell of their failures themselves, and a look at them is no use
   *   of the session beside
   * @returns what `read` gives
   * @throws InframeError for a command that failed unseen
   */
  use<T>(read: () => T, looked: readonly object[] = []): Promise<T> {
    const before = looked.length === 0 ? this.#takeUnseen() : undefined;
    if (this.#unseen !== undefined && looked.includes(this.#unseen)) this.#unseen = undefined;
    return this.#last.then(() => {
      const failure = before && this.#failures.get(before);
      if (failure !== undefined) throw unseenFailure(failure);
      return read();
    });
  }

  /** Somebody has asked for the outcome of a command. */
  look(command: QueuedCommand<unknown>): void {
    if (this.#unseen === command) this.#unseen = undefined;
  }

  #takeUnseen(): QueuedCommand<unknown> | undefined {
    const unseen = this.#unseen;
    this.#unseen = undefined;
    return unseen;
  }
}

/** The error of a command that was left out because an earlier one failed. */
function notCarriedOut(label: string, failure: Failure): InframeError {
  const first = firstOf(failure);
  return told(first, `command '${label}' was not carried out, because '${first.label}' before it failed`);
}

/** What a later use of the session is thrown. */
function unseenFailure(failure: Failure): InframeError {
  if (failure.because !== undefined) return notCarriedOut(failure.label, failure.because);
  return told(failure, `command '${failure.label}' failed before this`);
}

function firstOf(failure: Failure): Failure {
  let first = failure;
  while (first.because !== undefined) first = first.because;
  return first;
}

function told({ error }: Failure, sentence: string): InframeError {
  const message = `${sentence}: ${messageOf(error)}`;
  if (error instanceof InframeError) return new InframeError(error.code, message, error.details, error);
  return new InframeError('INTERNAL', message, {}, error);
}
