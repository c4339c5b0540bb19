import type { DetectionAdapter } from '../adapter.js';
import { checkMembers, flag, fraction, nameOf, oneOf, refused, whole } from './check.js';
import { type LabelsOption, readLabels } from './labels.js';

export interface DetectionOptions {
  /** What the outputs are, see {@link DetectionAdapter}; `'boxes'` where nothing is said. */
  readonly format?: DetectionAdapter['format'];
  /** The output that holds the boxes, where boxes and scores are two. */
  readonly boxes?: string;
  /** The output that holds the scores. */
  readonly scores?: string;
  /** What the four numbers of a box are; corners for `'boxes'`, else centre and size. */
  readonly boxFormat?: DetectionAdapter['boxFormat'];
  /** True if they run from 0 to 1; the default for `'detr'` alone. */
  readonly relative?: boolean;
  readonly labels?: LabelsOption;
  /** Boxes of a lower score are left out; 0.5 for `'detr'`, else 0.25. */
  readonly threshold?: number;
  /** Of two boxes of a class that share more than this, the better stays; 1 (both stay) for `'detr'`, else 0.5. */
  readonly overlap?: number;
  /** The most boxes of a row; 100 where nothing is said. */
  readonly most?: number;
}

const KNOWN = ['format', 'boxes', 'scores', 'boxFormat', 'relative', 'labels', 'threshold', 'overlap', 'most'] as const;

/**
 * Objects in a picture, as a list of label, score and box in the pixels of the source picture.
 *
 * The defaults of a DETR are those of its paper, which has no suppression of overlapping boxes: the network was trained to
 * say each object once (Carion and others, "End-to-End Object Detection with Transformers", 2020).
 *
 * @throws InframeError ARGUMENT_INVALID
 * @example
 * detection({ format: 'yolo', labels: 'coco.txt', threshold: 0.4 })
 */
export function detection(options: DetectionOptions = {}): DetectionAdapter {
  const maker = 'detection';
  checkMembers(maker, options, KNOWN);
  const format = oneOf(maker, 'format', options.format, ['boxes', 'yolo', 'detr']);
  const [boxes, scores] = [nameOf(maker, 'boxes', options.boxes), nameOf(maker, 'scores', options.scores)];
  if (format === 'yolo' && (boxes ?? scores) !== undefined) {
    throw refused(
      maker,
      boxes === undefined ? 'scores' : 'boxes',
      boxes ?? scores,
      "'yolo' has one output; leave it out",
    );
  }
  const boxFormat = options.boxFormat ?? (format === 'boxes' ? 'xyxy' : 'cxcywh');
  return Object.freeze({
    adapter: maker,
    format,
    boxes,
    scores,
    boxFormat: oneOf(maker, 'boxFormat', boxFormat, ['xyxy', 'xywh', 'cxcywh']),
    relative: flag(maker, 'relative', options.relative, format === 'detr'),
    labels: readLabels(maker, options.labels),
    threshold: fraction(maker, 'threshold', options.threshold, format === 'detr' ? 0.5 : 0.25),
    overlap: fraction(maker, 'overlap', options.overlap, format === 'detr' ? 1 : 0.5),
    most: whole(maker, 'most', options.most) ?? 100,
  });
}
