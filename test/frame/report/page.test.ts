import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { renderPage } from '../../../src/frame/report/page.js';
import { COLOURS } from '../../../src/frame/report/pictures.js';
import { MOST_FILTERS } from '../../../src/frame/report/rows-section.js';
import { STYLE, STYLE_HASH } from '../../../src/frame/report/style.js';
import { readMarkup } from './markup.js';
import { everything, ofRows, rowWith } from './pages.js';

const EVIL = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style><script>alert(1)</script>',
  '--><svg onload=alert(1)>',
  '&lt;b&gt; &amp; javascript:alert(1)',
  'a\0b\u202ec\ud800',
  ']]>{{x}}{y}`',
];

test('nothing that comes from a table becomes markup', () => {
  for (const evil of EVIL) {
    const { tags, attributes, text } = readMarkup(renderPage(everything(at => `${evil}${at}`)).html);
    assert.ok(!tags.includes('script'));
    assert.deepEqual(
      attributes.filter(([name, value]) => name === 'src' && !/^data:image\/jpeg;base64,[A-Za-z0-9+/=]*$/.test(value)),
      [],
    );
    // It is shown as what it is.
    if (!evil.includes('\0')) assert.ok(text.includes(evil));
  }
});

test('whatever the texts are, the page is markup of ours, well nested', () => {
  const any = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...EVIL)), {
    minLength: 1,
    maxLength: 20,
  });
  fc.assert(
    fc.property(any, texts => {
      readMarkup(renderPage(everything(at => texts[at % texts.length]!)).html);
    }),
    { numRuns: 200 },
  );
});

test('only the stylesheet of ours comes into effect, and nothing is fetched', () => {
  const hash = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`;
  assert.equal(STYLE_HASH, hash, `STYLE_HASH in style.ts must be '${hash}'`);
  const { html } = renderPage(everything(String));
  assert.ok(html.includes(`<style>${STYLE}</style>`));
  assert.ok(
    html.includes(
      `content="default-src 'none'; img-src data:; style-src '${hash}'; base-uri 'none'; form-action 'none'"`,
    ),
  );
  assert.doesNotMatch(html, /https?:|\/\/|url\(|@import|<link|<script|style="/);
});

test('the stylesheet has a rule for each filter and each colour', () => {
  for (let at = 0; at < MOST_FILTERS; at++) assert.ok(STYLE.includes(`main:has(#f${at}:checked) .card:not(.l${at})`));
  assert.ok(!STYLE.includes(`#f${MOST_FILTERS}:`));
  for (let at = 0; at < COLOURS; at++) assert.ok(STYLE.includes(`.found .k${at}::before`));
});

test('a page has the parts that a person looks for, in order, each with a heading', () => {
  const { html, shownRows } = renderPage(everything(at => `t${at}`));
  assert.equal(shownRows, 4);
  const headings = [...html.matchAll(/<h([123])[^>]*>(.*?)<\/h\1>/g)].map(
    ([, level, text]) => `${level} ${text!.replace(/<[^>]*>/g, '')}`,
  );
  assert.deepEqual(headings.slice(1), [
    '2 Labels',
    '2 Numbers',
    '2 Rows',
    '3 Least certain 2 rows',
    '3 Without a prediction 1 row',
    '3 Sample 1 row',
    '2 Columns',
  ]);
  const { text, attributes } = readMarkup(html);
  for (const words of [
    '10 rows, 4 columns',
    '1 row could not be scored',
    '2 rows had a null',
    '2 other labels',
    '3 more columns',
  ]) {
    assert.ok(text.includes(words), words);
  }
  assert.ok(text.includes('no prediction') && text.includes('margin 0.25') && text.includes('9,000 characters in all'));
  // Every picture and every chart says in words what it shows.
  const images = html.match(/<img /g)!.length;
  assert.equal(attributes.filter(([name, value]) => name === 'alt' && value !== '').length, images);
  for (const chart of html.matchAll(/<svg class="histogram"[^>]*>/g))
    assert.match(chart[0], /role="img" aria-label="Histogram of /);
});

test('identifiers are unique, and labels belong to inputs that are there', () => {
  const { attributes } = readMarkup(renderPage(everything(at => `t${at}`)).html);
  const values = (name: string): string[] => attributes.filter(each => each[0] === name).map(([, value]) => value);
  assert.equal(new Set(values('id')).size, values('id').length);
  for (const id of [...values('for'), ...values('aria-labelledby')]) assert.ok(values('id').includes(id), id);
});

test('the same data gives the same page', () => {
  assert.equal(renderPage(everything(String)).html, renderPage(everything(String)).html);
});

test('a table without rows has a page, and so has one without anything to predict', () => {
  const { html, shownRows } = renderPage(ofRows([]));
  assert.equal(shownRows, 0);
  assert.ok(readMarkup(html).text.includes('0 rows'));
  assert.doesNotMatch(html, /NaN|undefined|null/);
});

test('without pictures and texts rows are a table, with numbers to the right', () => {
  const cells = [
    { column: 'carat', isNumber: true, value: '0.5' },
    { column: 'cut', isNumber: false, value: 'Ideal' },
  ];
  const { html } = renderPage(ofRows([rowWith({ cells })]));
  assert.ok(html.includes('<th scope="col" class="number">carat</th><th scope="col">cut</th>'));
  assert.ok(html.includes('<td class="number">0.5</td><td>Ideal</td>'));
});

test('a page has at most 16 million characters, and says what it leaves out', () => {
  const noise = { bytes: new Uint8Array(64 * 1024).fill(0xa5), width: 160, height: 160 };
  const worst = '&'.repeat(600);
  const rows = Array.from({ length: 500 }, (_, at) =>
    rowWith({
      row: at + 1,
      title: worst,
      pictures: [1, 2].map(() => ({ column: worst, image: noise, problem: undefined })),
      texts: [{ column: worst, text: worst, length: 1e6, entities: [] }],
      cells: Array.from({ length: 12 }, () => ({ column: worst, isNumber: false, value: worst })),
    }),
  );
  const { html, shownRows } = renderPage(ofRows(rows));
  assert.ok(html.length < 16_000_000, `${html.length} characters`);
  assert.ok(shownRows > 20 && shownRows < 500);
  assert.ok(readMarkup(html).text.includes(`${500 - shownRows} more rows would make this page too large`));
});

test('labels that rows are filtered by are the most frequent of those shown', () => {
  const rows = Array.from({ length: 200 }, (_, at) =>
    rowWith({
      row: at + 1,
      prediction: { labels: [{ label: `label ${at % 40 < 20 ? 0 : at % 40}`, score: 1 }], boxes: [] },
    }),
  );
  const { html } = renderPage(
    ofRows(rows, { prediction: { column: 'p', kind: 'label', missing: 0, measure: 'score' } }),
  );
  assert.equal(html.match(/<input type="radio"/g)!.length, MOST_FILTERS + 1);
  assert.ok(html.includes('<label for="f0">label 0 <span class="quiet">100</span></label>'));
  assert.equal(html.match(/<tr class="card l0">/g)!.length, 100);
});
