import { InframeError } from '../../frame/errors.js';
import { ENTITY_ELEMENT } from '../adapters/output-types.js';
import { entitiesOf } from '../adapters/text/entities.js';
import { TextPacker } from '../adapters/text/packer.js';
import type { TokensOutput } from '../descriptor.js';
import type { Tensor } from '../runtime.js';
import { batchRow, type RunRows } from './collector.js';
import { ListsCollector } from './lists.js';

/** Names in texts, by the class of each token. */
export class TokensCollector extends ListsCollector {
  readonly #binding: TokensOutput;

  constructor(binding: TokensOutput) {
    super(ENTITY_ELEMENT);
    this.#binding = binding;
  }

  put(results: Readonly<Record<string, Tensor>>, run: RunRows): void {
    const { text: input, labels, aggregation } = this.#binding;
    const packer = run.batch.input(input);
    if (!(packer instanceof TextPacker)) throw new InframeError('INTERNAL', `input '${input}' has no texts`);
    const scores = results[this.#binding.scores]!;
    const classes = results[this.#binding.classes]!;
    const width = scores.dims[1]!;
    for (let index = 0; index < run.count; index++) {
      const row = batchRow(run, index);
      const encoded = packer.rowAt(row);
      const text = packer.textAt(row);
      const first = index * width + packer.firstToken(row, width);
      const found = entitiesOf(
        encoded,
        token => Number(classes.data[first + token]),
        token => Number(scores.data[first + token]),
        labels,
        aggregation,
      );
      this.keep(run.base + row, {
        length: found.length,
        members: [
          found.map(({ label }) => label),
          Float32Array.from(found, ({ score }) => score),
          Int32Array.from(found, ({ start }) => start),
          Int32Array.from(found, ({ end }) => end),
          found.map(({ start, end }) => text.slice(start, end)),
        ],
      });
    }
  }
}
