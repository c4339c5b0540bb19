import type { OutputBinding } from '../descriptor.js';
import { ClassificationCollector } from './classification.js';
import type { OutputCollector } from './collector.js';
import { DetectionCollector } from './detection.js';
import { TensorCollector } from './tensor.js';
import { TokensCollector } from './tokens.js';

/** What keeps an output. @param rows as many as are expected */
export function collectorOf(output: OutputBinding, rows: number): OutputCollector {
  switch (output.kind) {
    case 'classification':
      return new ClassificationCollector(output, rows);
    case 'detection':
      return new DetectionCollector(output);
    case 'tokens':
      return new TokensCollector(output);
    default:
      return new TensorCollector(output, rows);
  }
}
