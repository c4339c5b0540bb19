/*
 * Boxes in pictures: which of the many that a network proposes are kept. Pure, over typed arrays.
 */

/** Boxes that passed the threshold: corners in pixels of the network's picture, with class and score. */
export interface Boxes {
  readonly count: number;
  /** x0, y0, x1, y1 a box. */
  readonly corners: Float32Array;
  readonly scores: Float32Array;
  readonly classes: Int32Array;
}

/** How the proposals of one row stand in the tensors. */
export interface Proposals {
  readonly count: number;
  /** Position of coordinate `at` (0 to 3) of proposal `index`. */
  readonly boxAt: (index: number, at: number) => number;
  readonly classes: number;
  readonly scoreAt: (index: number, label: number) => number;
}

/** The proposals whose best class has at least `threshold`, best first; ties by their position. */
export function confident(
  { count, boxAt, classes, scoreAt }: Proposals,
  boxFormat: 'xyxy' | 'xywh' | 'cxcywh',
  threshold: number,
): Boxes {
  const found: { readonly index: number; readonly label: number; readonly score: number }[] = [];
  for (let index = 0; index < count; index++) {
    let label = 0;
    let score = Number.NEGATIVE_INFINITY;
    for (let each = 0; each < classes; each++) {
      const value = scoreAt(index, each);
      if (value > score) {
        score = value;
        label = each;
      }
    }
    if (score >= threshold) found.push({ index, label, score });
  }
  found.sort((a, b) => b.score - a.score || a.index - b.index);
  const corners = new Float32Array(found.length * 4);
  found.forEach(({ index }, at) => {
    const [a, b, c, d] = [boxAt(index, 0), boxAt(index, 1), boxAt(index, 2), boxAt(index, 3)];
    const left = boxFormat === 'cxcywh' ? a - c / 2 : a;
    const top = boxFormat === 'cxcywh' ? b - d / 2 : b;
    corners.set([left, top, boxFormat === 'xyxy' ? c : left + c, boxFormat === 'xyxy' ? d : top + d], at * 4);
  });
  return {
    count: found.length,
    corners,
    scores: Float32Array.from(found, ({ score }) => score),
    classes: Int32Array.from(found, ({ label }) => label),
  };
}

/**
 * Of boxes of one class that share more than `overlap` (intersection over union), the one with the higher score.
 *
 * Source: greedy non-maximum suppression as in the ONNX operator NonMaxSuppression
 * (https://onnx.ai/onnx/operators/onnx__NonMaxSuppression.html).
 *
 * @param boxes best first
 * @returns positions of those that stay, best first, at most `most`
 */
export function suppress(boxes: Boxes, overlap: number, most: number): readonly number[] {
  const kept: number[] = [];
  for (let index = 0; index < boxes.count && kept.length < most; index++) {
    const rival = kept.some(
      other =>
        boxes.classes[other] === boxes.classes[index] && intersectionOverUnion(boxes.corners, other, index) > overlap,
    );
    if (!rival) kept.push(index);
  }
  return kept;
}

function intersectionOverUnion(corners: Float32Array, a: number, b: number): number {
  const at = (box: number, corner: number): number => corners[box * 4 + corner]!;
  const area = (box: number): number => Math.max(0, at(box, 2) - at(box, 0)) * Math.max(0, at(box, 3) - at(box, 1));
  const width = Math.min(at(a, 2), at(b, 2)) - Math.max(at(a, 0), at(b, 0));
  const height = Math.min(at(a, 3), at(b, 3)) - Math.max(at(a, 1), at(b, 1));
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (area(a) + area(b) - shared);
}
