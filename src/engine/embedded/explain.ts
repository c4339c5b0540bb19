import { type CacheStore, mapInputs, type Relation, type ScanRelation, stageResult } from '../../frame/relation.js';
import type { Schema } from '../../frame/schema.js';
import { typeName } from '../../frame/types.js';
import { line, list, note } from './explain/layout.js';
import { conditionText, linesOf } from './explain/lines.js';
import { notesOf } from './explain/notes.js';
import { PlanWords, sayName, type Words } from './explain/words.js';
import { cut, type ModelStage } from './stages.js';

/**
 * A plan as the stages it is carried out in, deepest first: each as the tree of its nodes, from the files down to its
 * result, and behind them why the plan does not do less.
 */
export function explainStages(relation: Relation): string {
  return new Explanation().text(relation);
}

class Explanation {
  readonly #words = new PlanWords();
  readonly #caches = new Map<CacheStore, ScanRelation>();
  readonly #lines: string[] = [];
  readonly #notes = new Set<string>();
  #stage = 1;

  text(relation: Relation): string {
    this.#explain(relation);
    if (this.#notes.size > 0) {
      this.#lines.push('Notes', ...[...this.#notes].flatMap(note));
    }
    return this.#lines.join('\n');
  }

  #explain(relation: Relation): void {
    let rest = this.#withoutCaches(relation);
    for (const why of notesOf(relation, this.#words)) this.#notes.add(why);
    for (let next = cut(rest); next !== undefined; next = cut(rest)) {
      const number = this.#modelStage(next.stage);
      if (next.rest === undefined) return;
      rest = next.rest(this.#result(next.stage, number));
    }
    this.#lines.push(`Stage ${this.#stage++}: DuckDB`, ...indented(linesOf(rest, this.#words)));
    this.#lines.push(...indented(this.#resultLine(rest)));
  }

  #modelStage({ calls, output }: ModelStage): number {
    const number = this.#stage++;
    const models = [...new Set(calls.map(({ call }) => `${call.descriptor.kind} ${call.modelName}`))].join(', ');
    this.#lines.push(`Stage ${number}: ${models}, in worker threads`, ...indented(linesOf(output, this.#words)));
    this.#lines.push(...indented(this.#resultLine(output)));
    return number;
  }

  #resultLine(relation: Relation): readonly string[] {
    const words = this.#words.of(relation);
    return line(
      'result',
      list(relation.schema.fields.map(({ name, type }) => `${sayName(name, words)} ${typeName(type)}`)),
    );
  }

  /** What a stage gives, as the table that the next one reads. */
  #result({ output }: ModelStage, number: number): ScanRelation {
    const passed = conditionsAbove(output, this.#words);
    const which = passed === '' ? '' : `, where ${passed}`;
    return this.#leaf(output.schema, `result of stage ${number}${which}`, this.#words.of(output));
  }

  #leaf(schema: Schema, label: string, words: Words): ScanRelation {
    const leaf = stageResult(schema, [], label);
    this.#words.add(leaf, label, words);
    return leaf;
  }

  /** A cache is explained once, before what reads it, and stands as a table of its own after that. */
  #withoutCaches(relation: Relation): Relation {
    if (relation.kind !== 'cache') return mapInputs(relation, input => this.#withoutCaches(input));
    const known = this.#caches.get(relation.store);
    if (known !== undefined) return known;
    const label = `cache ${this.#caches.size + 1}`;
    const computed = relation.store.result !== undefined;
    const leaf = this.#leaf(
      relation.schema,
      computed ? `${label}, computed before` : label,
      this.#words.of(relation.input),
    );
    this.#caches.set(relation.store, leaf);
    if (!computed) {
      this.#lines.push(`Rows of ${label}, computed once for all that read it:`);
      this.#explain(relation.input);
    }
    return leaf;
  }
}

/** The conditions that the rows of a stage's result have passed. */
function conditionsAbove(output: Relation, words: PlanWords): string {
  const found: string[] = [];
  let node = output;
  while (node.kind === 'filter' || node.kind === 'project') {
    if (node.kind === 'filter') found.unshift(conditionText(node.predicate, words.of(node.input)));
    node = node.input;
  }
  const text = found.join(' and ');
  return text.length > 60 ? '' : text;
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map(text => `  ${text}`);
}
