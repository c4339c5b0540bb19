/**
 * LZ4 frames, decompression only: Arrow's (and so Feather's) default compression, and small enough to do without a
 * package.
 *
 * Frame: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
 * Block: https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md
 */
const MAGIC = 0x184d2204;
const MIN_MATCH = 4;

/**
 * Decompresses one frame. Checksums are skipped: Arrow's readers do not rely on them.
 *
 * @param length what the frame must decompress to
 * @throws RangeError where the frame is damaged or of another length
 */
export function decompressLz4(frame: Uint8Array, length: number): Uint8Array {
  // An LZ4 byte can stand for at most 255, so a length beyond that is damage, not data: refuse before allocating.
  if (length > frame.length * 255 + 64) throw damaged('length');
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const flags = view.getUint8(4);
  if (view.getUint32(0, true) !== MAGIC || flags >>> 6 !== 1) throw damaged('header');
  const blockChecksum = (flags & 0x10) !== 0;
  let at = 7 + ((flags & 0x08) !== 0 ? 8 : 0) + ((flags & 0x01) !== 0 ? 4 : 0);
  const out = new Uint8Array(length);
  let written = 0;
  for (;;) {
    const word = view.getUint32(at, true);
    at += 4;
    if (word === 0) break;
    const size = word & 0x7fffffff;
    if (at + size > frame.length) throw damaged('block');
    if (word >>> 31 === 1) {
      if (written + size > length) throw damaged('block');
      out.set(frame.subarray(at, at + size), written);
      written += size;
    } else written = decompressBlock(frame, at, at + size, out, written);
    at += size + (blockChecksum ? 4 : 0);
  }
  if (written !== length) throw damaged('length');
  return out;
}

/** Decompresses one block behind what `out` already holds (blocks may refer back to it); returns the new end. */
function decompressBlock(source: Uint8Array, start: number, end: number, out: Uint8Array, written: number): number {
  let at = start;
  let to = written;
  while (at < end) {
    const token = source[at++]!;
    let literals = token >>> 4;
    if (literals === 15) {
      let more: number;
      do {
        if (at >= end) throw damaged('literals');
        more = source[at++]!;
        literals += more;
      } while (more === 255);
    }
    if (at + literals > end || to + literals > out.length) throw damaged('literals');
    if (literals < 32) for (let i = 0; i < literals; i++) out[to + i] = source[at + i]!;
    else out.set(source.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    if (at >= end) break; // The last sequence is literals only.
    const distance = source[at]! | (source[at + 1]! << 8);
    at += 2;
    let match = (token & 15) + MIN_MATCH;
    if ((token & 15) === 15) {
      let more: number;
      do {
        if (at >= end) throw damaged('match');
        more = source[at++]!;
        match += more;
      } while (more === 255);
    }
    if (distance === 0 || distance > to || to + match > out.length) throw damaged('match');
    // A match may overlap what it writes (that is how runs are coded): copyWithin only where it does not.
    if (distance >= match && match >= 32) out.copyWithin(to, to - distance, to - distance + match);
    else for (let i = 0; i < match; i++) out[to + i] = out[to + i - distance]!;
    to += match;
  }
  return to;
}

function damaged(what: string): RangeError {
  return new RangeError(`LZ4 frame is damaged (${what})`);
}
