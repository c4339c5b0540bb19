import type { DataType } from '../../frame/types.js';
import { ListsOutput, outputColumn, type StructsOutput } from '../function/output-columns.js';
import type { ResultColumn } from '../function/results.js';
import type { Tensor } from '../runtime.js';
import type { OutputCollector, RunRows } from './collector.js';

/** The elements of one row's list, member by member. */
export interface ListRow {
  readonly length: number;
  readonly members: readonly ResultColumn[];
}

/** Lists of structs, as many elements a row as there were found: objects in a picture, names in a text. */
export abstract class ListsCollector implements OutputCollector {
  readonly #element: DataType & { readonly kind: 'struct' };
  readonly #rows: (ListRow | undefined)[] = [];
  #column: ListsOutput | undefined;

  constructor(element: DataType & { readonly kind: 'struct' }) {
    this.#element = element;
  }

  abstract put(results: Readonly<Record<string, Tensor>>, run: RunRows): void;

  protected keep(row: number, elements: ListRow): void {
    this.skipTo(row + 1);
    this.#rows[row] = elements;
  }

  skipTo(rows: number): void {
    while (this.#rows.length < rows) this.#rows.push(undefined);
  }

  /** All rows in their order; nothing can be kept any more. */
  get column(): ListsOutput {
    if (this.#column !== undefined) return this.#column;
    const child = outputColumn(this.#element, this.#rows.length) as StructsOutput;
    const lists = new ListsOutput(child, undefined);
    for (const row of this.#rows) {
      if (row !== undefined && row.length > 0) child.appendColumns(row.members, 0, row.length);
      lists.offsets.push(child.length);
    }
    this.#rows.length = 0;
    this.#column = lists;
    return lists;
  }
}
