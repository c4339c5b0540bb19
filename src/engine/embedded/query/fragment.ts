import type { DuckDBConnection } from '@duckdb/node-api';
import { InframeError } from '../../../frame/errors.js';
import type { Expr } from '../../../frame/expr.js';
import type { ModelArguments } from '../../../frame/model.js';
import type { Names } from '../../../frame/names.js';
import { expressionTexts } from './parser.js';
import {
  columnNames,
  columnRef,
  copyOf,
  functionName,
  nodesIn,
  replaceNodes,
  type SyntaxNode,
  toJson,
  walkColumns,
} from './syntax.js';

/** How the path of a column reference is read: the column, and how many names of the path it takes. */
export type ColumnReader = (path: readonly string[]) => { readonly column: Expr; readonly names: number } | undefined;

/** Without aliases, a path begins with the column; what follows are members of a struct. */
export const byFirstName: ColumnReader = path => ({ column: { kind: 'column', name: path[0]! }, names: 1 });

/** What stands in a text for an operand: a name that nothing in the user's text has. */
function holeName(nodes: readonly SyntaxNode[]): string {
  const text = toJson(nodes);
  let name = '__inframe_hole';
  while (text.includes(name)) name += '_';
  return `${name}_`;
}

/**
 * Syntax trees of single expressions as expressions of ours: columns and model calls stand alone, everything between them
 * is DuckDB's own text.
 */
export async function toExpressions(
  connection: DuckDBConnection,
  nodes: readonly SyntaxNode[],
  names: Names,
  read: ColumnReader = byFirstName,
): Promise<readonly Expr[]> {
  const hole = holeName(nodes);
  const cutting = new Cutting(names, read, hole);
  const shapes = nodes.map(node => cutting.shape(node));
  const texts = await expressionTexts(connection, cutting.texts);
  return shapes.map(shape => finish(shape, texts, hole));
}

/** An expression whose text is still to be written: `text` is a number among the cutting's texts. */
type Shape =
  | { readonly kind: 'done'; readonly expr: Expr }
  | { readonly kind: 'and'; readonly parts: readonly Shape[] }
  | {
      readonly kind: 'model';
      readonly name: string;
      readonly names: Names;
      readonly positional: readonly Shape[];
      readonly named: readonly (readonly [string, Shape])[];
    }
  | { readonly kind: 'text'; readonly text: number; readonly holes: ReadonlyMap<number, Shape> };

class Cutting {
  readonly texts: SyntaxNode[] = [];
  #holes = 0;
  readonly #hole: string;
  readonly #names: Names;
  readonly #read: ColumnReader;

  constructor(names: Names, read: ColumnReader, hole: string) {
    this.#hole = hole;
    this.#names = names;
    this.#read = read;
  }

  shape(node: SyntaxNode): Shape {
    if (node.class === 'COLUMN_REF') {
      const path = columnNames(node);
      const found = this.#read(path);
      if (found !== undefined && found.names === path.length) return { kind: 'done', expr: found.column };
    }
    if (node.class === 'CONJUNCTION' && node.type === 'CONJUNCTION_AND') {
      return { kind: 'and', parts: nodesIn(node, 'children').map(part => this.shape(part)) };
    }
    if (isModelCall(node, this.#names)) return this.#model(node);
    const holes = new Map<number, Shape>();
    const hole = (shape: Shape, rest: readonly string[] = []): SyntaxNode => {
      const number = this.#holes++;
      holes.set(number, shape);
      return columnRef(`${this.#hole}${number}_`, ...rest);
    };
    // Model calls first: their columns are theirs.
    const holder = { node: copyOf(node) };
    replaceNodes(holder, part =>
      isModelCall(part, this.#names) ? withAlias(hole(this.#model(part)), part) : undefined,
    );
    const columns = new Set<SyntaxNode>();
    walkColumns(holder.node, column => {
      if (!columnNames(column)[0]!.startsWith(this.#hole)) columns.add(column);
    });
    replaceNodes(holder, part => {
      if (!columns.has(part)) return undefined;
      const path = columnNames(part);
      const found = this.#read(path);
      if (found === undefined) return part;
      return withAlias(hole({ kind: 'done', expr: found.column }, path.slice(found.names)), part);
    });
    this.texts.push(holder.node);
    return { kind: 'text', text: this.texts.length - 1, holes };
  }

  #model(node: SyntaxNode): Shape {
    const name = String(node['function_name']);
    checkCall(name, node);
    const positional: Shape[] = [];
    const named: (readonly [string, Shape])[] = [];
    for (const child of nodesIn(node, 'children')) {
      const shape = this.shape({ ...child, alias: '' });
      if (child.alias && named.some(([input]) => input === child.alias)) throw givenTwice(name, child.alias);
      if (child.alias) named.push([child.alias, shape]);
      else positional.push(shape);
    }
    if (named.length > 0 && positional.length > 0) {
      throw new InframeError(
        'ARGUMENT_INVALID',
        `call of ${name} mixes arguments by name (${named.map(([input]) => input).join(', ')}) with others by position; use one or the other`,
      );
    }
    return { kind: 'model', name, names: this.#names, positional, named };
  }
}

/** An argument keeps the name it is given by. */
function withAlias(node: SyntaxNode, of: SyntaxNode): SyntaxNode {
  return { ...node, alias: of.alias ?? '' };
}

function finish(shape: Shape, texts: readonly string[], hole: string): Expr {
  switch (shape.kind) {
    case 'done':
      return shape.expr;
    case 'and':
      return { kind: 'operator', name: 'and', operands: shape.parts.map(part => finish(part, texts, hole)) };
    case 'model': {
      const args: ModelArguments = {
        positional: shape.positional.map(part => finish(part, texts, hole)),
        named: Object.fromEntries(shape.named.map(([name, part]) => [name, [finish(part, texts, hole)]])),
      };
      return { kind: 'model', model: shape.names.model(shape.name)!, args };
    }
    case 'text': {
      const pieces = texts[shape.text]!.split(new RegExp(`"?${hole}(\\d+)_"?`));
      const parts = pieces.filter((_, index) => index % 2 === 0);
      const operands = pieces
        .filter((_, index) => index % 2 === 1)
        .map(number => finish(shape.holes.get(Number(number))!, texts, hole));
      return { kind: 'fragment', parts, operands };
    }
  }
}

/** True of a call of a function that is registered as a model. */
export function isModelCall(node: SyntaxNode, names: Names): boolean {
  const name = functionName(node);
  return name !== undefined && node['schema'] === '' && names.model(name) !== undefined;
}

export function givenTwice(model: string, input: string): InframeError {
  return new InframeError('ARGUMENT_INVALID', `input '${input}' of model '${model}' is given twice; give it once`);
}

/** A model is a function of rows: no DISTINCT, FILTER or ORDER BY inside its parentheses, no star. */
export function checkCall(name: string, node: SyntaxNode): void {
  const orders = node['order_bys'] as SyntaxNode | null | undefined;
  const extra =
    node['distinct'] === true
      ? 'DISTINCT'
      : node['filter']
        ? 'a FILTER'
        : orders && nodesIn(orders, 'orders').length > 0
          ? 'an ORDER BY'
          : nodesIn(node, 'children').some(child => child.class === 'STAR')
            ? 'a star'
            : undefined;
  if (extra === undefined) return;
  throw new InframeError(
    'MODEL_CALL_MISPLACED',
    `call of model '${name}' has ${extra}, which a function of single rows cannot have; name its columns, and aggregate what it gives`,
    { model: name },
  );
}
