import { analyzeAggregate } from './analysis/aggregate.js';
import type { AnalysisContext } from './analysis/context.js';
import { analyzeDistinct } from './analysis/distinct.js';
import { analyzeDropNulls } from './analysis/drop-nulls.js';
import { analyzeExplode } from './analysis/explode.js';
import { analyzeFillNulls } from './analysis/fill-nulls.js';
import { analyzeJoin } from './analysis/join.js';
import { analyzeNamed } from './analysis/named.js';
import { analyzeNearest } from './analysis/nearest.js';
import { givenTwice, passThrough, project, replaceOrAppend } from './analysis/project.js';
import { analyzeReplaceValues } from './analysis/replace-values.js';
import { resolveAll } from './analysis/resolve.js';
import { isInOrder } from './analysis/row-identity.js';
import { analyzeSample } from './analysis/sample.js';
import { analyzeSetOperation } from './analysis/set-operation.js';
import { analyzeSort } from './analysis/sort.js';
import { analyzeSummary } from './analysis/summary.js';
import { analyzeUnpivot } from './analysis/unpivot.js';
import { refuseWindows } from './analysis/windows.js';
import type { Engine } from './engine.js';
import { InframeError } from './errors.js';
import { describe } from './expr.js';
import { type Names, noNames } from './names.js';
import type { Plan } from './plan.js';
import type { MemoryNode } from './plan-verbs.js';
import type { CacheStore, Relation } from './relation.js';
import { typesOfRows } from './row-wise.js';
import { typeName } from './types.js';

/**
 * Checks a plan (Rule 4): finds the files, resolves every name, types every expression, fits every model call to its
 * model. No row is read.
 *
 * @throws InframeError whatever is wrong with the plan
 */
export function analyze(plan: Plan, engine: Engine, names: Names = noNames): Promise<Relation> {
  return analyzeIn(plan, { engine, names, open: [] });
}

function analyzeIn(plan: Plan, scope: Omit<AnalysisContext, 'analyze'>): Promise<Relation> {
  return analyzeNode(plan, { ...scope, analyze: part => analyzeIn(part, scope) });
}

async function analyzeNode(plan: Plan, context: AnalysisContext): Promise<Relation> {
  const { engine } = context;
  switch (plan.kind) {
    case 'scan':
      return engine.scan(plan);
    case 'local':
      return plan;
    case 'stored':
      return plan.relation;
    case 'memory':
      return storeOnce(plan, engine);
    case 'named':
      return analyzeNamed(plan.name, context, (found, open) => analyzeIn(found, { ...context, open }));
    case 'command':
      return context.analyze(await plan.command.outcome());
    case 'query': {
      const schemaOf = async (part: Plan) => (await context.analyze(part)).schema;
      return context.analyze(await engine.planQuery(plan, context.names, schemaOf));
    }
    case 'statement': {
      const inputs: Relation[] = [];
      for (const input of plan.inputs) inputs.push(await context.analyze(input));
      return engine.statement(plan.text, plan.names, inputs, plan.reads);
    }
    case 'cache': {
      const kept = await finished(plan.store);
      const input = kept ?? (await context.analyze(plan.input));
      if (kept === undefined) plan.store.inOrder = isInOrder(input);
      return { kind: 'cache', schema: input.schema, input, store: plan.store };
    }
    case 'select': {
      const input = await context.analyze(plan.input);
      const columns = plan.columns.flatMap(column => (column === '*' ? passThrough(input.schema) : [column]));
      return project(input, columns, context);
    }
    case 'withColumns': {
      const input = await context.analyze(plan.input);
      return project(input, replaceOrAppend(input.schema, plan.columns), context);
    }
    case 'drop': {
      const input = await context.analyze(plan.input);
      const dropped = new Set(plan.names.map(name => input.schema.field(name).name));
      const kept = passThrough(input.schema).filter(column => !dropped.has(column.name));
      if (kept.length === 0) {
        throw new InframeError(
          'ARGUMENT_INVALID',
          `drop ${[...dropped].join(', ')} would leave no column; keep at least one`,
        );
      }
      return project(input, kept, context);
    }
    case 'rename': {
      const input = await context.analyze(plan.input);
      const names = new Map<string, string>();
      for (const [from, to] of plan.names) {
        const { name } = input.schema.field(from);
        if (names.has(name)) throw givenTwice('rename', name);
        names.set(name, to);
      }
      const columns = passThrough(input.schema).map(({ name, expr }) => ({ name: names.get(name) ?? name, expr }));
      return project(input, columns, context);
    }
    case 'filter': {
      const input = await context.analyze(plan.input);
      refuseWindows([plan.predicate], 'filter');
      const [predicate] = await resolveAll([plan.predicate], input.schema, context);
      const [type] = await typesOfRows([predicate!], input.schema, engine);
      if (type!.kind !== 'boolean' && type!.kind !== 'null') {
        throw new InframeError(
          'TYPE_MISMATCH',
          `filter condition '${describe(predicate!)}' is ${typeName(type!)}, not boolean; compare it with something, for example .gt(0)`,
        );
      }
      return { kind: 'filter', schema: input.schema, input, predicate: predicate! };
    }
    case 'limit': {
      const input = await context.analyze(plan.input);
      return { ...plan, schema: input.schema, input };
    }
    case 'sample':
      return analyzeSample(plan, context);
    case 'sort':
      return analyzeSort(plan, context);
    case 'aggregate':
      return analyzeAggregate(plan, context);
    case 'distinct':
      return analyzeDistinct(plan, context);
    case 'explode':
      return analyzeExplode(plan, context);
    case 'join':
      return analyzeJoin(plan, context);
    case 'nearest':
      return analyzeNearest(plan, context);
    case 'setOperation':
      return analyzeSetOperation(plan, context);
    case 'dropNulls':
      return analyzeDropNulls(plan, context);
    case 'fillNulls':
      return analyzeFillNulls(plan, context);
    case 'replaceValues':
      return analyzeReplaceValues(plan, context);
    case 'unpivot':
      return analyzeUnpivot(plan, context);
    case 'summary':
      return analyzeSummary(plan, context);
  }
}

/** Rows in memory are stored when they are first looked at; frames that share them share what is stored. */
function storeOnce({ table, store }: MemoryNode, engine: Engine): Promise<Relation> {
  store.result ??= engine.store(table).catch((error: unknown) => {
    // A failure is not kept: the disk may have room the next time.
    store.result = undefined;
    throw error;
  });
  return store.result;
}

/** What a cache holds, if it has been computed: its sources may be gone by now. One that is being computed is not waited for. */
async function finished({ result }: CacheStore): Promise<Relation | undefined> {
  return Promise.race([result, undefined]).catch(() => undefined);
}
