import { InframeError } from '../../frame/errors.js';
import { PicturePacker } from '../adapters/image/packer.js';
import { DETECTION_ELEMENT } from '../adapters/output-types.js';
import type { DetectionOutput } from '../descriptor.js';
import type { Tensor } from '../runtime.js';
import { confident, type Proposals, suppress } from './boxes.js';
import { batchRow, type RunRows } from './collector.js';
import { ListsCollector } from './lists.js';

/** Objects in pictures, in the coordinates of the pictures they were found in. */
export class DetectionCollector extends ListsCollector {
  readonly #binding: DetectionOutput;

  constructor(binding: DetectionOutput) {
    super(DETECTION_ELEMENT);
    this.#binding = binding;
  }

  put(results: Readonly<Record<string, Tensor>>, run: RunRows): void {
    const { boxFormat, threshold, overlap, most, relative, labels, picture: input } = this.#binding;
    const packer = run.batch.input(input);
    if (!(packer instanceof PicturePacker)) throw new InframeError('INTERNAL', `input '${input}' has no pictures`);
    for (let index = 0; index < run.count; index++) {
      const row = batchRow(run, index);
      const picture = packer.rowAt(row);
      if (picture === undefined) continue;
      const boxes = confident(this.#proposals(results, index), boxFormat, threshold);
      const [height, width] = picture.dims as [number, number];
      const kept = suppress(boxes, overlap, most);
      const { place, source } = picture;
      const across = (value: number): number =>
        clamp(((relative ? value * width : value) - place.left) / place.scaleX, source.width);
      const down = (value: number): number =>
        clamp(((relative ? value * height : value) - place.top) / place.scaleY, source.height);
      const corner = (box: number, at: number): number => {
        const value = boxes.corners[box * 4 + at]!;
        return at % 2 === 0 ? across(value) : down(value);
      };
      this.keep(run.base + row, {
        length: kept.length,
        members: [
          kept.map(box => labels?.[boxes.classes[box]!] ?? String(boxes.classes[box])),
          Float32Array.from(kept, box => boxes.scores[box]!),
          kept.map(box => {
            const [x, y] = [corner(box, 0), corner(box, 1)];
            return { x, y, width: corner(box, 2) - x, height: corner(box, 3) - y };
          }),
        ],
      });
    }
  }

  /** How the network proposes: see DetectionAdapter. */
  #proposals(results: Readonly<Record<string, Tensor>>, row: number): Proposals {
    const { format } = this.#binding;
    const boxes = results[this.#binding.boxes]!;
    const scores = results[this.#binding.scores]!;
    const data = boxes.data as Float32Array;
    const values = scores.data as Float32Array;
    if (format === 'yolo') {
      const [, channels, count] = boxes.dims as [number, number, number];
      const base = row * channels * count;
      return {
        count,
        classes: channels - 4,
        boxAt: (index, at) => data[base + at * count + index]!,
        scoreAt: (index, label) => data[base + (4 + label) * count + index]!,
      };
    }
    const [, count, width] = scores.dims as [number, number, number];
    const boxBase = row * count * 4;
    const base = row * count * width;
    return {
      count,
      // The last class of DETR is "no object".
      classes: format === 'detr' ? width - 1 : width,
      boxAt: (index, at) => data[boxBase + index * 4 + at]!,
      scoreAt: (index, label) => values[base + index * width + label]!,
    };
  }
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}
