import { InframeError, listNames } from '../../frame/errors.js';
import type { EmbeddingOptions } from '../adapters/outputs/embedding.js';
import type { FolderModel, SentenceModules } from './folder.js';

/** Ways of pooling in `1_Pooling/config.json`, and what they are called here; others change the numbers and are refused. */
const MODES: Readonly<Record<string, EmbeddingOptions['pooling']>> = {
  pooling_mode_cls_token: 'cls',
  pooling_mode_mean_tokens: 'mean',
  pooling_mode_max_tokens: 'max',
};

/** The same as the one word that newer files have. */
const WORDS: Readonly<Record<string, EmbeddingOptions['pooling']>> = { cls: 'cls', mean: 'mean', max: 'max' };

/**
 * What sentence-transformers makes of the vectors of a text's tokens.
 *
 * Source: sentence-transformers' `models/Pooling.py` (the mean is the default).
 *
 * @throws InframeError MODEL_UNSUPPORTED for other steps, and for several ways of pooling at once
 */
export function sentencePooling({ name }: FolderModel, sentence: SentenceModules): EmbeddingOptions {
  if (sentence.others.length > 0) {
    throw new InframeError(
      'MODEL_UNSUPPORTED',
      `model '${name}' is followed by ${listNames(sentence.others)}, which its ONNX file does not hold; export it whole, with an output 'sentence_embedding': optimum-cli export onnx --library sentence_transformers`,
    );
  }
  const { normalize, pooling } = sentence;
  if (pooling === undefined) return { pooling: 'mean', normalize };
  const remedy = "export the model whole, with an output 'sentence_embedding'";
  const word = pooling.text('pooling_mode');
  if (word !== undefined) {
    if (Object.hasOwn(WORDS, word)) return { pooling: WORDS[word]!, normalize };
    throw pooling.unsupported('pooling_mode', 'which is not known here', remedy);
  }
  const chosen = pooling.names.filter(key => key.startsWith('pooling_mode_') && pooling.flag(key) === true);
  const [first, second] = chosen;
  if (first === undefined) {
    const said = pooling.names.some(key => key.startsWith('pooling_mode_'));
    if (!said) return { pooling: 'mean', normalize };
    throw pooling.unsupported('pooling_mode_mean_tokens', 'and no other way of pooling is chosen', remedy);
  }
  if (second !== undefined)
    throw pooling.unsupported(second, `beside ${first}, and one way of pooling is possible here`, remedy);
  if (Object.hasOwn(MODES, first)) return { pooling: MODES[first]!, normalize };
  throw pooling.unsupported(first, 'which is not known here', remedy);
}
