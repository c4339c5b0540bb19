import assert from 'node:assert/strict';
import { test } from 'node:test';
import stringWidth from 'string-width';
import type { Row } from '../../src/frame/engine.js';
import { Schema } from '../../src/frame/schema.js';
import { formatBytes, formatTable, formatValue, type ShowOptions } from '../../src/frame/show.js';
import type { DataType } from '../../src/frame/types.js';
import { greyPng } from '../support/pictures.js';

const STRING: DataType = { kind: 'string' };
const FLOAT: DataType = { kind: 'float64' };

function show(
  types: Readonly<Record<string, DataType>>,
  rows: readonly Row[],
  options: ShowOptions & { readonly more?: boolean } = {},
): readonly string[] {
  const schema = new Schema(Object.entries(types).map(([name, type]) => ({ name, type })));
  return formatTable(schema, rows, options).split('\n');
}

test('text stands to the left, numbers to the right, under their names', () => {
  const lines = show({ cut: STRING, n: { kind: 'int32' } }, [
    { cut: 'Ideal', n: 7 },
    { cut: 'Fair', n: 12345 },
  ]);
  assert.deepEqual(lines, [
    '┌───────┬───────┐',
    '│ cut   │     n │',
    '├───────┼───────┤',
    '│ Ideal │     7 │',
    '│ Fair  │ 12345 │',
    '└───────┴───────┘',
  ]);
});

test('a table of wide characters is straight', () => {
  for (const text of ['日本語', '한글', '👍🏽', '👨‍👩‍👧', 'é', 'e\u0301', '🇩🇪', 'ﾊﾝｶｸ', 'Ελλάδα', '\u{1F600}x']) {
    const lines = show({ a: STRING, b: STRING }, [
      { a: text, b: 'x' },
      { a: 'plain', b: text },
    ]);
    const widths = new Set(lines.map(line => stringWidth(line)));
    assert.equal(widths.size, 1, `${text}: ${[...widths]}`);
  }
});

test('a value cannot command the terminal, break the line or turn it around', () => {
  const evil = 'a\u001b[31mred\u001b[0m\u0007\u0000\u009b2J\u007f\u202eevil\u2066\u2028end';
  const lines = show(
    { ['n\u001b[2Jame']: STRING },
    [{ ['n\u001b[2Jame']: evil }, { ['n\u001b[2Jame']: 'a\nb\tc\rd' }],
    {
      maxWidth: 0,
    },
  );
  assert.equal(lines.length, 6);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  assert.doesNotMatch(lines.join(''), /[\u0000-\u001f\u007f-\u009f\u2028\u202e\u2066]/);
  assert.match(lines[3]!, /a·\[31mred·\[0m···2J··evil··end/);
  assert.match(lines[4]!, /a⏎b⇥c·d/);
  assert.equal(new Set(lines.map(line => stringWidth(line))).size, 1);
  assert.equal(formatValue(['\u001b'], { kind: 'list', element: STRING }), '[·]');
  assert.equal(formatValue({ '\u001b': '\u001b' }, STRING), '{·: ·}');
});

test('a long value ends in an ellipsis', () => {
  assert.match(show({ a: STRING }, [{ a: 'x'.repeat(41) }])[3]!, new RegExp(`^│ ${'x'.repeat(39)}… │$`));
  assert.match(show({ a: STRING }, [{ a: 'x'.repeat(40) }])[3]!, new RegExp(`^│ ${'x'.repeat(40)} │$`));
  assert.match(show({ a: STRING }, [{ a: '日本語日本語' }], { maxWidth: 6 })[3]!, /^│ 日本… │$/);
  assert.match(show({ a: STRING }, [{ a: 'x'.repeat(99) }], { maxWidth: 0 })[3]!, /x{99} /);
  assert.match(show({ ['y'.repeat(50)]: STRING }, [], {})[1]!, /^│ y{39}… │$/);
});

test('values are shown as a person reads them', () => {
  const utc: DataType = { kind: 'timestamp', unit: 'us', zone: true };
  const table: readonly (readonly [unknown, DataType, string])[] = [
    [null, FLOAT, 'null'],
    [undefined, FLOAT, 'null'],
    [true, { kind: 'boolean' }, 'true'],
    [12345678901234567890n, { kind: 'uint64' }, '12345678901234567890'],
    [0.1 + 0.2, FLOAT, '0.3'],
    [1 / 3, FLOAT, '0.333333'],
    [-2.5e-7, FLOAT, '-2.5e-7'],
    [1234567.8, FLOAT, '1234567.8'],
    [-99999999.25, FLOAT, '-99999999.3'],
    [1e21, FLOAT, '1e+21'],
    [3, FLOAT, '3'],
    [-0, FLOAT, '0'],
    [Number.NaN, FLOAT, 'NaN'],
    [Number.NEGATIVE_INFINITY, FLOAT, '-Infinity'],
    [new Uint8Array(512), { kind: 'binary' }, '<512 B>'],
    [new Uint8Array(1536), { kind: 'binary' }, '<1.5 KB>'],
    [greyPng(40, 30, 0), { kind: 'binary' }, `<PNG 40x30, ${greyPng(40, 30, 0).length} B>`],
    [new Date('2024-02-29T00:00:00Z'), { kind: 'date' }, '2024-02-29'],
    [new Date('2024-02-29T12:30:00Z'), utc, '2024-02-29 12:30:00'],
    [new Date('2024-02-29T12:30:00.125Z'), utc, '2024-02-29 12:30:00.125'],
    [new Date(Date.UTC(12345, 0, 2)), { kind: 'date' }, '+012345-01-02'],
    [new Date(Date.UTC(-43, 2, 15)), utc, '-000043-03-15 00:00:00'],
    [new Date(Number.NaN), utc, 'out of range'],
    [[1, null, 0.25], { kind: 'list', element: FLOAT }, '[1, null, 0.25]'],
    [[], { kind: 'list', element: FLOAT }, '[]'],
    [
      Array.from({ length: 1000 }, () => 1),
      { kind: 'list', element: FLOAT },
      '[1, 1, 1, 1, 1, 1, 1, 1, … 1000 in all]',
    ],
    [[[1], [2, 3]], { kind: 'list', element: { kind: 'list', element: FLOAT } }, '[[1], [2, 3]]'],
    [
      { label: 'cat', at: new Date('2024-01-01T00:00:00Z') },
      {
        kind: 'struct',
        fields: [
          { name: 'label', type: STRING },
          { name: 'at', type: { kind: 'date' } },
        ],
      },
      '{label: cat, at: 2024-01-01}',
    ],
    [[{ key: 'k', value: 1 }], { kind: 'map', key: STRING, value: FLOAT }, '[{key: k, value: 1}]'],
  ];
  for (const [value, type, text] of table) assert.equal(formatValue(value, type), text);
});

test('a table says where it ends', () => {
  assert.equal(show({ a: STRING }, []).at(-1), 'no rows');
  assert.equal(show({ a: STRING }, [{ a: 'x' }], { more: true }).at(-1), 'the first 1 rows');
  assert.equal(show({ a: STRING }, [{ a: 'x' }]).at(-1), '└───┘');
});

test('a great many rows can be shown', () => {
  const rows = Array.from({ length: 200_000 }, (_, n) => ({ n }));
  assert.equal(show({ n: { kind: 'int32' } }, rows).length, 200_004);
});

test('sizes have units of 1024', () => {
  assert.deepEqual([0, 1023, 1024, 1536, 2 ** 20, 2 ** 31, 2 ** 60].map(formatBytes), [
    '0 B',
    '1023 B',
    '1.0 KB',
    '1.5 KB',
    '1.0 MB',
    '2.0 GB',
    '1048576.0 TB',
  ]);
});

test('megabytes of text are shown in no time', () => {
  const started = performance.now();
  for (const text of ['x'.repeat(3e6), '日é'.repeat(1e5), '\u0301'.repeat(1e5), '\u001b['.repeat(1e5)]) {
    for (const maxWidth of [40, 0]) {
      const lines = show({ a: STRING }, [{ a: text }], { maxWidth });
      assert.equal(lines.length, 5);
    }
  }
  assert.ok(performance.now() - started < 10_000, `${performance.now() - started} ms`);
});
