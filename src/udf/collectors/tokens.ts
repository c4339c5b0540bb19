import { InframeError } from '../../frame/errors.js';
import { ENTITY_ELEMENT } from '../adapters/output-types.js';
import { entitiesOf } from '../adapters/text/entities.js';
import { TextPacker } from '../adapters/text/packer.js';
import type { EncodedText } from '../adapters/text/tokenizer.js';
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
      const first = index * width + packer.firstToken(row, width);
      const encoded = packer.rowAt(row);
      const own = { labels: tokensOf(classes, first, encoded), scores: tokensOf(scores, first, encoded) };
      const found = entitiesOf(own, encoded, labels, aggregation, packer.textsAt(row));
      this.keep(run.base + row, {
        length: found.length,
        members: [
          found.map(({ label }) => label),
          Float32Array.from(found, ({ score }) => score),
          Int32Array.from(found, ({ start }) => start),
          Int32Array.from(found, ({ end }) => end),
          found.map(({ text }) => text),
        ],
      });
    }
  }
}

/** What stands in a tensor for the tokens of one row. */
function tokensOf({ data }: Tensor, first: number, { ids }: EncodedText): Float64Array {
  return Float64Array.from(ids, (_, token) => Number(data[first + token]));
}
