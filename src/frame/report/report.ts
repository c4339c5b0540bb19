import { isInOrder } from '../analysis/row-identity.js';
import type { DataFrame } from '../dataframe.js';
import type { Engine, RunOptions } from '../engine.js';
import { evaluatesVolatile } from '../optimizer/volatile.js';
import type { Plan } from '../plan.js';
import { anyRelation, type Relation } from '../relation.js';
import type { RunSummary } from './data.js';
import { gather } from './gather.js';
import type { ReportSettings, ReportSummary } from './options.js';
import { renderPage } from './page.js';
import { givenParts } from './roles.js';

/** What a report is made of. */
export interface ReportSource {
  readonly engine: Engine;
  readonly plan: Plan;
  /** The plan, checked and optimized. */
  readonly relation: Relation;
  readonly frame: (plan: Plan) => DataFrame;
}

const REASON_LENGTH = 300;

/** Asks for everything, renders the page and writes it. */
export async function makeReport(
  source: ReportSource,
  path: string,
  settings: ReportSettings,
  options: RunOptions,
): Promise<ReportSummary> {
  const { schema } = source.relation;
  givenParts(schema, settings.columns);
  const file = await source.engine.openPage(path, settings.overwrite);
  const { table, run } = await readable(source, options);
  const data = await gather({
    table,
    schema,
    settings,
    made: new Date(),
    run,
    thumbnail: source.engine.thumbnails,
    options: { signal: options.signal },
  });
  const page = renderPage(data);
  await file.save(page.html);
  return Object.freeze({
    path,
    rows: data.rows,
    shownRows: page.shownRows,
    unpredictedRows: data.prediction?.missing,
    bytes: new TextEncoder().encode(page.html).length,
  });
}

/**
 * The table as one that can be read again and again at little cost, with the same rows in the same order: as it is, or kept
 * by the engine. Models run here, and nowhere else.
 */
async function readable(
  { engine, plan, relation, frame }: ReportSource,
  options: RunOptions,
): Promise<{ readonly table: DataFrame; readonly run: RunSummary | undefined }> {
  if (isCheap(relation)) return { table: frame(plan), run: undefined };
  const { relation: kept, report } = await engine.materialize(relation, options);
  const { failedRows, nullRows, failures } = report;
  const models = anyRelation(relation, ({ kind }) => kind === 'score');
  const reasons = failures.map(reason => reason.slice(0, REASON_LENGTH));
  return {
    table: frame({ kind: 'stored', relation: kept }),
    run: models ? { failedRows, nullRows, reasons } : undefined,
  };
}

function isCheap(relation: Relation): boolean {
  if (!isInOrder(relation)) return false;
  return !anyRelation(
    relation,
    part => part.kind === 'score' || evaluatesVolatile(part) || (part.kind === 'scan' && part.format !== 'parquet'),
  );
}
