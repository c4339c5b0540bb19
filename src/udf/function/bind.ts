import { InframeError, listNames } from '../../frame/errors.js';
import { describe, type Expr } from '../../frame/expr.js';
import type { ModelArguments } from '../../frame/model.js';
import type { Schema } from '../../frame/schema.js';
import { type DataType, type Field, typeName } from '../../frame/types.js';
import { listMisfitOf, misfitOf } from '../bind.js';
import { typeMismatch } from '../dtypes.js';
import type { FunctionSignature } from './descriptor.js';
import { acceptedBy, needsCast, readAs } from './transport.js';

/** What a call's arguments become: what to read for each row. */
export interface BoundFunctionArguments {
  /** A value an input, behind them the booleans that tell values which did not fit. */
  readonly args: readonly Expr[];
  /** What each is read as. */
  readonly argTypes: readonly DataType[];
  readonly misfits: number;
}

const BOOLEAN: DataType = { kind: 'boolean' };

/**
 * Fits the arguments of a call to the declared inputs of a function.
 *
 * @param label what is called, for messages: `function 'double'`
 * @throws InframeError COLUMN_NOT_FOUND, TYPE_MISMATCH, SHAPE_MISMATCH, ARGUMENT_INVALID
 */
export function bindFunction(
  label: string,
  signature: FunctionSignature,
  args: ModelArguments,
  typeOf: (expr: Expr) => DataType,
  schema: Schema,
): BoundFunctionArguments {
  const given = argumentsFor(label, signature, args, schema);
  const values: { readonly expr: Expr; readonly type: DataType }[] = [];
  const misfits: Expr[] = [];
  signature.inputs.forEach((input, index) => {
    const expr = given[index]!;
    const type = typeOf(expr);
    const read = readAs(type, input.type);
    if (read === undefined) {
      const what = `${labelOf(signature, input)} of ${label}, which takes ${acceptedBy(input.type)}`;
      throw typeMismatch(describe(expr), type, what);
    }
    if (!needsCast(type, read.type)) {
      values.push({ expr, type });
      return;
    }
    const cast: Expr = { kind: 'cast', input: expr, type: read.type, safe: read.narrowing };
    values.push({ expr: cast, type: read.type });
    if (read.narrowing) misfits.push(read.type.kind === 'list' ? listMisfitOf(expr, cast) : misfitOf(expr, cast));
  });
  // A function without inputs still has a row for every row of the table: something has to be read.
  if (values.length === 0) misfits.push({ kind: 'literal', value: false });
  return {
    args: [...values.map(value => value.expr), ...misfits],
    argTypes: [...values.map(value => value.type), ...misfits.map(() => BOOLEAN)],
    misfits: misfits.length,
  };
}

/** `input 'x' (float64)`, `argument 1 (float64)` */
function labelOf({ named }: FunctionSignature, { name, type }: Field): string {
  return named ? `input '${name}' (${typeName(type)})` : `${name} (${typeName(type)})`;
}

/** One argument an input: by name, by position, or the column of its name. */
function argumentsFor(
  label: string,
  signature: FunctionSignature,
  args: ModelArguments,
  schema: Schema,
): readonly Expr[] {
  const { inputs, named } = signature;
  const all = listNames(inputs.map(input => labelOf(signature, input)));
  const unknown = Object.keys(args.named).find(name => !named || !inputs.some(input => input.name === name));
  if (unknown !== undefined) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      named
        ? `input '${unknown}' is not one of ${label}; it has: ${all}`
        : `input '${unknown}' of ${label} cannot be given by name, for its inputs have none; give the columns in their order`,
    );
  }
  if (args.positional.length > 0 || (!named && inputs.length > 0)) {
    if (args.positional.length === inputs.length) return args.positional;
    throw new InframeError(
      'SHAPE_MISMATCH',
      `${label} has ${inputs.length} input${inputs.length === 1 ? '' : 's'}, but is called with ${args.positional.length} argument${args.positional.length === 1 ? '' : 's'}; give one for each of: ${all}`,
    );
  }
  return inputs.map(input => {
    const own = Object.hasOwn(args.named, input.name) ? args.named[input.name] : undefined;
    if (own !== undefined) {
      if (own.length === 1) return own[0]!;
      throw new InframeError(
        'SHAPE_MISMATCH',
        `${labelOf(signature, input)} of ${label} takes one column, but is given ${own.length}; use fn.array(...) to make a list of them`,
      );
    }
    const same = schema.find(input.name);
    if (same !== undefined) return { kind: 'column', name: same.name };
    throw new InframeError(
      'COLUMN_NOT_FOUND',
      `${labelOf(signature, input)} of ${label} has no column of its name; the table has: ${listNames(schema.names)}; say which column feeds it: { ${input.name}: '...' }`,
      { input: input.name, existing: schema.names },
    );
  });
}
