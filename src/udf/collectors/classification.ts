import type { ClassificationOutput } from '../descriptor.js';
import type { Tensor } from '../runtime.js';
import type { OutputCollector, RunRows } from './collector.js';
import { TensorCollector } from './tensor.js';

/** The best classes of every row: `count` scores and class numbers a row, flat, as the graph sorted them. */
export class ClassificationCollector implements OutputCollector {
  readonly binding: ClassificationOutput;
  readonly #scores: TensorCollector;
  readonly #classes: TensorCollector;

  constructor(binding: ClassificationOutput, rows: number) {
    const { scores, classes, count } = binding;
    this.binding = binding;
    this.#scores = new TensorCollector({ name: scores, dtype: 'float32', rowDims: [count] }, rows);
    this.#classes = new TensorCollector({ name: classes, dtype: 'int64', rowDims: [count] }, rows);
  }

  put(results: Readonly<Record<string, Tensor>>, run: RunRows): void {
    this.#scores.put(results, run);
    this.#classes.put(results, run);
  }

  skipTo(rows: number): void {
    this.#scores.skipTo(rows);
    this.#classes.skipTo(rows);
  }

  get scores(): Float32Array {
    return this.#scores.values as Float32Array;
  }

  get classes(): BigInt64Array {
    return this.#classes.values as BigInt64Array;
  }
}
