import { InframeError } from '../../frame/errors.js';
import type { ModelCall } from '../../frame/model.js';

/** If a call fails on every one of so many rows, it is not the rows. */
const TELLING_ROWS = 16;

/**
 * @param reason of one of the rows
 * @throws InframeError MODEL_RUN_FAILED or FUNCTION_FAILED if a call failed on all rows, and they are enough to tell
 */
export function checkSomeWell(call: ModelCall, rows: number, failed: number, reason: string | undefined): void {
  if (rows < TELLING_ROWS || failed < rows) return;
  const { kind } = call.descriptor;
  const remedy =
    kind === 'model' ? 'check that the columns are what the model was trained on' : 'call it on a few rows to see why';
  throw new InframeError(
    kind === 'model' ? 'MODEL_RUN_FAILED' : 'FUNCTION_FAILED',
    `${kind} '${call.modelName}' failed on every one of ${rows} rows: ${reason ?? 'no reason given'}; ${remedy}`,
    { rows },
  );
}
