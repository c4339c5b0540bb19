import { posix } from 'node:path';
import { InframeError, listNames, nearest } from '../../frame/errors.js';

/*
 * A folder of a published model holds the same network several times: as it was trained, and smaller. Source of the names:
 * transformers.js, "Using quantized models (dtypes)", and Optimum's exporters.
 */

/**
 * The network among the files of a folder: `onnx/model.onnx`, or `model.onnx` beside the configuration, or the only one there is.
 * A variant is what stands behind `model_`, such as `quantized`, or a whole name without its ending, such as `vision_model`.
 *
 * @param files paths relative to the folder, with forward slashes; others than networks do not matter
 * @param model for messages
 * @throws InframeError MODEL_NOT_FOUND, saying what there is
 */
export function chooseModelFile(files: readonly string[], variant: string | undefined, model: string): string {
  const networks = files
    .filter(file => file.endsWith('.onnx') && ['.', 'onnx'].includes(posix.dirname(file)))
    .sort((a, b) => (a < b ? -1 : 1));
  const names = variant === undefined ? ['model'] : [`model_${variant}`, variant];
  for (const name of names) {
    const found = ['onnx/', ''].map(folder => `${folder}${name}.onnx`).find(path => networks.includes(path));
    if (found !== undefined) return found;
  }
  const [only, ...others] = networks;
  if (variant === undefined && only !== undefined && others.length === 0) return only;
  throw notThere(networks, variant, model);
}

function notThere(networks: readonly string[], variant: string | undefined, model: string): InframeError {
  if (networks.length === 0) {
    return new InframeError(
      'MODEL_NOT_FOUND',
      `model '${model}' has no ONNX file in its folder or in onnx/; export it: optimum-cli export onnx --model NAME FOLDER`,
    );
  }
  const variants = networks.map(path => posix.basename(path, '.onnx').replace(/^model_/, ''));
  const guess = variant === undefined ? undefined : nearest(variant, variants);
  const hint = guess === undefined ? '' : ` (did you mean '${guess}'?)`;
  const wanted = variant === undefined ? 'no model.onnx' : `no variant '${variant}'`;
  return new InframeError(
    'MODEL_NOT_FOUND',
    `model '${model}' has ${wanted}; it has: ${listNames(networks)}; name one as the variant, such as '${guess ?? variants[0]}'${hint}`,
  );
}

/** True of a file in which the network keeps weights, by the habits of exporters: `model.onnx_data`, `model.onnx.data`. */
export function isWeightsOf(network: string, file: string): boolean {
  if (posix.dirname(network) !== posix.dirname(file)) return false;
  const stem = network.replace(/\.onnx$/, '');
  return file.startsWith(`${network}_data`) || file.startsWith(`${network}.data`) || file === `${stem}.data`;
}
