import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import sharp from 'sharp';
import {
  decodePicture,
  type PictureGeometry,
  type RawPixels,
  resizePixels,
} from '../../../../src/udf/adapters/image/decode.js';
import { fixture, fixtures } from '../../../support/fixtures.js';
import { AS_IS, draw, pattern, pngOf } from './pictures.js';

const to = (width: number, height: number, more: Partial<PictureGeometry> = {}): PictureGeometry => ({
  ...AS_IS,
  width,
  height,
  resize: 'exact',
  ...more,
});

/** The file of some pixels. */
function file({ data, width, height, channels }: RawPixels): ReturnType<typeof sharp> {
  return sharp(data, { raw: { width, height, channels } });
}

/**
 * Pillow 12.3:
 *
 *   y, x, c = np.mgrid[0:24, 0:32, 0:3]
 *   picture = Image.fromarray(((x * 7 + y * 13 + c * 61 + x * y) % 256).astype('uint8'))
 *   np.asarray(picture.resize((5, 4), kernel)).ravel()
 *   np.asarray(picture.resize((50, 3), kernel)).sum(axis=(0, 1))
 */
const RESIZED: Readonly<
  Record<PictureGeometry['kernel'], readonly [pixels: readonly number[], sums: readonly number[]]>
> = {
  // biome-ignore format: numbers
  nearest: [[69, 130, 191, 129, 190, 251, 199, 4, 65, 3, 64, 125, 63, 124, 185, 165, 226, 31, 5, 66, 127, 117, 178, 239, 213, 18, 79, 53, 114, 175, 5, 66, 127, 137, 198, 3, 35, 96, 157, 167, 228, 33, 43, 104, 165, 101, 162, 223, 13, 74, 135, 209, 14, 75, 121, 182, 243, 33, 94, 155], [18935, 19637, 19315]],
  // biome-ignore format: numbers
  bilinear: [[73, 133, 175, 127, 156, 138, 146, 133, 110, 134, 118, 116, 129, 115, 130, 150, 155, 114, 136, 109, 119, 118, 130, 141, 130, 129, 127, 130, 125, 126, 136, 101, 121, 127, 136, 131, 133, 123, 127, 128, 127, 131, 125, 123, 126, 107, 134, 149, 136, 123, 125, 130, 129, 130, 127, 129, 132, 125, 129, 131], [19079, 19142, 19472]],
  // biome-ignore format: numbers
  bicubic: [[63, 131, 183, 130, 163, 137, 150, 131, 107, 133, 118, 116, 129, 115, 131, 159, 163, 109, 138, 101, 114, 113, 130, 145, 129, 129, 128, 130, 126, 125, 136, 93, 118, 123, 140, 136, 136, 123, 124, 127, 127, 131, 125, 122, 126, 104, 137, 152, 140, 123, 122, 127, 129, 133, 129, 129, 131, 125, 130, 132], [19097, 19151, 19460]],
  // biome-ignore format: numbers
  lanczos: [[57, 133, 189, 134, 165, 134, 148, 127, 107, 133, 121, 116, 131, 113, 130, 165, 167, 106, 140, 99, 110, 112, 127, 146, 127, 128, 130, 129, 128, 125, 135, 89, 117, 118, 139, 142, 141, 127, 121, 127, 125, 130, 125, 122, 126, 102, 138, 153, 145, 126, 118, 121, 125, 138, 132, 130, 128, 125, 131, 132], [19081, 19155, 19445]],
};

function sums({ data, channels }: { readonly data: Uint8Array; readonly channels: number }): readonly number[] {
  const totals = Array.from({ length: channels }, () => 0);
  data.forEach((value, at) => {
    totals[at % channels]! += value;
  });
  return totals;
}

test('each kernel gives the numbers that Pillow gives', async () => {
  const png = await file(pattern()).png().toBuffer();
  for (const [kernel, [pixels, totals]] of Object.entries(RESIZED) as [
    PictureGeometry['kernel'],
    typeof RESIZED.bilinear,
  ][]) {
    const small = await decodePicture(png, to(5, 4, { kernel }));
    assert.deepEqual([...small.data], pixels, kernel);
    assert.deepEqual(sums(await decodePicture(png, to(50, 3, { kernel }))), totals, kernel);
  }
});

test('grey is mixed before it is resized', async () => {
  // np.asarray(picture.convert('L').resize((5, 4), BILINEAR)).ravel()
  const grey = [120, 146, 134, 123, 121, 149, 118, 127, 129, 127, 114, 133, 126, 128, 124, 128, 127, 130, 129, 129];
  const picture = resizePixels(pattern(), to(5, 4, { channels: 'grey' }));
  assert.deepEqual([...picture.data], grey);
  assert.equal(picture.channels, 1);
});

test('a crop of the shorter side is the one of torchvision', () => {
  // picture.resize((16, 12)).crop((3, 2, 13, 9)): the offsets are round((16 - 10) / 2) and round((12 - 7) / 2), half to even
  const picture = resizePixels(pattern(), { ...to(10, 7), resize: 'shorter', shorterSide: 12 });
  assert.deepEqual(sums(picture), [9043, 8849, 8975]);
  assert.deepEqual([...picture.data.subarray(0, 3)], [134, 195, 128]);
  assert.deepEqual(picture.place, { scaleX: 0.5, scaleY: 0.5, left: -3, top: -2 });
  assert.deepEqual(picture.source, { width: 32, height: 24 });
});

const [SMOOTH, INKS] = [
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCAAMABADASIAAhEBAxEB/8QAFAABAAAAAAAAAAAAAAAAAAAABf/EABoQAAICAwAAAAAAAAAAAAAAAAAEAyEFIjH/xAAVAQEBAAAAAAAAAAAAAAAAAAACA//EABkRAAIDAQAAAAAAAAAAAAAAAAACAQMEIf/aAAwDAQACEQMRAD8ABWxnNRdbGc1FFl46oXWXjqiaWSDBubh//9k=',
  '/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAQCwwODAoQDg0OEhEQExgoGhgWFhgxIyUdKDozPTw5Mzg3QEhcTkBEV0U3OFBtUVdfYmdoZz5NcXlwZHhcZWdj/8AAFAgADAAQBEMRAE0RAFkRAEsRAP/EABgAAAMBAQAAAAAAAAAAAAAAAAAGBwMF/8QAHxAAAQMDBQAAAAAAAAAAAAAAAAMEIQIFQhQVMVJi/9oADgRDAE0AWQBLAAA/AF2yYnE2HwLrJnxBQCgWTENh8DAyZ8QBP7JiUTRo9TJklREAUCyYho0eowMkqIgD/9k=',
].map(base64 => Buffer.from(base64!, 'base64'));

test('JPEG files of Pillow have the pixels that it decodes, in colour and in inks', async () => {
  // Image.open(file).convert('RGB').resize((3, 2), BILINEAR); the second is the first in CMYK
  const colour = await decodePicture(SMOOTH!, to(3, 2));
  assert.deepEqual(
    [...colour.data],
    [46, 67, 48, 122, 67, 87, 198, 67, 127, 49, 162, 85, 125, 162, 125, 202, 162, 165],
  );
  const inks = await decodePicture(INKS!, to(3, 2));
  assert.deepEqual([...inks.data], [47, 66, 50, 124, 66, 89, 201, 66, 127, 47, 163, 89, 124, 163, 127, 201, 163, 165]);
});

/** Where the pixel that is shown at (x, y) is stored in a picture of 5 x 3, by EXIF's orientation: EXIF 2.3, 4.6.4. */
const TURNS: readonly (readonly [orientation: number, stored: (x: number, y: number) => readonly [number, number]])[] =
  [
    [1, (x, y) => [x, y]],
    [2, (x, y) => [4 - x, y]],
    [3, (x, y) => [4 - x, 2 - y]],
    [4, (x, y) => [x, 2 - y]],
    [5, (x, y) => [y, x]],
    [6, (x, y) => [y, 2 - x]],
    [7, (x, y) => [4 - y, 2 - x]],
    [8, (x, y) => [4 - y, x]],
  ];

test('a picture is turned as its EXIF data says', async () => {
  const value = (x: number, y: number, channel: number): number => x * 40 + y * 10 + channel;
  for (const [orientation, stored] of TURNS) {
    const [width, height] = orientation < 5 ? [5, 3] : [3, 5];
    const expected = draw(width, height, 3, (x, y, channel) => value(...stored(x, y), channel));
    const kept = file(draw(5, 3, 3, value)).withMetadata({ orientation });
    for (const [name, bytes] of [
      ['PNG', await kept.clone().png().toBuffer()],
      ['TIFF', await kept.clone().tiff({ compression: 'none' }).toBuffer()],
      ['WebP', await kept.clone().webp({ lossless: true }).toBuffer()],
    ] as const) {
      const picture = await decodePicture(bytes, AS_IS);
      assert.deepEqual([picture.width, picture.height], [width, height], `${name} ${orientation}`);
      assert.deepEqual([...picture.data], [...expected.data], `${name} ${orientation}`);
      assert.deepEqual(picture.source, { width, height });
    }
  }
});

test('what is see-through is dropped as stored, or put on the background', async () => {
  const seeThrough = draw(9, 7, 4, (x, y, channel) => (channel === 3 ? (x * 30) % 256 : x * 20 + y * 5 + channel * 30));
  const colours = draw(9, 7, 3, (x, y, channel) => x * 20 + y * 5 + channel * 30);
  for (const wanted of [AS_IS, to(4, 3), to(4, 3, { kernel: 'bicubic' })]) {
    const expected = resizePixels(colours, wanted);
    for (const bytes of [
      await file(seeThrough).png().toBuffer(),
      await file(seeThrough).webp({ lossless: true, exact: true }).toBuffer(),
      await file(seeThrough).tiff({ compression: 'lzw' }).toBuffer(),
    ]) {
      assert.deepEqual([...(await decodePicture(bytes, wanted)).data], [...expected.data]);
    }
    assert.deepEqual([...resizePixels(seeThrough, wanted).data], [...expected.data]);
  }
  const blended = await decodePicture(await file(seeThrough).png().toBuffer(), { ...AS_IS, alpha: 'blend' });
  const mixed = draw(9, 7, 3, (x, y, channel) => {
    const alpha = ((x * 30) % 256) / 255;
    return Math.round((x * 20 + y * 5 + channel * 30) * alpha + AS_IS.background[channel]! * (1 - alpha));
  });
  assert.deepEqual([...blended.data], [...mixed.data]);
  const opaque = await decodePicture(await file(colours).png().toBuffer(), { ...AS_IS, alpha: 'blend' });
  assert.deepEqual([...opaque.data], [...colours.data]);
});

test('of 16 bits the upper eight are kept, in colour and in grey', async () => {
  const deep = (channels: number): Uint8Array => {
    const lines = Buffer.alloc(4 * (1 + 6 * channels * 2));
    for (let y = 0; y < 4; y++) {
      const line = y * (1 + 6 * channels * 2) + 1;
      for (let at = 0; at < 6 * channels; at++)
        lines.writeUInt16BE(((y * 6 * channels + at) * 907) % 65_536, line + at * 2);
    }
    return lines;
  };
  const colour = await decodePicture(pngOf(6, 4, deep(3), 16, 2), AS_IS);
  assert.deepEqual(
    [...colour.data],
    Array.from({ length: 72 }, (_, at) => ((at * 907) % 65_536) >> 8),
  );
  const grey = await decodePicture(pngOf(6, 4, deep(1), 16, 0), AS_IS);
  assert.deepEqual(
    [...grey.data],
    Array.from({ length: 72 }, (_, at) => ((Math.floor(at / 3) * 907) % 65_536) >> 8),
  );
});

test('grey, palettes, and the first of several frames and pages', async () => {
  const grey = draw(7, 5, 1, (x, y) => x * 30 + y * 7);
  const wide = draw(7, 5, 3, (x, y) => x * 30 + y * 7);
  for (const kind of ['png', 'tiff', 'gif'] as const) {
    const bytes = await file(grey)
      .toColourspace('b-w')
      .toFormat(kind, kind === 'tiff' ? { compression: 'none' } : {})
      .toBuffer();
    assert.deepEqual([...(await decodePicture(bytes, AS_IS)).data], [...wide.data], kind);
    assert.deepEqual([...(await decodePicture(bytes, { ...AS_IS, channels: 'grey' })).data], [...grey.data], kind);
  }
  const four = draw(
    6,
    6,
    3,
    (x, y, channel) =>
      [
        [255, 0, 0],
        [0, 255, 0],
        [0, 0, 255],
        [90, 80, 70],
      ][(x >> 2) + 2 * (y >> 2)]![channel]!,
  );
  const palette = await file(four).png({ palette: true, dither: 0 }).toBuffer();
  assert.deepEqual([...(await decodePicture(palette, AS_IS)).data], [...four.data]);
  // Two frames of 6 x 6, one below the other.
  const two = draw(6, 12, 3, (_, y, channel) => (y < 6 ? [200, 100, 50] : [1, 2, 3])[channel]!);
  const stack = sharp(two.data, { raw: { width: 6, height: 12, channels: 3, pageHeight: 6 } });
  for (const bytes of [await stack.clone().gif().toBuffer(), await stack.clone().webp({ lossless: true }).toBuffer()]) {
    const first = await decodePicture(bytes, AS_IS);
    assert.deepEqual([first.width, first.height, ...first.data.subarray(0, 3)], [6, 6, 200, 100, 50]);
  }
});

test('a colour profile changes nothing', async () => {
  const plain = await file(pattern()).png().toBuffer();
  const profiled = await file(pattern()).withIccProfile('p3', { attach: true }).png().toBuffer();
  const { icc } = await sharp(profiled).metadata();
  assert.ok(icc !== undefined && icc.length > 0);
  const stored = await sharp(profiled, { ignoreIcc: true }).raw().toBuffer();
  assert.deepEqual([...(await decodePicture(profiled, AS_IS)).data], [...stored]);
  assert.notDeepEqual(stored, await sharp(plain).raw().toBuffer());
});

test('AVIF is decoded', async () => {
  const flat = draw(24, 16, 3, (_x, _y, channel) => [200, 100, 50][channel]!);
  const { data, width, height } = await decodePicture(await file(flat).avif({ quality: 90 }).toBuffer(), AS_IS);
  assert.deepEqual([width, height], [24, 16]);
  assert.ok(data.every((value, at) => Math.abs(value - flat.data[at]!) <= 3));
});

test('a letterbox is filled with the background', () => {
  const white = draw(20, 10, 3, () => 255);
  const { data, place } = resizePixels(white, { ...AS_IS, width: 8, height: 7, resize: 'letterbox' });
  // 8 x 4 of the picture, three lines free: one above and two below.
  const line = (y: number): readonly number[] => [...data.subarray(y * 24, (y + 1) * 24)];
  const free = Array.from({ length: 24 }, (_, at) => [10, 20, 30][at % 3]!);
  const full = Array.from({ length: 24 }, () => 255);
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6].map(line), [free, full, full, full, full, free, free]);
  assert.deepEqual(place, { scaleX: 0.4, scaleY: 0.4, left: 0, top: 1 });
  const grey = resizePixels(white, { ...AS_IS, width: 8, height: 7, resize: 'letterbox', channels: 'grey' });
  // 0.299 * 10 + 0.587 * 20 + 0.114 * 30
  assert.equal(grey.data[0], 18);
});

const refused = (reason: RegExp) => (error: unknown) =>
  error instanceof Error && error.name === 'PictureError' && reason.test(error.message);

test('a picture that is cut off is refused, wherever it is cut', async () => {
  const picture = file(pattern(64, 48));
  const files = {
    jpeg: await picture.clone().jpeg().toBuffer(),
    png: await picture.clone().png().toBuffer(),
    gif: await picture.clone().gif().toBuffer(),
    webp: await picture.clone().webp().toBuffer(),
    tiff: await picture.clone().tiff({ compression: 'lzw' }).toBuffer(),
    avif: await picture.clone().avif().toBuffer(),
  };
  for (const [name, bytes] of Object.entries(files)) {
    for (const share of [0.99, 0.9, 0.5, 0.25, 0.1]) {
      const cut = bytes.subarray(0, Math.floor(bytes.length * share));
      await assert.rejects(decodePicture(cut, AS_IS), refused(/^the picture is cut off$/), `${name} ${share}`);
    }
    await decodePicture(bytes, AS_IS);
  }
});

test('what is no picture is refused with what it is', async () => {
  const reasons: readonly (readonly [content: string | Uint8Array, reason: RegExp])[] = [
    ['', /^the content is empty$/],
    ['<html><body>404</body></html>', /^the content is not a picture \(it begins with '<htm'\)$/],
    ['just text', /^the content is not a picture \(it begins with 'just'\)$/],
    [Uint8Array.of(0, 1, 2, 3, 4), /^the content is not a picture \(it begins with bytes 00 01 02 03\)$/],
    ['%PDF-1.7\n', /^the content is a PDF document, which is not decoded; JPEG, PNG/],
    ['<svg xmlns="http://www.w3.org/2000/svg"/>', /^the content is an SVG drawing/],
    ['<?xml version="1.0"?><svg/>', /^the content is an SVG drawing/],
    [Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'), /^the content is a HEIC picture/],
  ];
  for (const [content, reason] of reasons) {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    await assert.rejects(decodePicture(bytes, AS_IS), refused(reason), String(reason));
  }
});

test('a bomb is refused before it is decoded', async () => {
  // 50 000 x 50 000 grey pixels of zeros: of the picture's 2.5 GB nothing is made, and of its lines there are few.
  const bomb = pngOf(50_000, 50_000, new Uint8Array(1 << 20), 8, 0);
  await assert.rejects(
    decodePicture(bomb, { ...to(224, 224), maxPixels: 100_000_000 }),
    refused(/^the picture has 2500000000 pixels, more than the limit of 100000000$/),
  );
  const thin = pngOf(1, 2_000_000, new Uint8Array(4_000_000), 8, 0);
  await assert.rejects(
    decodePicture(thin, { ...to(224, 224), maxPixels: 10_000_000 }),
    refused(/a side has 1000000 at most/),
  );
  const long = draw(1, 30_000, 3, () => 9);
  await assert.rejects(async () => resizePixels(long, to(224, 224)), refused(/too long and thin/));
  const wide = { ...AS_IS, resize: 'shorter', shorterSide: 224 } as const;
  await assert.rejects(
    async () =>
      resizePixels(
        draw(30_000, 1, 3, () => 9),
        wide,
      ),
    refused(/would become 6720000 x 224/),
  );
  await assert.rejects(async () => resizePixels(pattern(), { ...AS_IS, maxPixels: 767 }), refused(/has 768 pixels/));
});

test('content counts, not the name: the photographs of the fixtures', { skip: fixtures === undefined }, async () => {
  for (const name of ['cat.jpg', 'kitten.png']) {
    const picture = await decodePicture(readFileSync(fixture('images', 'imagenet', name)), to(224, 224));
    assert.equal(picture.data.length, 224 * 224 * 3);
  }
});
