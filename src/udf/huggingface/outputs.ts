import { InframeError, listNames } from '../../frame/errors.js';
import type { OutputAdapter } from '../adapters/adapter.js';
import { classification } from '../adapters/outputs/classification.js';
import { detection } from '../adapters/outputs/detection.js';
import { embedding } from '../adapters/outputs/embedding.js';
import { labelsByIndex } from '../adapters/outputs/labels.js';
import { raw } from '../adapters/outputs/raw.js';
import { regression } from '../adapters/outputs/regression.js';
import { tokens } from '../adapters/outputs/tokens.js';
import type { ModelSignature, TensorInfo } from '../signature.js';
import type { FolderModel } from './folder.js';
import { madeFrom } from './json.js';
import { sentencePooling } from './pooling.js';
import type { Modality, Task } from './task.js';

/** Outputs that are used, each with what is made of it. */
export interface ConfiguredOutputs {
  readonly outputs: Readonly<Record<string, OutputAdapter>>;
  readonly notes: readonly string[];
}

/**
 * What is made of a network's outputs.
 *
 * @throws InframeError MODEL_UNSUPPORTED, MODEL_INVALID
 */
export function outputsFor(
  task: Task,
  folder: FolderModel,
  signature: ModelSignature,
  modality: Modality,
): ConfiguredOutputs {
  switch (task) {
    case 'text-classification':
    case 'image-classification':
    case 'audio-classification':
      return classes(folder, signature);
    case 'token-classification':
      return one(logitsOf(folder, signature), tokens(withLabels(folder)));
    case 'feature-extraction':
    case 'image-feature-extraction':
      return vectors(folder, signature, modality);
    case 'object-detection':
      return boxes(folder, signature);
    case 'image-segmentation':
      return asTheyAre(signature, []);
    case 'other':
      return asTheyAre(signature, [
        `what model '${folder.name}' is for is not known, so its outputs are given as they are; say it with task or outputs`,
      ]);
  }
}

function one({ name }: TensorInfo, adapter: OutputAdapter, notes: readonly string[] = []): ConfiguredOutputs {
  return { outputs: Object.fromEntries([[name, adapter]]), notes };
}

function asTheyAre({ outputs }: ModelSignature, notes: readonly string[]): ConfiguredOutputs {
  return { outputs: Object.fromEntries(outputs.map(({ name }) => [name, raw()])), notes };
}

/** The output of one number a class. */
function logitsOf({ name: model }: FolderModel, { outputs }: ModelSignature): TensorInfo {
  const found = outputs.find(({ name }) => name === 'logits') ?? (outputs.length === 1 ? outputs[0] : undefined);
  if (found !== undefined) return found;
  throw new InframeError(
    'MODEL_UNSUPPORTED',
    `model '${model}' has no output 'logits'; it has: ${listNames(outputs.map(({ name }) => name))}; say what is made of one: outputs: { ... }`,
  );
}

function labelsOf({ config }: FolderModel): readonly string[] | undefined {
  const labels = config.object('id2label');
  if (labels === undefined || labels.names.length === 0) return undefined;
  const byIndex = Object.fromEntries(labels.names.map(name => [name, labels.get(name)]));
  return madeFrom(config.what, () => labelsByIndex('its labels', byIndex));
}

function withLabels(folder: FolderModel): { readonly labels?: readonly string[] } {
  const labels = labelsOf(folder);
  return labels === undefined ? {} : { labels };
}

function classes(folder: FolderModel, signature: ModelSignature): ConfiguredOutputs {
  const { config } = folder;
  const output = logitsOf(folder, signature);
  const labels = labelsOf(folder);
  const problem = config.text('problem_type');
  const known = ['regression', 'single_label_classification', 'multi_label_classification'];
  if (problem !== undefined && !known.includes(problem))
    throw config.refused('problem_type', `one of ${known.join(', ')}`);
  if (problem === 'regression') {
    const names = labels !== undefined && labels.length > 1 ? { names: labels } : {};
    return one(
      output,
      madeFrom(config.what, () => regression(names)),
    );
  }
  if (problem === 'multi_label_classification') {
    return one(output, classification({ ...withLabels(folder), activation: 'sigmoid' }));
  }
  const count = labels?.length ?? output.dims?.at(-1);
  if (count === 1) {
    // A softmax over one class is 1 whatever the network says.
    const note = `model '${folder.name}' has one class, so its number is given as it is, without a sigmoid`;
    return one(output, regression(), [note]);
  }
  return one(output, classification(withLabels(folder)));
}

function vectors(folder: FolderModel, { outputs }: ModelSignature, modality: Modality): ConfiguredOutputs {
  const named = (name: string): TensorInfo | undefined => outputs.find(output => output.name === name);
  const whole = named('sentence_embedding');
  // Exporters put all of a sentence-transformers model into the graph then.
  if (whole !== undefined) return one(whole, embedding({ pooling: 'none' }));
  if (folder.sentence !== undefined) {
    const found =
      named('last_hidden_state') ?? named('token_embeddings') ?? outputs.find(({ dims }) => dims?.length === 3);
    if (found === undefined) throw noVectors(folder, outputs);
    return one(found, embedding(sentencePooling(folder, folder.sentence)));
  }
  const embeds = ['image_embeds', 'text_embeds'].map(named).filter(found => found !== undefined);
  if (embeds.length > 0) {
    return { outputs: Object.fromEntries(embeds.map(({ name }) => [name, embedding({ pooling: 'none' })])), notes: [] };
  }
  const found =
    named('last_hidden_state') ??
    named('token_embeddings') ??
    outputs.find(({ dims }) => dims !== undefined && dims.length >= 3) ??
    (outputs.length === 1 ? outputs[0] : undefined);
  if (found === undefined) throw noVectors(folder, outputs);
  if (found.dims?.length === 2) return one(found, embedding({ pooling: 'none' }));
  if (modality === 'image' && found.dims?.length !== 4) {
    const note = `the vector of a picture is that of the first token of output '${found.name}', which sums it up; outputs: { ${found.name}: embedding({ pooling: 'mean' }) } is the mean of all`;
    return one(found, embedding({ pooling: 'cls' }), [note]);
  }
  return one(found, embedding({ pooling: 'mean' }));
}

function noVectors({ name }: FolderModel, outputs: readonly TensorInfo[]): InframeError {
  return new InframeError(
    'MODEL_UNSUPPORTED',
    `model '${name}' has no output of vectors that is known; it has: ${listNames(outputs.map(output => output.name))}; say which: outputs: { name: embedding() }`,
  );
}

/** Networks whose last class is "nothing"; others of the family score classes by a sigmoid each. */
const WITH_NOTHING = ['detr', 'yolos', 'table-transformer'];

function boxes(folder: FolderModel, signature: ModelSignature): ConfiguredOutputs {
  const { config, name } = folder;
  const type = config.text('model_type');
  const output = (wanted: string): string => {
    const found = signature.outputs.find(info => info.name === wanted)?.name;
    if (found !== undefined) return found;
    const has = listNames(signature.outputs.map(info => info.name));
    throw new InframeError(
      'MODEL_UNSUPPORTED',
      `model '${name}' has no output '${wanted}'; it has: ${has}; say how boxes are read: outputs: { boxes: detection({ ... }) }`,
    );
  };
  if (type !== undefined && !WITH_NOTHING.includes(type)) {
    throw config.unsupported(
      'model_type',
      `and of detectors in a folder these are known: ${WITH_NOTHING.join(', ')}`,
      'say how boxes are read: outputs: { boxes: detection({ ... }) }',
    );
  }
  const [found, scores] = [output('pred_boxes'), output('logits')];
  const adapter = detection({ format: 'detr', boxes: found, scores, ...withLabels(folder) });
  return { outputs: Object.fromEntries([[found, adapter]]), notes: [] };
}
