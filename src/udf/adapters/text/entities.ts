import type { Labels, TokensAdapter } from '../adapter.js';
import type { EncodedText } from './tokenizer.js';

/** A name in a text: UTF-16 indices, `end` not included. */
export interface Entity {
  readonly label: string;
  readonly score: number;
  readonly start: number;
  readonly end: number;
}

/** A token that is part of a name. */
interface Piece extends Entity {
  /** True if a new name begins here whatever stands before: the label is `B-...`. */
  readonly begins: boolean;
}

/**
 * What classes of tokens say of a text. With `simple`, neighbours of one label are one name unless a `B-` begins another, and its score
 * is their mean; tokens that only the tokenizer put there are passed over.
 *
 * Source: the strategy "simple" of the token classification pipeline,
 * https://huggingface.co/docs/transformers/main_classes/pipelines#transformers.TokenClassificationPipeline.
 *
 * @param classAt class and score of each token of the row
 */
export function entitiesOf(
  text: EncodedText,
  classAt: (token: number) => number,
  scoreAt: (token: number) => number,
  labels: Labels,
  aggregation: TokensAdapter['aggregation'],
): readonly Entity[] {
  const found: Entity[] = [];
  let open: Piece[] = [];
  const close = (): void => {
    const [first] = open;
    if (first === undefined) return;
    const score = open.reduce((sum, piece) => sum + piece.score, 0) / open.length;
    found.push({ label: first.label, score, start: first.start, end: open[open.length - 1]!.end });
    open = [];
  };
  for (let token = 0; token < text.ids.length; token++) {
    // Of pairs, offsets of the second text would point into another text.
    if (text.sequences[token] !== 0) continue;
    const name = labels?.[classAt(token)] ?? String(classAt(token));
    if (name === 'O') {
      close();
      continue;
    }
    const tagged = /^([BI])-(.+)$/s.exec(name);
    const piece: Piece = {
      label: aggregation === 'none' ? name : (tagged?.[2] ?? name),
      begins: tagged?.[1] === 'B',
      score: scoreAt(token),
      start: text.starts[token]!,
      end: text.ends[token]!,
    };
    const joins = aggregation === 'simple' && open.length > 0 && open[0]!.label === piece.label && !piece.begins;
    if (!joins) close();
    open.push(piece);
  }
  close();
  return found;
}
