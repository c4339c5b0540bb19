import { InframeError, listNames } from '../frame/errors.js';
import { describe, type Expr } from '../frame/expr.js';
import type { ModelArguments } from '../frame/model.js';
import type { Schema } from '../frame/schema.js';
import { type DataType, typeName } from '../frame/types.js';
import { bindContent, usualColumn } from './adapters/bind-content.js';
import type { CallInput } from './adapters/resolve-inputs.js';
import { elementsOf, type InputBinding } from './descriptor.js';
import { acceptedTypes, columnTypeOf, transportOf, typeMismatch } from './dtypes.js';
import { describeTensor, type TensorInfo } from './signature.js';

/** What a call's arguments become: what to read for each row, and how it is packed. */
export interface BoundArguments {
  /** Values first, input by input; behind them the booleans that tell values which did not fit. */
  readonly args: readonly Expr[];
  /** What each is read as. */
  readonly argTypes: readonly DataType[];
  readonly inputs: readonly InputBinding[];
  readonly misfits: number;
}

/**
 * Fits the arguments of a call to the inputs of a model.
 *
 * @param inputs the model's inputs; the first dimension of each is the batch
 * @param columns columns for inputs that the call leaves out, by input name
 */
export function bindArguments(
  modelName: string,
  inputs: readonly CallInput[],
  args: ModelArguments,
  typeOf: (expr: Expr) => DataType,
  schema: Schema,
  columns: Readonly<Record<string, readonly string[]>>,
): BoundArguments {
  const values: TypedExpr[] = [];
  const misfits: Expr[] = [];
  const bindings = inputs.map(input => {
    const given = argumentsFor(modelName, input, inputs, args, schema, columns);
    const bound =
      input.adapter === undefined ? bindInput(input, given, typeOf) : bindContent(modelName, input, given, typeOf);
    values.push(...bound.values);
    misfits.push(...bound.misfits);
    return bound.binding;
  });
  return {
    args: [...values.map(value => value.expr), ...misfits],
    argTypes: [...values.map(value => value.type), ...misfits.map((): DataType => ({ kind: 'boolean' }))],
    inputs: bindings,
    misfits: misfits.length,
  };
}

/** What is read for each row, and as what. */
export interface TypedExpr {
  readonly expr: Expr;
  readonly type: DataType;
}

/** Which of the arguments belong to an input: by name, by position, or the columns of its name. */
function argumentsFor(
  modelName: string,
  input: CallInput,
  inputs: readonly CallInput[],
  args: ModelArguments,
  schema: Schema,
  columns: Readonly<Record<string, readonly string[]>>,
): readonly Expr[] {
  const unknown = Object.keys(args.named).find(name => !inputs.some(other => other.name === name));
  if (unknown !== undefined) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `input '${unknown}' is not one of model '${modelName}'; it has: ${listNames(inputs.map(labelOf))}`,
    );
  }
  const named = Object.hasOwn(args.named, input.name) ? args.named[input.name] : undefined;
  if (named !== undefined && named.length > 0) return named;
  if (args.positional.length > 0) {
    if (inputs.length === 1) return args.positional;
    if (args.positional.length === inputs.length) return [args.positional[inputs.indexOf(input)]!];
    throw new InframeError(
      'SHAPE_MISMATCH',
      `model '${modelName}' has ${inputs.length} inputs, but is called with ${args.positional.length} arguments; give one for each of: ${listNames(inputs.map(labelOf))}, or name them: { ${inputs[0]!.name}: ... }`,
    );
  }
  const listed = Object.hasOwn(columns, input.name) ? columns[input.name] : undefined;
  if (listed !== undefined) return listed.map(name => ({ kind: 'column', name: schema.field(name).name }));
  const same = schema.find(input.name) ?? schema.find(usualColumn(input));
  if (same !== undefined) return [{ kind: 'column', name: same.name }];
  throw new InframeError(
    'COLUMN_NOT_FOUND',
    `input ${labelOf(input)} of model '${modelName}' has no column of its name; the table has: ${listNames(schema.names)}; say which columns feed it: { ${input.name}: ['...'] }`,
    { input: input.name, existing: schema.names },
  );
}

/** `'x' (float32[N, 20])` */
function labelOf(input: CallInput): string {
  if (input.adapter !== undefined) return `'${input.name}' (${input.adapter.layout})`;
  return `'${input.name}' (${describeTensor(input)})`;
}

function bindInput(
  input: TensorInfo,
  given: readonly Expr[],
  typeOf: (expr: Expr) => DataType,
): { readonly binding: InputBinding; readonly values: readonly TypedExpr[]; readonly misfits: readonly Expr[] } {
  const { name } = input;
  const fed = input.dtype === 'float16' ? 'float32' : input.dtype;
  // Rank unknown in the file: a table's natural tensor is [N, k].
  const dims = input.dims ?? [undefined, undefined];
  const rowDims = dims.slice(1).map(dim => (typeof dim === 'number' ? dim : null));
  const only = given.length === 1 ? given[0]! : undefined;
  const onlyType = only && typeOf(only);
  if (only !== undefined && (onlyType?.kind === 'list' || onlyType?.kind === 'array')) {
    const nested = isNested(onlyType, rowDims);
    const { value, misfit } = nested
      ? bindNested(input, only, onlyType, rowDims)
      : bindList(input, only, onlyType, rowDims);
    const binding: InputBinding = { name, dtype: fed, layout: nested ? 'nested' : 'list', columns: 1, rowDims };
    return { binding, values: [value], misfits: misfit };
  }
  const known = elementsOf(rowDims);
  if (known === undefined && rowDims.length > 1) {
    throw new InframeError(
      'SHAPE_MISMATCH',
      `input ${labelOf(input)} takes rows of any shape, so single numbers cannot fill it; give one list column`,
    );
  }
  if (known !== undefined && known !== given.length) {
    throw new InframeError(
      'SHAPE_MISMATCH',
      `input ${labelOf(input)} takes ${known} value${known === 1 ? '' : 's'} a row, but is given ${given.length}: ${listNames(given.map(describe), 6)}; give ${known === 1 ? 'one column' : `${known} columns or one list column of ${known}`}`,
      { input: name, expected: known, given: given.length },
    );
  }
  const fixedDims = known === undefined ? [given.length] : (rowDims as readonly number[]);
  const misfits: Expr[] = [];
  const values = given.map((expr): TypedExpr => {
    const type = typeOf(expr);
    const transport = transportOf(type, input.dtype);
    if (transport === undefined) {
      throw typeMismatch(describe(expr), type, `input ${labelOf(input)}, which takes ${acceptedTypes(input.dtype)}`);
    }
    if (transport.type.kind === type.kind) return { expr, type };
    const cast: Expr = { kind: 'cast', input: expr, type: transport.type, safe: transport.narrowing };
    if (transport.narrowing) misfits.push(misfitOf(expr, cast));
    return { expr: cast, type: transport.type };
  });
  // One Transpose in the graph is cheaper than reordering in JavaScript, but it needs rank 2 (DESIGN section 5).
  const layout = given.length > 1 && dims.length === 2 ? 'columns' : 'rows';
  return { binding: { name, dtype: fed, layout, columns: given.length, rowDims: fixedDims }, values, misfits };
}

/** True where a value is there and its cast is not. */
export function misfitOf(value: Expr, cast: Expr): Expr {
  const present: Expr = { kind: 'operator', name: 'isNotNull', operands: [value] };
  const lost: Expr = { kind: 'operator', name: 'isNull', operands: [cast] };
  return { kind: 'operator', name: 'and', operands: [present, lost] };
}

/** A list column, nested as deep as the tensor or flat; it is read flat. */
function bindList(
  input: TensorInfo,
  expr: Expr,
  type: DataType,
  rowDims: readonly (number | null)[],
): { readonly value: TypedExpr; readonly misfit: readonly Expr[] } {
  const { lengths, element } = nesting(type);
  const label = `column '${describe(expr)}' is ${typeName(type)}`;
  const flat = lengths.length === 1;
  const wanted = elementsOf(rowDims);
  const fits = flat
    ? lengths[0] === null || wanted === undefined || lengths[0] === wanted
    : lengths.length === rowDims.length &&
      lengths.every((length, at) => length === null || rowDims[at] === null || length === rowDims[at]);
  if (!fits) {
    throw new InframeError(
      'SHAPE_MISMATCH',
      `${label}, which does not fit input ${labelOf(input)}; it takes ${rowDims.length === 0 ? 'one value' : wanted === undefined ? 'lists' : `lists of ${wanted} values`} a row`,
      { input: input.name },
    );
  }
  if (flat && wanted === undefined && rowDims.filter(dim => dim === null).length > 1) {
    throw new InframeError(
      'MODEL_UNSUPPORTED',
      `input ${labelOf(input)} has several dimensions that differ from row to row; only one can be read from a flat list; give lists in lists, nested as the tensor is`,
    );
  }
  const transport = transportOf(element, input.dtype);
  if (transport === undefined) {
    throw typeMismatch(describe(expr), type, `input ${labelOf(input)}, which takes ${acceptedTypes(input.dtype)}`);
  }
  if (!flat && wanted === undefined) {
    // Only numbers are read as they are nested (isNested).
    throw new InframeError(
      'MODEL_UNSUPPORTED',
      `${label}, but texts for input ${labelOf(input)}, whose dimensions differ from row to row, cannot be read from lists in lists; give a flat list where only one dimension is open`,
      { input: input.name },
    );
  }
  const target: DataType = transport.narrowing ? columnTypeOf(input.dtype) : transport.type;
  const flattened = flat ? expr : flattenChecked(expr, element, rowDims as readonly number[]);
  const list: DataType = { kind: 'list', element: target };
  const cast: Expr = { kind: 'cast', input: flattened, type: list, safe: transport.narrowing };
  return { value: { expr: cast, type: list }, misfit: transport.narrowing ? [listMisfitOf(flattened, cast)] : [] };
}

/** True where the row's shape is read from how its lists are nested: lists in lists, and sizes that the file leaves open. */
function isNested(type: DataType, rowDims: readonly (number | null)[]): boolean {
  const { lengths, element } = nesting(type);
  const depth = lengths.length;
  return depth > 1 && depth === rowDims.length && rowDims.includes(null) && element.kind !== 'string';
}

/** How long the lists of each level are, null where rows differ, and what is in the innermost. */
function nesting(type: DataType): { readonly lengths: readonly (number | null)[]; readonly element: DataType } {
  const lengths: (number | null)[] = [];
  let element = type;
  for (; element.kind === 'list' || element.kind === 'array'; element = element.element) {
    lengths.push(element.kind === 'array' ? element.length : null);
  }
  return { lengths, element };
}

/** Lists in lists whose lengths differ from row to row; they are read as they are nested. */
function bindNested(
  input: TensorInfo,
  expr: Expr,
  type: DataType,
  rowDims: readonly (number | null)[],
): { readonly value: TypedExpr; readonly misfit: readonly Expr[] } {
  const { lengths, element } = nesting(type);
  const depth = lengths.length;
  if (lengths.some((length, level) => length !== null && rowDims[level] !== null && length !== rowDims[level])) {
    throw new InframeError(
      'SHAPE_MISMATCH',
      `column '${describe(expr)}' is ${typeName(type)}, which does not fit input ${labelOf(input)} in any row; give lists of the input's lengths`,
      { input: input.name },
    );
  }
  const transport = transportOf(element, input.dtype);
  if (transport === undefined) {
    throw typeMismatch(describe(expr), type, `input ${labelOf(input)}, which takes ${acceptedTypes(input.dtype)}`);
  }
  const leaf: DataType = transport.narrowing ? columnTypeOf(input.dtype) : transport.type;
  const lists = Array.from({ length: depth }).reduce<DataType>(inner => ({ kind: 'list', element: inner }), leaf);
  const cast: Expr = { kind: 'cast', input: expr, type: lists, safe: transport.narrowing };
  const flat = (nested: Expr): Expr =>
    Array.from({ length: depth - 1 }).reduce<Expr>(
      inner => ({ kind: 'call', name: 'flatten', args: [inner], distinct: false }),
      nested,
    );
  return {
    value: { expr: cast, type: lists },
    misfit: transport.narrowing ? [listMisfitOf(flat(expr), flat(cast))] : [],
  };
}

/** A list is cast value by value: one that does not fit becomes a null inside, not a null list. */
export function listMisfitOf(value: Expr, cast: Expr): Expr {
  const count = (list: Expr): Expr => ({ kind: 'call', name: 'list_count', args: [list], distinct: false });
  return { kind: 'operator', name: 'ne', operands: [count(value), count(cast)] };
}

/**
 * A nested list as a flat one, if every inner list has its tensor's length; else an empty list, which no input takes, so
 * that the row fails on its own instead of being read out of step.
 */
function flattenChecked(expr: Expr, element: DataType, dims: readonly number[]): Expr {
  const lists = dims.reduce<DataType>(inner => ({ kind: 'list', element: inner }), element);
  let result: Expr = { kind: 'cast', input: expr, type: lists, safe: false };
  let outer = 1;
  for (let depth = 0; depth < dims.length - 1; depth++) {
    outer *= dims[depth]!;
    const ragged: Expr = {
      kind: 'operator',
      name: 'isRagged',
      operands: [result, { kind: 'literal', value: outer }, { kind: 'literal', value: dims[depth + 1]! }],
    };
    const flat: Expr = { kind: 'call', name: 'flatten', args: [result], distinct: false };
    const empty: Expr = { kind: 'call', name: 'list_value', args: [], distinct: false };
    const present: Expr = { kind: 'operator', name: 'isNotNull', operands: [result] };
    result = {
      kind: 'case',
      branches: [
        [{ kind: 'operator', name: 'and', operands: [present, ragged] }, empty],
        [present, flat],
      ],
      otherwise: undefined,
    };
  }
  return result;
}
