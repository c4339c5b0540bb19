import { describe, type Expr, mapChildren } from '../../../frame/expr.js';
import type { ModelCall } from '../../../frame/model.js';
import { inputsOf, type Relation } from '../../../frame/relation.js';

/** What columns of our own stand for, in a person's words. */
export type Words = ReadonlyMap<string, string>;

/** What is named after a column in the words of a plan has to be this short; else the column keeps a name. */
const LONGEST_WORDS = 60;

/** Arguments of a call that are written out. */
const MOST_ARGUMENTS = 6;

/** Plans in a person's words: columns that only the plan has names for are called by what they hold. */
export class PlanWords {
  readonly #known = new WeakMap<Relation, Words>();
  readonly #labels = new WeakMap<Relation, string>();

  /** Gives a leaf the words of what it holds, the result of a stage or a cache, and what that is called. */
  add(leaf: Relation, label: string, words: Words): void {
    this.#known.set(leaf, words);
    this.#labels.set(leaf, label);
  }

  /** What a leaf holds; undefined for what is read from files. */
  labelOf(leaf: Relation): string | undefined {
    return this.#labels.get(leaf);
  }

  /** The words for a relation's own columns. */
  of(relation: Relation): Words {
    let words = this.#known.get(relation);
    if (words === undefined) {
      words = this.#wordsOf(relation);
      this.#known.set(relation, words);
    }
    return words;
  }

  #wordsOf(relation: Relation): Words {
    const below = new Map(inputsOf(relation).flatMap(input => [...this.of(input)]));
    switch (relation.kind) {
      case 'score':
        for (const { column, call } of relation.calls) below.set(column, sayCall(call, below));
        return below;
      case 'project':
        return ownWords(relation.columns, below);
      case 'window':
        return new Map([...below, ...ownWords(relation.columns, below)]);
      case 'aggregate':
        return ownWords([...relation.keys, ...relation.aggregates], below);
      default:
        return below;
    }
  }
}

/** Words for the columns that no user has named. */
function ownWords(
  columns: readonly { readonly name: string; readonly expr: Expr }[],
  below: Words,
): Map<string, string> {
  const words = new Map<string, string>();
  for (const { name, expr } of columns) {
    if (!isOurs(name) || isOfRightTable(name)) continue;
    const text = say(expr, below);
    if (text.length <= LONGEST_WORDS) words.set(name, text);
  }
  return words;
}

/** A column's name, or what it holds where nobody has named it. */
export function sayName(name: string, words: Words): string {
  const known = words.get(name);
  if (known !== undefined) return known;
  return name.replace(/^__inframe_right\d+_/, 'right.').replace(/^__inframe_/, '');
}

/** An expression; without the parentheses around it. */
export function say(expr: Expr, words: Words): string {
  return withoutParentheses(describe(named(expr, words)));
}

/** A call with its arguments, the last of many left out. */
export function sayCall(call: ModelCall, words: Words): string {
  const shown = call.args.length > MOST_ARGUMENTS + 1 ? call.args.slice(0, MOST_ARGUMENTS) : call.args;
  const more = call.args.length - shown.length;
  return `${call.modelName}(${[...shown.map(arg => say(arg, words)), ...(more > 0 ? [`... ${more} more`] : [])].join(', ')})`;
}

function named(expr: Expr, words: Words): Expr {
  return expr.kind === 'column'
    ? { ...expr, name: sayName(expr.name, words) }
    : mapChildren(expr, part => named(part, words));
}

/** The text of a statement with the names of columns of ours replaced. */
export function sayText(text: string, words: Words): string {
  return text.replace(/"?__inframe_\w+"?/g, name => sayName(name.replaceAll('"', ''), words)).replace(/\s+/g, ' ');
}

export function isOurs(name: string): boolean {
  return name.startsWith('__inframe_');
}

function isOfRightTable(name: string): boolean {
  return /^__inframe_right\d+_/.test(name);
}

function withoutParentheses(text: string): string {
  if (!text.startsWith('(') || !text.endsWith(')')) return text;
  let open = 0;
  for (const [at, character] of [...text].entries()) {
    if (character === '(') open += 1;
    if (character === ')') open -= 1;
    if (open === 0) return at === [...text].length - 1 ? text.slice(1, -1) : text;
  }
  return text;
}
