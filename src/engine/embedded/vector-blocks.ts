import type { DuckDBDataChunk } from '@duckdb/node-api';
import type { Metric } from '../../frame/plan-verbs.js';
import type { DataType } from '../../frame/types.js';
import type { ColumnView, ListColumn, NumericColumn } from '../../udf/columns.js';
import type { VectorBlock } from '../../udf/nearest.js';
import type { Searched } from './compile/nearest.js';
import { viewColumns } from './vectors.js';

/** Bytes of one block: a worker keeps some of them open. */
const BLOCK_BYTES = 16 * 1024 * 1024;

const MOST_ROWS = 65_536;

/** Vectors of this length and more may leave the range of 32 bits when they are multiplied. */
const LONGEST = 1e15;

/** Candidates beside those that are asked for: where the next ones are about as near, more of them spare comparing with all. */
const MORE = 8;

const TYPES: readonly DataType[] = [{ kind: 'int64' }, { kind: 'list', element: { kind: 'float64' } }];

/**
 * Vectors of 64 bits as blocks of 32, in bounded memory (Rule 6). For `cosine` they are of length 1. Those that are near
 * to nothing are left out: not a number, or, for `cosine`, without a direction.
 */
export class BlockReader {
  /** Candidates of each left row in a block. */
  readonly kept: number;
  readonly #metric: Metric;
  #size: number | undefined;
  #longest = 0;
  #fit = true;

  constructor(metric: Metric, k: number) {
    this.#metric = metric;
    this.kept = k + MORE + (k >> 2);
  }

  /** What has been read; undefined if it was nothing, or cannot be searched in blocks. */
  get searched(): Searched | undefined {
    return this.#fit && this.#size !== undefined
      ? { size: this.#size, longest: this.#longest, kept: this.kept }
      : undefined;
  }

  /**
   * Ends early where vectors are of unlike length, or too long for 32 bits.
   *
   * @param chunks of row numbers and vectors without nulls
   */
  async *read(chunks: AsyncIterable<DuckDBDataChunk>): AsyncGenerator<VectorBlock, void, undefined> {
    const cosine = this.#metric === 'cosine';
    let block: OpenBlock | undefined;
    for await (const chunk of chunks) {
      const [numbers, vectors] = viewColumns(chunk, TYPES) as [ColumnView, ColumnView];
      const rowNumbers = (numbers as NumericColumn).values as BigInt64Array;
      const { entries, child } = vectors as ListColumn;
      const elements = (child as NumericColumn).values as Float64Array;
      for (let row = 0; row < chunk.rowCount; row++) {
        const from = Number(entries[row * 2]);
        const size = Number(entries[row * 2 + 1]);
        const length = lengthOf(elements, from, size);
        if (Number.isNaN(length) || (cosine && (length === 0 || length === Number.POSITIVE_INFINITY))) continue;
        const divisor = cosine ? length : 1;
        this.#size ??= size;
        if (size !== this.#size || size === 0 || length / divisor >= LONGEST) {
          this.#fit = false;
          return;
        }
        block ??= new OpenBlock(size, this.kept);
        block.add(elements, from, divisor, rowNumbers[row]!);
        this.#longest = Math.max(this.#longest, length / divisor);
        if (!block.full) continue;
        yield block.close(this.kept);
        block = undefined;
      }
    }
    if (block !== undefined) yield block.close(this.kept);
  }
}

function lengthOf(elements: Float64Array, from: number, size: number): number {
  let sum = 0;
  for (let at = from; at < from + size; at++) sum += elements[at]! * elements[at]!;
  return Math.sqrt(sum);
}

/** A block that is being filled. */
class OpenBlock {
  readonly #size: number;
  readonly #vectors: Float32Array;
  readonly #numbers: BigInt64Array;
  #rows = 0;

  /** @param least rows it has room for at least */
  constructor(size: number, least: number) {
    const rows = Math.max(least, Math.min(MOST_ROWS, Math.floor(BLOCK_BYTES / (4 * size))));
    this.#size = size;
    this.#vectors = new Float32Array(rows * size);
    // No row has the number -1.
    this.#numbers = new BigInt64Array(rows).fill(-1n);
  }

  get full(): boolean {
    return this.#rows === this.#numbers.length;
  }

  add(elements: Float64Array, from: number, divisor: number, number: bigint): void {
    const at = this.#rows * this.#size;
    for (let index = 0; index < this.#size; index++) this.#vectors[at + index] = elements[from + index]! / divisor;
    this.#numbers[this.#rows++] = number;
  }

  /** @param least rows it has at least, some of them without a number */
  close(least: number): VectorBlock {
    const rows = Math.max(this.#rows, least);
    return {
      size: this.#size,
      vectors: this.#vectors.subarray(0, rows * this.#size),
      numbers: this.#numbers.subarray(0, rows),
    };
  }
}
