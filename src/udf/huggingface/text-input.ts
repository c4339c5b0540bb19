import { InframeError } from '../../frame/errors.js';
import type { TextAdapter } from '../adapters/adapter.js';
import type { FolderModel } from './folder.js';
import type { Configured } from './image-input.js';

/** Where positions begin behind the id of padding, so that as many fewer tokens fit (fairseq's habit). */
const POSITIONS_BEHIND_PADDING = [
  'roberta',
  'xlm-roberta',
  'xlm-roberta-xl',
  'camembert',
  'mpnet',
  'longformer',
  'roberta-prelayernorm',
  'data2vec-text',
  'xmod',
];

/** A larger number is how transformers writes "no limit" (1e30). */
const NO_LIMIT = 1_000_000;

/**
 * How texts are fed: by the folder's `tokenizer.json`, cut to what the network was trained with.
 *
 * @throws InframeError MODEL_UNSUPPORTED where there is no tokenizer.json
 */
export function textInput(folder: FolderModel): Configured<TextAdapter> {
  const { tokenizer, name } = folder;
  if (tokenizer === undefined) {
    throw new InframeError(
      'MODEL_UNSUPPORTED',
      `model '${name}' takes tokens and its folder has no tokenizer.json; save one there: AutoTokenizer.from_pretrained(NAME).save_pretrained(FOLDER)`,
    );
  }
  const notes: string[] = [];
  if (modelTypeOf(folder)?.startsWith('siglip')) {
    throw new InframeError(
      'MODEL_UNSUPPORTED',
      `model '${name}' wants texts padded to one length, since it has no attention mask, and texts are padded to the longest of their batch here; use its vision model alone: variant: 'vision_model'`,
    );
  }
  const { config } = tokenizer;
  if (config.text('padding_side') === 'left') {
    notes.push(`${config.what} pads on the left; here padding is on the right, and the attention mask says where`);
  }
  const side = config.text('truncation_side') ?? 'right';
  if (side !== 'left' && side !== 'right') throw config.refused('truncation_side', "'left' or 'right'");
  return {
    adapter: Object.freeze({
      adapter: 'text',
      tokenizer: tokenizer.path,
      sha256: tokenizer.sha256,
      maxLength: maxLengthOf(folder),
      truncation: side === 'left' ? 'start' : 'end',
      specialTokens: true,
      padId: padIdOf(folder),
    }),
    notes: [...notes, ...promptNotes(folder)],
  };
}

function modelTypeOf({ config }: FolderModel): string | undefined {
  return config.text('model_type');
}

/** The least of what the files say; undefined where they say nothing. */
function maxLengthOf(folder: FolderModel): number | undefined {
  const { config, tokenizer, sentence } = folder;
  const positions = config.number('max_position_embeddings');
  const behind = POSITIONS_BEHIND_PADDING.includes(modelTypeOf(folder) ?? '')
    ? (config.whole('pad_token_id') ?? 1) + 1
    : 0;
  const ofTokenizer = tokenizer?.config.number('model_max_length');
  const limits = [
    // Sentences: what the vectors were trained with, often less than the network has positions.
    sentence?.text.whole('max_seq_length', 1),
    ofTokenizer === undefined ? undefined : Math.floor(ofTokenizer),
    positions === undefined || positions <= behind ? undefined : positions - behind,
  ].filter(limit => limit !== undefined && limit >= 1 && limit < NO_LIMIT) as number[];
  return limits.length === 0 ? undefined : Math.min(...limits);
}

/** The id of the token that pads: where the tokenizer's files name it, else the network's. */
function padIdOf({ config, tokenizer }: FolderModel): number | undefined {
  const named = [tokenizer?.config, tokenizer?.specialTokens].map(settings => {
    const token = settings?.get('pad_token');
    return typeof token === 'string'
      ? token
      : token === undefined
        ? undefined
        : settings?.object('pad_token')?.text('content');
  });
  const pad = named.find(token => token !== undefined);
  const added = tokenizer?.config.object('added_tokens_decoder');
  const id = added?.names.find(key => /^\d{1,9}$/.test(key) && added.object(key)?.get('content') === pad);
  if (pad !== undefined && id !== undefined) return Number(id);
  return config.whole('pad_token_id', -1) === -1 ? undefined : config.whole('pad_token_id');
}

/** What sentence-transformers would do to a text before the tokenizer sees it. */
function promptNotes({ sentence, tokenizer }: FolderModel): readonly string[] {
  if (sentence === undefined) return [];
  const notes: string[] = [];
  const prompt = sentence.prompts.text('default_prompt_name');
  const words = prompt === undefined ? undefined : sentence.prompts.object('prompts')?.text(prompt);
  if (words !== undefined && words !== '') {
    notes.push(
      `${sentence.prompts.what} puts ${JSON.stringify(words)} before every text; put it there yourself, with concat()`,
    );
  }
  if (sentence.text.flag('do_lower_case') === true && tokenizer?.config.flag('do_lower_case') !== true) {
    notes.push(`${sentence.text.what} makes every text lower case; do that yourself, with lower()`);
  }
  return notes;
}
