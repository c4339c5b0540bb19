import type { Labels, TokensAdapter } from '../adapter.js';
import type { EncodedText } from './tokenizer.js';

/** A stretch of a text that has a label. */
export interface Entity {
  readonly label: string;
  /** Mean of its tokens' scores. */
  readonly score: number;
  /** UTF-16 indices into the text. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What a network says of the tokens of one row. */
export interface TokenLabels {
  /** The best label of each token, and its score; padding at the end is not looked at. */
  readonly labels: ArrayLike<number>;
  readonly scores: ArrayLike<number>;
}

/** What tokens that are part of nothing are labelled with. */
const OUTSIDE = 'O';

/**
 * The entities of a text, as Hugging Face's token classification pipeline finds them
 * (https://github.com/huggingface/transformers, src/transformers/pipelines/token_classification.py):
 *
 * - `none`: every token whose label is not `O`, under its label as it is.
 * - `simple`: neighbours of one label are one entity, which `B-` begins anew; `B-` and `I-` are left out of its name.
 *
 * Special tokens are left out before anything else, and `O` after neighbours are put together, so that it parts them. The
 * text is what stands in the source, not what the tokens spell. A label that has a hyphen but neither prefix keeps its
 * whole name, where the pipeline cuts off what is before the hyphen.
 *
 * @param row what the network says, token by token as in `encoded`
 * @param labels names by number; `LABEL_0` and so on where there are none
 * @param texts the text, and the second of a pair
 */
export function entitiesOf(
  row: TokenLabels,
  encoded: EncodedText,
  labels: Labels,
  aggregation: TokensAdapter['aggregation'],
  texts: readonly [string, string?],
): Entity[] {
  const entities: Entity[] = [];
  let open: Open | undefined;
  const close = (): void => {
    if (open === undefined || open.name === OUTSIDE) return;
    const { name, sum, count, start, end, sequence } = open;
    entities.push({ label: name, score: sum / count, start, end, text: (texts[sequence] ?? '').slice(start, end) });
  };
  for (let token = 0; token < encoded.ids.length; token++) {
    if (encoded.special[token] === 1) continue;
    const label = labels?.[row.labels[token]!] ?? `LABEL_${row.labels[token]!}`;
    const score = row.scores[token]!;
    const sequence = encoded.sequences[token] as 0 | 1;
    const { begins, name } = aggregation === 'none' ? { begins: true, name: label } : partsOf(label);
    if (open !== undefined && !begins && open.name === name && open.sequence === sequence) {
      open.sum += score;
      open.count++;
      open.end = encoded.ends[token]!;
      continue;
    }
    close();
    open = { name, sum: score, count: 1, start: encoded.starts[token]!, end: encoded.ends[token]!, sequence };
  }
  close();
  return entities;
}

interface Open {
  readonly name: string;
  sum: number;
  count: number;
  readonly start: number;
  end: number;
  readonly sequence: 0 | 1;
}

/** A label without prefix goes on as one with `I-` does. */
function partsOf(label: string): { readonly begins: boolean; readonly name: string } {
  const begins = label.startsWith('B-');
  return { begins, name: begins || label.startsWith('I-') ? label.slice(2) : label };
}

/**
 * The best label of each token, and its score, from the scores of all labels.
 *
 * @param scores `[tokens, labels]` of one row
 */
export function bestLabels(scores: ArrayLike<number>, tokens: number, labels: number): TokenLabels {
  const best = new Int32Array(tokens);
  const values = new Float32Array(tokens);
  for (let token = 0; token < tokens; token++) {
    let at = 0;
    for (let label = 1; label < labels; label++) {
      if (scores[token * labels + label]! > scores[token * labels + at]!) at = label;
    }
    best[token] = at;
    values[token] = scores[token * labels + at]!;
  }
  return { labels: best, scores: values };
}
