import type { CallDescriptor } from '../../udf/descriptor.js';
import type { ScoreRequestCall, ScoreResult } from './messages.js';
import type { ModelStage } from './stages.js';

/** How often the network ran is not part of what a task is known for. */
export function withoutRuns({ modelRuns: _, ...rest }: ScoreResult): Omit<ScoreResult, 'modelRuns'> {
  return rest;
}

/** A call as a worker is told of it. */
export function toRequestCall(scored: ModelStage['calls'][number]): ScoreRequestCall {
  const { call } = scored;
  // Only `udf/` makes descriptors, and this is where they come back to it.
  const descriptor = call.descriptor as CallDescriptor;
  return {
    descriptor,
    types: call.argTypes,
    column: { name: scored.column, type: call.type },
  };
}
