import type { OptionCall } from '../frame/sql/options.js';
import { adapterFromCall, fromWords } from '../udf/adapters/from-options.js';
import type { InputFlags, OutputFlags } from './flags.js';

/** The flags that say how a model is loaded. */
export interface ModelFlags {
  readonly input?: InputFlags;
  readonly output?: OutputFlags;
  readonly task?: string;
  readonly variant?: string;
  readonly batch?: number;
}

/**
 * Flags as the options of `session.model()`. Outputs of which only the name is said are a list of names; where one has an
 * adapter, the others are tensors as they are.
 *
 * @throws InframeError ARGUMENT_INVALID for words that make no adapter
 */
export function modelOptions({ input, output, task, variant, batch }: ModelFlags): object {
  const inputs = [...(input ?? [])].map(([name, feed]) => [name, fromWords<readonly string[]>('input', name, feed)]);
  return {
    inputs: Object.fromEntries(inputs),
    ...(output === undefined ? {} : { outputs: outputsOf(output) }),
    ...(task === undefined ? {} : { task }),
    ...(variant === undefined ? {} : { variant }),
    ...(batch === undefined ? {} : { batchSize: batch }),
  };
}

const RAW: OptionCall = { call: 'raw', arguments: [], options: {} };

function outputsOf(output: OutputFlags): object {
  if ([...output.values()].every(adapter => adapter === undefined)) return [...output.keys()];
  return Object.fromEntries(
    [...output].map(([name, adapter]) => [
      name,
      adapter === undefined ? adapterFromCall(RAW) : fromWords('output', name, adapter),
    ]),
  );
}
