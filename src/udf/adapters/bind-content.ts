import { InframeError, listNames } from '../../frame/errors.js';
import { describe, type Expr } from '../../frame/expr.js';
import { type DataType, typeName } from '../../frame/types.js';
import type { TypedExpr } from '../bind.js';
import type { ContentForm, InputBinding } from '../descriptor.js';
import { isSparkImage, SPARK_IMAGE_TYPE } from './image/spark-type.js';
import { type CallInput, USUAL_COLUMNS } from './resolve-inputs.js';

/** What can feed each kind of adapter, for messages. */
const TAKES: Readonly<Record<keyof typeof USUAL_COLUMNS, string>> = {
  image: "pictures as binary, their paths as string, or Spark's image struct",
  text: 'string',
  audio: 'sound as binary, or its paths as string',
};

/** The column that feeds an input where a call says nothing and none has the input's name. */
export function usualColumn({ name, adapter }: CallInput): string {
  return adapter === undefined ? name : USUAL_COLUMNS[adapter.layout];
}

/** What can feed an input with an adapter. */
export function acceptedContent({ adapter }: CallInput): string | undefined {
  return adapter === undefined ? undefined : `one column: ${TAKES[adapter.layout]}`;
}

/**
 * Fits the arguments of a call to an input that an adapter fills.
 *
 * @throws InframeError SHAPE_MISMATCH, TYPE_MISMATCH
 */
export function bindContent(
  modelName: string,
  input: CallInput,
  given: readonly Expr[],
  typeOf: (expr: Expr) => DataType,
): { readonly binding: InputBinding; readonly values: readonly TypedExpr[]; readonly misfits: readonly Expr[] } {
  const adapter = input.adapter!;
  const most = adapter.layout === 'text' ? 2 : 1;
  if (given.length > most) {
    throw new InframeError(
      'SHAPE_MISMATCH',
      `input '${input.name}' of model '${modelName}' takes ${adapter.layout === 'text' ? 'one text, or a pair' : `one ${adapter.layout}`} a row, but is given ${given.length}: ${listNames(given.map(describe), 6)}; give ${most === 2 ? 'one or two columns' : 'one column'}`,
    );
  }
  const values = given.map((expr): TypedExpr => {
    const type = typeOf(expr);
    if (type.kind === 'null') return cast(expr, adapter.layout === 'text' ? { kind: 'string' } : { kind: 'binary' });
    if (type.kind === 'string' || (type.kind === 'enum' && adapter.layout === 'text'))
      return cast(expr, { kind: 'string' });
    if (type.kind === 'binary' && adapter.layout !== 'text') return { expr, type };
    if (adapter.layout === 'image' && isSparkImage(type)) return cast(expr, SPARK_IMAGE_TYPE);
    throw new InframeError(
      'TYPE_MISMATCH',
      `column '${describe(expr)}' is ${typeName(type)}, which cannot feed input '${input.name}' of model '${modelName}'; it takes ${TAKES[adapter.layout]}`,
      { column: describe(expr), type: typeName(type) },
    );
  });
  if (adapter.layout === 'text') {
    return { binding: { ...adapter, columns: values.length === 2 ? 2 : 1 }, values, misfits: [] };
  }
  const [{ type }] = values as [TypedExpr];
  const form: ContentForm = type.kind === 'string' ? 'path' : type.kind === 'binary' ? 'bytes' : 'spark';
  return { binding: { ...adapter, form, columns: 1 }, values, misfits: [] };
}

function cast(expr: Expr, type: DataType): TypedExpr {
  return { expr: { kind: 'cast', input: expr, type, safe: false }, type };
}
