/*
 * What the first bytes of a picture say, for people who look at a table. Nothing is decoded, and nothing is relied upon:
 * what is cut off or made up gives undefined.
 */

/** Kind and pixels of a picture, as stored. */
export interface PictureHeader {
  readonly format: 'JPEG' | 'PNG' | 'GIF' | 'WebP';
  readonly width: number;
  readonly height: number;
}

/** The header of a JPEG, PNG, GIF or WebP; undefined for anything else. Looks at a bounded number of bytes. */
export function pictureHeader(bytes: Uint8Array): PictureHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return jpeg(view) ?? png(view) ?? gif(view) ?? webp(view);
  } catch (error) {
    // The bytes end before the header does.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Segments of a JPEG looked at before its frame: previews and profiles come in a few dozen. */
const MOST_SEGMENTS = 512;

/** ITU-T T.81, annex B: markers, each but a few with a length, until a start of frame (B.2.2). */
function jpeg(view: DataView): PictureHeader | undefined {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return undefined;
  let at = 2;
  for (let segments = 0; segments < MOST_SEGMENTS; segments++) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    // Fill bytes, and the markers that stand alone: TEM and RST.
    if (marker === 0xff) at += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) at += 2;
    else if (isStartOfFrame(marker)) {
      return { format: 'JPEG', width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    } else at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

/** SOF0 to SOF15, among which DHT, JPG and DAC have their places. */
function isStartOfFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** PNG specification, sections 5.2 and 11.2.2: a signature, then IHDR. */
function png(view: DataView): PictureHeader | undefined {
  if (view.byteLength < 24 || view.getUint32(0) !== 0x89504e47 || view.getUint32(4) !== 0x0d0a1a0a) return undefined;
  if (view.getUint32(12) !== 0x49484452) return undefined;
  return { format: 'PNG', width: view.getUint32(16), height: view.getUint32(20) };
}

/** GIF89a specification, section 18: the logical screen. */
function gif(view: DataView): PictureHeader | undefined {
  if (view.byteLength < 10 || view.getUint32(0) !== 0x47494638) return undefined;
  return { format: 'GIF', width: view.getUint16(6, true), height: view.getUint16(8, true) };
}

/** RFC 9649, sections 2.4 to 2.7: a RIFF container whose first chunk is VP8, VP8L or VP8X. */
function webp(view: DataView): PictureHeader | undefined {
  if (view.byteLength < 30 || view.getUint32(0) !== 0x52494646 || view.getUint32(8) !== 0x57454250) return undefined;
  switch (view.getUint32(12)) {
    case 0x56503820:
      return { format: 'WebP', width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    case 0x5650384c: {
      const bits = view.getUint32(21, true);
      return { format: 'WebP', width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 0x56503858:
      return { format: 'WebP', width: threeBytes(view, 24) + 1, height: threeBytes(view, 27) + 1 };
    default:
      return undefined;
  }
}

function threeBytes(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}
