/** What a shell expects of a program that a signal has stopped: 128 and the signal's number. */
const CODES = { SIGINT: 130, SIGTERM: 143 } as const;

type Signal = keyof typeof CODES;

const SIGNALS = Object.keys(CODES) as readonly Signal[];

/**
 * Ctrl-C and SIGTERM. The first one asks for a clean stop through `signal`; the next ends the process at once. Work that
 * knows no clean stop leaves `onFirst` out, and ends at the first.
 */
export class Interrupt {
  readonly #controller = new AbortController();
  readonly #onFirst: (() => void) | undefined;
  readonly #cleanUp: () => void;
  #received: Signal | undefined;

  /** @param cleanUp is called before the process ends at once: the terminal must be usable afterwards */
  constructor(onFirst?: () => void, cleanUp: () => void = () => {}) {
    this.#onFirst = onFirst;
    this.#cleanUp = cleanUp;
    for (const name of SIGNALS) process.on(name, this.#handle);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The exit code, once a signal has come. */
  get exitCode(): number | undefined {
    return this.#received && CODES[this.#received];
  }

  release(): void {
    for (const name of SIGNALS) process.off(name, this.#handle);
  }

  readonly #handle = (name: Signal): void => {
    const first = this.#received === undefined;
    this.#received ??= name;
    if (!first || this.#onFirst === undefined) this.#exitNow(name);
    this.#onFirst();
    this.#controller.abort();
  };

  #exitNow(name: Signal): never {
    this.#cleanUp();
    this.release();
    // process.exit waits for worker threads, and those for the network they run: the signal itself, now that nobody
    // catches it, does not. The listeners before this one have removed what is temporary.
    process.on('exit', () => process.kill(process.pid, name));
    process.exit(CODES[name]);
  }
}
