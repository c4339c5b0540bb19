/** Keys longer than this are not kept: what they cost is not what a memo is for. */
const LONGEST_KEY = 64 * 1024;

/** Answers that are the same whenever the same is asked, bounded in number; the one longest unused goes first. */
export class Memo<V> {
  readonly #most: number;
  readonly #answers = new Map<string, Promise<V>>();

  constructor(most: number) {
    this.#most = most;
  }

  /** The answer for a key; `ask` is called where it is not known. A failure is not kept. */
  get(key: string, ask: () => Promise<V>): Promise<V> {
    const known = this.#answers.get(key);
    if (known !== undefined) {
      this.#answers.delete(key);
      this.#answers.set(key, known);
      return known;
    }
    const answer = ask();
    if (key.length > LONGEST_KEY) return answer;
    this.#answers.set(key, answer);
    answer.catch(() => this.#answers.delete(key));
    if (this.#answers.size > this.#most) this.#answers.delete(this.#answers.keys().next().value!);
    return answer;
  }
}
