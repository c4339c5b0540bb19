/**
 * The decisions by which a statement is generated: numbers that fast-check draws. Where a generator has to choose it asks
 * here, and the first of its options is the simplest; so smaller numbers, and fewer of them, make simpler statements,
 * which is all that fast-check has to know to find the smallest one that fails.
 */
export class Choices {
  readonly #numbers: readonly number[];
  #next = 0;

  /** @param numbers from 0 to 65535; when they are used up, every choice is the simplest */
  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  /** A number from 0 to `count - 1`. */
  pick(count: number): number {
    return Math.floor(((this.#numbers[this.#next++] ?? 0) / 65536) * count);
  }

  one<T>(options: readonly [T, ...T[]]): T;
  one<T>(options: readonly T[]): T | undefined;
  one<T>(options: readonly T[]): T | undefined {
    return options[this.pick(options.length)];
  }

  /** True in that many cases out of a hundred. */
  chance(percent: number): boolean {
    return this.pick(1000) >= 1000 - 10 * percent;
  }

  /** One of several makers, each as likely as its weight. */
  make<T>(makers: readonly (readonly [weight: number, make: () => T])[]): T {
    let at = this.pick(makers.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, make] of makers) {
      if (at < weight) return make();
      at -= weight;
    }
    return makers[0]![1]();
  }

  /** A list of `least` to `most` things. */
  list<T>(least: number, most: number, make: (index: number) => T): T[] {
    return Array.from({ length: least + this.pick(most - least + 1) }, (_, index) => make(index));
  }
}
