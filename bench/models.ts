import { writeFileSync } from 'node:fs';
import { graph, type NodeSpec } from '../src/udf/onnx/build.js';
import { serializeModel } from '../src/udf/onnx/file.js';

/** A generator whose numbers are the same on every run: Park and Miller, CACM 31(10), 1988. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** A multi-layer perceptron with ReLU between its layers; input `x` [N, first], output `y` [N, last]. */
export function writePerceptron(path: string, widths: readonly number[]): void {
  const next = generator(7);
  const nodes: NodeSpec[] = [];
  const initializers = [];
  let from = 'x';
  for (let layer = 0; layer + 1 < widths.length; layer++) {
    const [rows, columns] = [widths[layer]!, widths[layer + 1]!];
    const last = layer + 2 === widths.length;
    // He's initialisation keeps activations in range: arXiv 1502.01852.
    const scale = Math.sqrt(6 / rows);
    const weights = Float32Array.from({ length: rows * columns }, () => (next() * 2 - 1) * scale);
    initializers.push({ name: `w${layer}`, dtype: 'float32', dims: [rows, columns], data: weights } as const);
    initializers.push({
      name: `b${layer}`,
      dtype: 'float32',
      dims: [columns],
      data: new Float32Array(columns),
    } as const);
    const to = last ? 'y' : `sum${layer}`;
    nodes.push({ op: 'Gemm', inputs: [from, `w${layer}`, `b${layer}`], outputs: [to] });
    if (!last) nodes.push({ op: 'Relu', inputs: [to], outputs: [`layer${layer}`] });
    from = `layer${layer}`;
  }
  const model = graph({
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N', widths[0]!] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: ['N', widths[widths.length - 1]!] }],
    nodes,
    initializers,
  });
  writeFileSync(path, serializeModel(model));
}
