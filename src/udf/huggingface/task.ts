import { InframeError, listNames, nearest } from '../../frame/errors.js';
import type { ModelSignature } from '../signature.js';
import type { FolderModel } from './folder.js';

/** What a network was trained for, in the words of Hugging Face's hub. */
export const TASKS = [
  'text-classification',
  'token-classification',
  'feature-extraction',
  'image-classification',
  'image-feature-extraction',
  'object-detection',
  'image-segmentation',
  'audio-classification',
  'other',
] as const;

export type Task = (typeof TASKS)[number];

/** Other words for the same. */
const ALIASES: Readonly<Record<string, Task>> = {
  'sentiment-analysis': 'text-classification',
  'text-ranking': 'text-classification',
  ner: 'token-classification',
  'sentence-similarity': 'feature-extraction',
  'semantic-segmentation': 'image-segmentation',
};

/** What a person says the task is. @throws InframeError ARGUMENT_INVALID */
export function checkTask(task: string, model: string): Task {
  const found = TASKS.find(known => known === task) ?? (Object.hasOwn(ALIASES, task) ? ALIASES[task] : undefined);
  if (found !== undefined) return found;
  const known = [...TASKS, ...Object.keys(ALIASES)];
  const guess = typeof task === 'string' ? nearest(task, known) : undefined;
  const hint = guess === undefined ? '' : ` (did you mean '${guess}'?)`;
  throw new InframeError(
    'ARGUMENT_INVALID',
    `task ${JSON.stringify(task)} of model '${model}' is not known; there are: ${listNames(known)}${hint}`,
  );
}

/** What goes into a network. */
export type Modality = 'text' | 'image' | 'audio';

/** Endings of the names of transformers' classes, and what their networks are for; of sequences it depends on what goes in. */
const BY_ARCHITECTURE: readonly (readonly [RegExp, Task])[] = [
  [/ForTokenClassification$/, 'token-classification'],
  [/ForImageClassification(?:WithTeacher)?$/, 'image-classification'],
  [/ForAudioClassification$/, 'audio-classification'],
  [/ForObjectDetection$/, 'object-detection'],
  [/For(?:Semantic|Instance|Universal|Image)Segmentation$/, 'image-segmentation'],
];

/**
 * What the network is for: by the class that it was saved from, and where that says nothing by its outputs.
 *
 * @throws InframeError ARGUMENT_INVALID
 */
export function taskOf(folder: FolderModel, signature: ModelSignature, modality: Modality): Task {
  const features = modality === 'image' ? 'image-feature-extraction' : 'feature-extraction';
  if (folder.sentence !== undefined) return features;
  const architecture = architectureOf(folder) ?? '';
  if (/ForSequenceClassification$/.test(architecture)) {
    return modality === 'audio' ? 'audio-classification' : 'text-classification';
  }
  const found = BY_ARCHITECTURE.find(([pattern]) => pattern.test(architecture));
  if (found !== undefined) return found[1];
  // Of one class, exporters write networks for several tasks: a BertForMaskedLM may have become one that gives vectors.
  const outputs = signature.outputs.map(({ name }) => name);
  const vectors = ['sentence_embedding', 'last_hidden_state', 'token_embeddings', 'image_embeds', 'text_embeds'];
  if (vectors.some(name => outputs.includes(name))) return features;
  return 'other';
}

/** The class of transformers that the network was saved from. */
export function architectureOf({ config }: FolderModel): string | undefined {
  const architectures = config.get('architectures');
  const first: unknown = Array.isArray(architectures) ? architectures[0] : undefined;
  return typeof first === 'string' && first.length <= 200 ? first : undefined;
}
