/** What a JPEG file's frame header says of its pixels. */
export interface JpegFrame {
  readonly width: number;
  readonly height: number;
  /** 1: grey, 3: colour, 4: CMYK. */
  readonly components: number;
}

/**
 * The frame header (SOF) of a JPEG file; undefined where there is none. Reads some tens of bytes, while asking the decoder
 * costs a fifth of a millisecond. Markers: ITU-T T.81, B.1.1.3.
 */
export function jpegFrame(bytes: Uint8Array): JpegFrame | undefined {
  let at = 2;
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) at += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      return { height: word(bytes, at + 5), width: word(bytes, at + 7), components: bytes[at + 9]! };
    } else at += 2 + word(bytes, at + 2);
  }
  return undefined;
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}
