import { InframeError } from '../../frame/errors.js';
import type { OutputAdapter } from '../../udf/adapters/adapter.js';
import { fromWords } from '../../udf/adapters/from-options.js';
import { configure } from '../../udf/huggingface/configure.js';
import { locateModel } from '../../udf/huggingface/locate.js';
import { type LoadedModel, type Model, type ModelOptions, makeModel, type ProbedModel } from '../../udf/model.js';

/**
 * Loads what `session.model()` is given: an ONNX file, or a folder or hub id whose files say how the network is fed and what
 * its outputs are. What the options say goes before what the files say.
 *
 * @param probe reads and tries a file in a worker (Rule 1)
 */
export async function loadModel(
  path: string,
  given: ModelOptions,
  probe: (file: string) => Promise<ProbedModel>,
  spread: (model: ProbedModel) => Pick<LoadedModel, 'workers' | 'threads'>,
): Promise<Model> {
  const options = adaptersOf(given);
  const { variant, cache } = options;
  const folder = await locateModel(path, { variant, cache });
  if (folder === undefined) {
    refuseFolderOptions(path, options);
    const probed = await probe(path);
    return makeModel({ ...probed, ...spread(probed) }, options);
  }
  const probed = await probe(folder.file);
  const fed = options.inputs === undefined ? [] : Object.keys(options.inputs);
  if (options.outputs !== undefined && probed.signature.inputs.every(input => fed.includes(input.name))) {
    // Nothing is left for the folder to say, and it may not be able to.
    return makeModel({ ...probed, ...spread(probed) }, { name: folder.name, ...options });
  }
  const { name, inputs, outputs, constants } = configure(folder, probed.signature, { task: options.task });
  const configured: ModelOptions = { name, outputs, ...options, inputs: { ...inputs, ...options.inputs } };
  return makeModel({ ...probed, ...spread(probed), constants }, configured);
}

function refuseFolderOptions(path: string, options: ModelOptions): void {
  const wrong = (['task', 'variant', 'cache'] as const).find(option => options[option] !== undefined);
  if (wrong === undefined) return;
  throw new InframeError(
    'ARGUMENT_INVALID',
    `${wrong} '${options[wrong]}' is for folders and hub ids, and '${path}' is a file; leave it out, or name the folder`,
  );
}

/** Adapters that SQL and the command line have in words. */
function adaptersOf(options: ModelOptions): ModelOptions {
  const { inputs, outputs } = options;
  return {
    ...options,
    ...(inputs === undefined ? {} : { inputs: mapped(inputs, (name, value) => fromWords('input', name, value)) }),
    ...(outputs === undefined || Array.isArray(outputs)
      ? {}
      : {
          outputs: mapped(outputs as Readonly<Record<string, OutputAdapter>>, (name, value) =>
            fromWords('output', name, value),
          ),
        }),
  };
}

function mapped<T, R>(
  record: Readonly<Record<string, T>>,
  change: (name: string, value: T) => R,
): Readonly<Record<string, R>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(name, value)]));
}
