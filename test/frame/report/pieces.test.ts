import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BINS, binsOf } from '../../../src/frame/report/bins.js';
import { bar, shortened } from '../../../src/frame/report/charts.js';
import { chooseRows, shares } from '../../../src/frame/report/choose-rows.js';
import { formatNumber, formatScore, percent, plural } from '../../../src/frame/report/numbers.js';
import { pictureBlock, toBase64 } from '../../../src/frame/report/pictures.js';
import { embeddingLength, pictureFormat, predictionShape } from '../../../src/frame/report/shapes.js';
import { textBlock } from '../../../src/frame/report/texts.js';
import type { DataType } from '../../../src/frame/types.js';

test('bins cover what there is, and scores have the same bins everywhere', () => {
  assert.deepEqual(binsOf(0.2, 0.9, 'score'), { low: 0, high: 1, count: BINS, whole: false });
  assert.deepEqual(binsOf(3, 5, 'whole'), { low: 2.5, high: 5.5, count: 3, whole: true });
  assert.deepEqual(binsOf(0, 20, 'whole'), { low: 0, high: 20, count: BINS, whole: false });
  assert.equal(binsOf(-1.7e308, 1.7e308, 'real'), undefined);
  const number = fc.double({ min: -1e300, max: 1e300, noNaN: true });
  fc.assert(
    fc.property(number, number, (a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      const bins = binsOf(low, high, 'real')!;
      assert.ok(bins.low <= low && bins.high >= high && bins.low < bins.high && bins.count >= 1);
    }),
  );
});

test('rows are chosen once, at most so many, the same on every run', () => {
  const places = fc.uniqueArray(fc.integer({ min: 1, max: 300 }), { maxLength: 60 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 0, max: 120 }),
      places,
      places,
      (total, most, a, b) => {
        const within = (rows: readonly number[]): readonly number[] => rows.filter(row => row <= total);
        const found = { least: within(a), missing: within(b) };
        const chosen = chooseRows(total, most, found);
        const all = [...chosen.least, ...chosen.missing, ...chosen.sample];
        assert.equal(new Set(all).size, all.length);
        assert.equal(all.length, Math.min(total, most));
        assert.ok(all.every(row => Number.isInteger(row) && row >= 1 && row <= total));
        assert.deepEqual(chooseRows(total, most, found), chosen);
      },
    ),
  );
  assert.deepEqual(chooseRows(100, 4, { least: [], missing: [] }).sample, [13, 38, 63, 88]);
  assert.deepEqual(chooseRows(100, 4, { least: [38], missing: [63] }), {
    least: [38],
    missing: [63],
    sample: [26, 76],
  });
  assert.deepEqual(shares(60), { least: 24, missing: 12 });
});

test('numbers for people', () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '0'],
    [12345, '12,345'],
    [0.123456, '0.1235'],
    [1234.5, '1,235'],
    [1.2341e-7, '1.234e-7'],
    [1e20, '1e+20'],
    [Number.NaN, 'not a number'],
    [Number.NEGATIVE_INFINITY, '-infinity'],
  ];
  for (const [value, text] of cases) assert.equal(formatNumber(value), text);
  assert.deepEqual([0, 1, 0.5, 0.876, 0.99951, 0.0012, 1e-9].map(formatScore), [
    '0',
    '1',
    '0.50',
    '0.88',
    '0.9995',
    '0.0012',
    '1e-9',
  ]);
  assert.deepEqual(
    [percent(0, 5), percent(5, 5), percent(1, 3), percent(1, 1e6), percent(99999, 1e5), percent(1, 0)],
    ['0 %', '100 %', '33 %', 'less than 0.1 %', '99.9 %', '0 %'],
  );
  assert.deepEqual([plural(1, 'row'), plural(2000, 'entity')], ['1 row', '2,000 entities']);
  assert.equal(shortened('a😀b😀c', 4), 'a😀b…');
  assert.match(bar(7).text, /width="100"/);
});

test('base 64 as Node writes it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), bytes =>
      assert.equal(toBase64(bytes), Buffer.from(bytes).toString('base64')),
    ),
  );
});

const FLOAT: DataType = { kind: 'float32' };
const TEXT: DataType = { kind: 'string' };
const INT: DataType = { kind: 'int32' };
const struct = (members: Readonly<Record<string, DataType>>): DataType => ({
  kind: 'struct',
  fields: Object.entries(members).map(([name, type]) => ({ name, type })),
});
const list = (element: DataType): DataType => ({ kind: 'list', element });

test('predictions are known by their types', () => {
  const box = struct({ x: FLOAT, y: FLOAT, width: FLOAT, height: FLOAT });
  const kindOf = (type: DataType): string | undefined => predictionShape(type)?.kind;
  assert.equal(kindOf(struct({ label: TEXT, score: FLOAT })), 'classification');
  assert.equal(kindOf(list(struct({ Label: TEXT, Score: FLOAT }))), 'classification');
  assert.equal(kindOf(list(struct({ label: INT, score: FLOAT }))), 'classification');
  assert.equal(kindOf(list(struct({ label: TEXT, score: FLOAT, box }))), 'detection');
  assert.equal(kindOf(list(struct({ label: TEXT, score: FLOAT, box: struct({ x: FLOAT }) }))), 'classification');
  assert.equal(kindOf(list(struct({ entity: TEXT, score: FLOAT, start: INT, end: INT }))), 'entities');
  for (const type of [
    struct({ label: TEXT }),
    struct({ label: FLOAT, score: FLOAT }),
    list(TEXT),
    TEXT,
    list(list(FLOAT)),
  ]) {
    assert.equal(kindOf(type), undefined);
  }
  assert.equal(embeddingLength({ kind: 'array', element: FLOAT, length: 512 }), 512);
  assert.equal(embeddingLength({ kind: 'array', element: FLOAT, length: 3 }), undefined);
  assert.equal(embeddingLength(list(TEXT)), undefined);
});

test('pictures are known by their first bytes', () => {
  const format = (text: string): string | undefined => pictureFormat(Buffer.from(text, 'latin1'));
  assert.deepEqual(
    ['\xff\xd8\xff\xe0', '\x89PNG\r\n\x1a\n', 'GIF89a', 'RIFF....WEBP', 'II*\0', 'MM\0*', '\0\0\0\x1cftypavif'].map(
      format,
    ),
    ['JPEG', 'PNG', 'GIF', 'WebP', 'TIFF', 'TIFF', 'AVIF'],
  );
  assert.deepEqual(['', '<svg', 'RIFF....WAVE', 'PK\x03\x04'].map(format), [
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test('entities are marked where they are, and spans that cannot be are left out', () => {
  const text = 'Ada met Bob.';
  const span = (start: number, end: number, label: string, own?: string) => ({ start, end, label, text: own });
  const marked = (entities: readonly ReturnType<typeof span>[], of = text): string =>
    textBlock({ column: 'c', text: of, length: [...of].length, entities }, 600).text.replace(/<\/?p[^>]*>/g, '');
  assert.equal(marked([span(8, 11, 'B'), span(0, 3, 'A')]), '<mark>Ada <b>A</b></mark> met <mark>Bob <b>B</b></mark>.');
  for (const wrong of [span(3, 3, 'x'), span(-1, 3, 'x'), span(5, 99, 'x'), span(0.5, 3, 'x'), span(5, 2, 'x')]) {
    assert.equal(marked([wrong]), text);
  }
  assert.equal(marked([span(0, 7, 'A'), span(4, 11, 'B')]), '<mark>Ada met <b>A</b></mark> Bob.');
  // One emoji is one character, and two units of UTF-16.
  assert.equal(marked([span(2, 5, 'P')], '😀 Ada'), '😀 <mark>Ada <b>P</b></mark>');
  assert.equal(marked([span(3, 6, 'P', 'Ada')], '😀 Ada'), '😀 <mark>Ada <b>P</b></mark>');
});

test('boxes are drawn in the coordinates of the source', () => {
  const picture = { column: 'c', image: { bytes: new Uint8Array(3), width: 640, height: 480 }, problem: undefined };
  const box = { label: 'cat', score: 0.9, x: 64, y: 48, width: 320, height: 240 };
  const { text } = pictureBlock(picture, 7, { labels: [], boxes: [box] });
  assert.match(text, /<img [^>]*width="160" height="120" alt="Row 7, found: cat 0.90"/);
  assert.match(
    text,
    /viewBox="0 0 640 480".*<rect class="k0" x="64" y="48" width="320" height="240"><title>cat 0.90<\/title>/,
  );
});
