import { findChanged } from '../../connectors/files.js';
import { InframeError } from '../../frame/errors.js';
import { inputsOf, type Relation, type SourceFile } from '../../frame/relation.js';
import { firstFiles, holdsFiles } from './file-tasks.js';

/** @throws InframeError SOURCE_CHANGED where a file is not what it was when it was listed */
export async function checkUnchanged(files: readonly SourceFile[]): Promise<void> {
  const changed = await findChanged(files);
  if (changed === undefined) return;
  throw new InframeError(
    'SOURCE_CHANGED',
    `file '${changed.file.path}' ${changed.gone ? 'has gone' : 'has changed'} since the job began; start the job again`,
    { file: changed.file.path },
  );
}

/**
 * The files that are rows of a relation. DuckDB passes over one that has gone since it was listed, as if it had never been
 * there: whoever has read them looks again.
 */
export function rowFiles(relation: Relation): readonly SourceFile[] {
  if (relation.kind === 'scan') return holdsFiles(relation) ? relation.files : [];
  const read = relation.kind === 'limit' ? firstFiles(relation.input, relation.offset + relation.count) : undefined;
  return (read === undefined ? inputsOf(relation) : [read]).flatMap(rowFiles);
}
