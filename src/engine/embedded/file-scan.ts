import { folderColumns } from '../../connectors/file-rows.js';
import { listFiles } from '../../connectors/files.js';
import { InframeError } from '../../frame/errors.js';
import { type FileFormat, fileColumns } from '../../frame/file-formats.js';
import type { ScanNode } from '../../frame/plan.js';
import type { ScanRelation, SourceFile } from '../../frame/relation.js';
import { Schema } from '../../frame/schema.js';

/**
 * Finds the files that become rows. None is read; what cannot be opened is known all the same.
 *
 * A `name=value` folder whose name is that of a column is no column: the path has it.
 *
 * @throws InframeError SOURCE_NOT_FOUND, SOURCE_EMPTY, and SOURCE_UNREADABLE where that is asked for
 */
export async function resolveFileScan(node: ScanNode, format: FileFormat): Promise<ScanRelation> {
  const { files: listed, partitions: names } = await listFiles(node.paths, format);
  const { content = {} } = node;
  const files = readable(listed, content.onUnreadable ?? 'keep');
  const own = fileColumns(format, content);
  const taken = new Set(own.map(({ name }) => name));
  const free = names.filter(name => !taken.has(name.toLowerCase()));
  const partitions = folderColumns(free, listed);
  return {
    kind: 'scan',
    format,
    files,
    csv: {},
    content,
    schema: new Schema([...own, ...partitions]),
    partitions,
    splittable: format !== 'lines',
    identity: undefined,
  };
}

function readable(files: readonly SourceFile[], policy: 'keep' | 'drop' | 'fail'): readonly SourceFile[] {
  if (policy === 'keep') return files;
  const wrong = files.find(file => file.problem !== undefined);
  if (policy === 'fail' && wrong !== undefined) {
    throw new InframeError(
      'SOURCE_UNREADABLE',
      `file '${wrong.path}' cannot be opened: ${wrong.problem}; leave such files out with onUnreadable: 'drop', or keep them as rows with 'keep'`,
      { file: wrong.path },
    );
  }
  return wrong === undefined ? files : files.filter(file => file.problem === undefined);
}
