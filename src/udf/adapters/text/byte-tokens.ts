/** The ids of `<0x00>` to `<0xFF>`; undefined if the vocabulary does not have them all. */
export function byteTokens(ids: ReadonlyMap<string, number>): readonly number[] | undefined {
  const found = Array.from({ length: 256 }, (_, byte) =>
    ids.get(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`),
  );
  return found.every(id => id !== undefined) ? found : undefined;
}
