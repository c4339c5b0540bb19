/** Which of a pair is cut: the longer first, or one of the two alone. */
export type TruncationStrategy = 'longest_first' | 'only_first' | 'only_second';

/**
 * How many tokens stay of a text and of the second of its pair, so that both fit into `room`; as Hugging Face does it
 * (https://github.com/huggingface/tokenizers, tokenizers/src/utils/truncation.rs): of a pair the longer is cut to the
 * length of the shorter, then both to halves, the odd one going to the longer.
 *
 * @returns undefined where the strategy cuts one that is not long enough
 */
export function keptLengths(
  first: number,
  second: number | undefined,
  room: number,
  strategy: TruncationStrategy,
): readonly [first: number, second: number] | undefined {
  if (room === 0) return [0, 0];
  const other = second ?? 0;
  const excess = first + other - room;
  if (excess <= 0) return [first, other];
  if (strategy === 'longest_first') {
    if (second === undefined) return [room, 0];
    const [shorter, longer] = halves(Math.min(first, second), room);
    return first > second ? [longer, shorter] : [shorter, longer];
  }
  if (strategy === 'only_first') return first > excess ? [first - excess, other] : undefined;
  return second !== undefined && second > excess ? [first, second - excess] : undefined;
}

function halves(shorter: number, room: number): readonly [shorter: number, longer: number] {
  const longer = shorter > room ? shorter : Math.max(shorter, room - shorter);
  if (shorter + longer <= room) return [shorter, longer];
  const half = Math.floor(room / 2);
  return [half, half + (room % 2)];
}
