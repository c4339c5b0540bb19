import { setImmediate as turn } from 'node:timers/promises';
import type { Engine, WriteTarget } from '../../src/frame/engine.js';
import { InframeError } from '../../src/frame/errors.js';
import type { JobReport } from '../../src/frame/job.js';
import { type ModelReference, reference } from '../../src/frame/model.js';
import type { LocalNode } from '../../src/frame/plan.js';
import { inputsOf, type Relation, stageResult } from '../../src/frame/relation.js';
import { Schema } from '../../src/frame/schema.js';
import { Session } from '../../src/frame/session.js';

/**
 * An engine without a database, for the order of things: it knows `SELECT <number> AS <name>`, `SELECT * FROM <name>` and
 * `SELECT fail`, keeps a log of what it does, and ends a job named in `hold` when the test releases it.
 */
export class ScriptedEngine implements Engine {
  readonly log: string[] = [];
  readonly reservedFunctions = new Set(['lower']);
  readonly targets: WriteTarget[] = [];
  closed = false;
  readonly #held = new Map<string, { readonly released: Promise<void>; readonly release: () => void }>();
  #stored = new Map<string, LocalNode>();

  /** Jobs whose log line begins like this end when the test calls what this gives. */
  hold(job: string): () => void {
    let release = (): void => {};
    const released = new Promise<void>(resolve => {
      release = resolve;
    });
    this.#held.set(job, { released, release });
    return release;
  }

  async #job(line: string, signal?: AbortSignal): Promise<void> {
    this.log.push(line);
    await turn();
    for (const [job, { released }] of this.#held) if (line.startsWith(job)) await released;
    if (signal?.aborted) throw new InframeError('JOB_ABORTED', 'job was stopped');
    if (line.includes('fail')) throw new InframeError('QUERY_FAILED', 'query failed');
  }

  planQuery: Engine['planQuery'] = async ({ text, params }) => {
    await turn();
    const table = /^SELECT \* FROM "?(\w+)"?$/.exec(text)?.[1];
    if (table !== undefined) return { kind: 'named', name: table };
    const [, value, name] = /^SELECT (\S+) AS (\w+)$/.exec(text) ?? [];
    if (value === undefined) throw new InframeError('EXPRESSION_INVALID', `query '${text}' cannot be parsed`);
    const number = value === '?' ? (params as readonly number[])[0]! : value === 'fail' ? -1 : Number(value);
    return local(name!, number);
  };

  rows: Engine['rows'] = async function* (this: ScriptedEngine, relation) {
    const { schema, rows } = this.#resolve(relation);
    yield rows.map(row => Object.fromEntries(schema.names.map((name, index) => [name, row[index]])));
  };

  materialize: Engine['materialize'] = async (relation, options) => {
    const found = this.#resolve(relation);
    await this.#job(`store ${found.schema.names.join()}${found.rows[0]?.[0] === -1 ? ' fail' : ''}`, options.signal);
    const identity = `stored ${this.#stored.size}`;
    this.#stored.set(identity, found);
    return { relation: stageResult(found.schema, [], identity), report: report(found.rows.length) };
  };

  write: Engine['write'] = async (relation, target, options) => {
    const { rows } = this.#resolve(relation);
    this.targets.push(target);
    await this.#job(`write ${target.path}`, options.signal);
    return report(rows.length);
  };

  loadModel: Engine['loadModel'] = async (path, options) => {
    await this.#job(`load ${path} ${JSON.stringify(options)}`);
    const { name } = options as { readonly name: string };
    return modelFor(name, path);
  };

  explain: Engine['explain'] = async relation => `plan of ${relation.schema.names.join()}\nin two lines`;
  close = async (): Promise<void> => {
    this.log.push('close');
    this.closed = true;
  };

  scan = never;
  typesOf: Engine['typesOf'] = async (schema, exprs) =>
    exprs.map(expr => (expr.kind === 'column' ? schema.type(expr.name) : never()));
  parseExpression = never;
  statement = never;
  store = never;
  get thumbnails(): ModelReference {
    return never();
  }
  openPage = never;
  commonType = never;
  batches = never;

  /** The rows of a plan of renames over rows in memory or stored. */
  #resolve(relation: Relation): LocalNode {
    if (relation.kind === 'local') return relation;
    const found =
      relation.kind === 'scan' ? this.#stored.get(relation.identity ?? '') : this.#resolve(inputsOf(relation)[0]!);
    if (found === undefined) throw new Error('no such stored rows');
    return { ...found, schema: relation.schema };
  }
}

function never(): never {
  throw new Error('not in this engine');
}

function local(name: string, value: number): LocalNode {
  return { kind: 'local', schema: new Schema([{ name, type: { kind: 'int32' } }]), rows: [[value]] };
}

function report(rows: number): JobReport {
  return {
    rows,
    scoredRows: 0,
    failedRows: 2,
    nullRows: 0,
    failures: [],
    seconds: 0.5,
    rowsPerSecond: 0,
    peakMemory: 0,
    tasks: 1,
    reusedTasks: 0,
    retries: 0,
    modelRuns: 0,
    files: [],
  };
}

/** What a user holds of a model; it cannot be run. */
export function modelFor(
  name: string,
  path = `${name}.onnx`,
): (() => never) & { readonly [reference]: ModelReference } {
  const model: ModelReference = {
    name,
    deterministic: true,
    inputColumns: {},
    bind: never,
    describe: () => ({
      kind: 'model',
      path,
      inputs: [{ name: 'x', dtype: 'float32', shape: '[N, 2]', accepts: '2 columns of numbers' }],
      outputs: [{ name: 'y', dtype: 'float32', shape: '[N]', accepts: undefined }],
    }),
  };
  return Object.assign(() => never(), { [reference]: model });
}

/** A session on such an engine. */
export function scriptedSession(): { readonly session: Session; readonly engine: ScriptedEngine } {
  const engine = new ScriptedEngine();
  return { engine, session: new Session(engine, (path, options: object) => engine.loadModel(path, options)) };
}
