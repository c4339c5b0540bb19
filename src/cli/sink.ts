/** A stream that is written no faster than somebody reads it (Rule 6). */
export class Sink {
  readonly #stream: NodeJS.WritableStream;
  readonly #before: () => void;
  #gone = false;
  #wake = (): void => {};

  /** @param before is called before each piece is written */
  constructor(stream: NodeJS.WritableStream, before: () => void = () => {}) {
    this.#stream = stream;
    this.#before = before;
    const leave = (): void => {
      this.#gone = true;
      this.#wake();
    };
    stream.once('close', leave);
    stream.once('error', leave);
    stream.on('drain', () => this.#wake());
  }

  /** True once the reader has gone (`inframe sql ... | head`): what is written then reaches nobody. */
  get gone(): boolean {
    return this.#gone;
  }

  async write(text: string): Promise<void> {
    this.#before();
    if (this.#gone || this.#stream.write(text)) return;
    await new Promise<void>(resolve => {
      this.#wake = resolve;
    });
    this.#wake = () => {};
  }
}
