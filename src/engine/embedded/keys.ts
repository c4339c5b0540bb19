import type { ParquetCompression, WriteTarget } from '../../frame/engine.js';
import type { Format } from '../../frame/plan.js';
import { inputsOf, type Relation, type ScanRelation } from '../../frame/relation.js';
import { hashOf } from '../../udf/hash.js';
import type { JobIdentity } from './manifest.js';
import { type ModelStage, outputSql, sliceSql } from './stages.js';
import type { Slice } from './tasks.js';

/*
 * What tasks and jobs are known by (DESIGN section 2). Two with the same key give the same rows.
 */

/** Part of every key: results of another version are not taken over. Raised when what a task writes changes. */
export const VERSION = 2;

/** How the parts of a stage are written. */
export interface PartFormat {
  readonly format: Format;
  readonly compression: ParquetCompression;
  readonly partitionBy: readonly string[];
}

/** What a plan depends on, apart from how it is carried out. */
export function jobIdentity(relation: Relation, target: WriteTarget): JobIdentity {
  return {
    sources: hashOf(leafIdentity(relation)),
    models: hashOf(modelKeys(relation)),
    plan: hashOf({ VERSION, plan: planText(relation), format: partFormat(target) }),
  };
}

export function partFormat({ format, compression, partitionBy }: PartFormat): PartFormat {
  return { format, compression, partitionBy };
}

/** The plan as text that is the same for the same plan: files and models stand apart. */
function planText(relation: Relation): unknown {
  if (relation.kind === 'scan') return leafText(relation);
  if (relation.kind === 'score') {
    return [planText(relation.input), relation.calls.map(({ column, call }) => [column, call.args, call.outputs])];
  }
  if (relation.kind === 'cache') return planText(relation.input);
  const { schema, ...own } = { ...relation, input: undefined, inputs: undefined, files: undefined };
  return [inputsOf(relation).map(planText), own, schema.toJSON()];
}

/** How a leaf's files become rows. */
function leafText({ schema, format, csv, content }: ScanRelation): readonly unknown[] {
  return [schema.toJSON(), format, csv, ...(content === undefined ? [] : [content])];
}

function modelKeys(relation: Relation): readonly string[] {
  const below = inputsOf(relation).flatMap(modelKeys);
  return relation.kind === 'score' ? [...below, ...relation.calls.map(({ call }) => call.descriptor.key)] : below;
}

export function leafIdentity(relation: Relation): unknown {
  if (relation.kind === 'scan') return relation.identity ?? relation.files;
  const below = inputsOf(relation).map(leafIdentity);
  if (relation.kind === 'query') return [...below, relation.files, relation.identity];
  return below.length === 1 ? below[0] : below;
}

/** A leaf as a word, for fingerprints: which files it reads is said elsewhere. */
export function scanIdentity(scan: ScanRelation): string {
  return `SELECT ${JSON.stringify(leafText(scan))}`;
}

export function stageFingerprint(stage: ModelStage, scan: ScanRelation, format: PartFormat): string {
  return hashOf({
    VERSION,
    input: sliceSql(stage.input, scanIdentity),
    output: outputSql(stage, 'SLICE', 'OUTPUTS'),
    calls: stage.calls.map(({ call }) => [call.descriptor.key, call.args]),
    schema: scan.schema.toJSON(),
    format: partFormat(format),
  });
}

/** DESIGN section 2: source identity, row range, model, plan and adapters. */
export function taskKey(fingerprint: string, scan: ScanRelation, slice: Slice): string {
  const files =
    scan.identity === undefined ? slice.files : [scan.identity, ...slice.files.map(file => scan.files.indexOf(file))];
  return hashOf({ fingerprint, files, range: slice.range ?? null });
}
