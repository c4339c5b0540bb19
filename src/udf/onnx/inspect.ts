import { type ModelSignature, signatureOf } from '../signature.js';
import { type Batch, batchOf } from './batch.js';
import type { OnnxFile } from './file.js';
import { isDefaultDomain } from './opset.js';
import { elementCount } from './tensor.js';
import { allNodes, graphOf } from './walk.js';
import { removeZipMaps } from './zipmap.js';

/** What there is to say about a model file, as plain data. */
export interface ModelReport {
  /** What a caller of inframe sees: with ZipMap taken off, see zipmap.ts. */
  readonly signature: ModelSignature;
  /** Version of each set of operators; ONNX's own is 'ai.onnx'. */
  readonly opset: Readonly<Record<string, number>>;
  readonly irVersion: number;
  /** Name and version of the program that wrote the file; '' if it does not say. */
  readonly producer: string;
  /**
   * Operators by how often they occur, bodies of If and Loop included; those of other domains as `ai.onnx.ml.ZipMap`.
   */
  readonly operators: readonly { readonly name: string; readonly count: number }[];
  /** Number of elements in the model's constants (initializers). */
  readonly parameters: number;
  readonly bytes: number;
  readonly batch: Batch;
  readonly externalFiles: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Sums a model file up.
 *
 * @throws InframeError MODEL_UNSUPPORTED or MODEL_INVALID as `signatureOf` does.
 */
export function inspectModel(file: OnnxFile): ModelReport {
  const { model } = file;
  const graph = graphOf(model);
  const readable = removeZipMaps(model);
  const signature = signatureOf(readable.model, readable.classes);

  const counts = new Map<string, number>();
  for (const node of allNodes(graph.node)) {
    const name = isDefaultDomain(node.domain) ? node.opType : `${node.domain}.${node.opType}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  // Summed as bigints: the dimensions are a stranger's numbers, and their product may be past 2^53.
  let parameters = 0n;
  for (const initializer of graph.initializer) parameters += elementCount(initializer.dims);
  for (const sparse of graph.sparseInitializer) parameters += elementCount(sparse.values?.dims ?? [0n]);

  return {
    signature,
    // fromEntries defines properties, so a key such as __proto__ is only a key.
    opset: Object.fromEntries(
      model.opsetImport.map(item => [isDefaultDomain(item.domain) ? 'ai.onnx' : item.domain, Number(item.version)]),
    ),
    irVersion: Number(model.irVersion),
    producer: [model.producerName, model.producerVersion].filter(part => part !== '').join(' '),
    operators: [...counts]
      .map(([name, count]) => ({ name, count }))
      .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1)),
    parameters: Number(parameters),
    bytes: file.bytes,
    batch: batchOf(signature),
    externalFiles: file.externalFiles,
    metadata: Object.fromEntries(model.metadataProps.map(entry => [entry.key, entry.value])),
  };
}
