import type { ModelCallDescriptor } from '../../frame/model.js';
import type { DataType, Field } from '../../frame/types.js';
import type { FailurePolicy } from '../descriptor.js';

/*
 * What a worker is told about a call of a user's function (Rule 3): plain JSON.
 */

/** Where the code comes from: its own text, or an export of a module. */
export type FunctionSource =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'module';
      readonly path: string;
      readonly exportName: string;
      /** Of the module's own text; what it imports is not covered. A worker that finds another text refuses to run it. */
      readonly sha256: string;
    };

/** `'skip'`: a row with a null argument gets null and is not given to the function; `'pass'`: the function sees nulls. */
export type FunctionNulls = 'skip' | 'pass';

/** What a function takes and gives. */
export interface FunctionSignature {
  /** False if inputs are known by position only; their names are then words for messages. */
  readonly named: boolean;
  readonly inputs: readonly Field[];
  /** `column`: the function gives one array. `columns`: an object of arrays by output name, which becomes a struct. */
  readonly result: 'column' | 'columns';
  readonly outputs: readonly Field[];
}

/** A checked call of a function. */
export interface FunctionCallDescriptor extends ModelCallDescriptor, FunctionSignature {
  readonly kind: 'function';
  readonly name: string;
  readonly source: FunctionSource;
  /** How many boolean arguments stand behind the values: true where a value did not fit the declared type. */
  readonly misfits: number;
  readonly nulls: FunctionNulls;
  readonly onError: FailurePolicy;
  /** The most rows the function is given at once. */
  readonly batchRows: number;
}

/** The type of a call as an expression. */
export function typeOfResult({ result, outputs }: FunctionSignature): DataType {
  return result === 'column' ? outputs[0]!.type : { kind: 'struct', fields: outputs };
}
