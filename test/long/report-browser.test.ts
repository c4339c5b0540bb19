import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type DataFrame, type InframeSession, sql } from '../../src/index.js';
import { Browser, chromium } from '../support/browser.js';
import { fixture, fixtures } from '../support/fixtures.js';
import { openSession, temporaryFolder } from '../support/sessions.js';

/*
 * Reports in a real browser: `npm run compile && node scripts/test.mjs long/report-browser`. With REPORT_PICTURES=folder it
 * leaves pictures of the pages there, to be looked at.
 */

const skip =
  chromium === undefined ? 'Chromium is not here' : fixtures === undefined ? 'the fixtures are not here' : false;

/** The photographs with made-up predictions, and a few files that are no pictures. */
function photographs(session: InframeSession): DataFrame {
  const folders = ['imagenet', 'pets/cat', 'pets/dog'];
  const files = folders.flatMap(folder =>
    readdirSync(fixture('images', folder))
      .sort()
      .slice(0, 30)
      .map(name => `${folder}/${name}`),
  );
  const rows = files.map((path, at) => {
    const bytes = new Uint8Array(readFileSync(fixture('images', path)));
    const image = at === 20 ? new Uint8Array() : at === 33 ? bytes.subarray(0, 3000) : at === 40 ? null : bytes;
    return { path, image, place: at };
  });
  return session.fromRows(rows).withColumns({
    what: sql(`CASE WHEN place % 17 = 5 THEN NULL ELSE list_transform(
      [0.5 + place / 140, 0.25 - place / 280, 0.1], (s, i) -> {
        'label': ['tabby cat', 'Siberian husky', 'Egyptian cat', '<b onclick="alert(1)">'][1 + ((place + i) % 4)::INTEGER],
        'score': s::FLOAT}) END`),
    species: sql("CASE WHEN path LIKE '%cat%' OR path LIKE '%kitten%' THEN 'cat' ELSE 'dog' END"),
  });
}

/** One of each kind of page. */
function frames(session: InframeSession): Readonly<Record<string, DataFrame>> {
  const objects = sql(`list_slice([
    {'label': 'cat', 'score': 0.92, 'box': {'x': 40.0, 'y': 50.0, 'width': 200.0, 'height': 180.0}},
    {'label': 'dog', 'score': 0.5, 'box': {'x': 140.0, 'y': 10.0, 'width': 150.0, 'height': 280.0}}], 1, (place % 3)::INTEGER)`);
  return {
    photographs: photographs(session),
    objects: photographs(session).limit(20).drop('what').withColumn('objects', objects),
    flights: session.sql(`SELECT i AS id, (i * 7919 % 10000) / 10000.0 AS risk, i * 7919 % 2400 AS distance,
      ['BOS', 'JFK', 'LAX'][1 + i % 3] AS origin, DATE '2024-01-01' + (i % 365)::INTEGER AS day FROM range(10000) t(i)`),
    messages: session.sql(`SELECT 'Ada met Bob in Paris, ' || repeat('and then ', 20 + i * 10) AS message,
      [{'label': 'PER', 'start': 0, 'end': 3}, {'label': 'PER', 'start': 8, 'end': 11}, {'label': 'LOC', 'start': 15, 'end': 20}] AS names
      FROM range(12) t(i)`),
  };
}

async function openBrowser(t: TestContext): Promise<Browser> {
  const browser = await Browser.open(chromium!);
  t.after(() => browser.close());
  return browser;
}

test('pages are whole in every width and on light and dark, and nothing is blocked or fetched', { skip }, async t => {
  const session = await openSession(t);
  const folder = temporaryFolder(t);
  const browser = await openBrowser(t);
  const pictures = process.env['REPORT_PICTURES'];
  if (pictures !== undefined) mkdirSync(pictures, { recursive: true });
  for (const [name, frame] of Object.entries(frames(session))) {
    const path = join(folder, `${name}.html`);
    const { shownRows } = await frame.report(path, { title: name });
    const backgrounds: string[] = [];
    for (const [width, scheme] of [
      [1280, 'light'],
      [1280, 'dark'],
      [390, 'light'],
      [390, 'dark'],
    ] as const) {
      await browser.look(width, scheme);
      await browser.go(pathToFileURL(path).href);
      const where = `${name} ${width} ${scheme}`;
      const wide = await browser.ask<number>('document.documentElement.scrollWidth');
      assert.ok(wide <= width, `${where}: the page is ${wide} wide`);
      assert.equal(await browser.ask<number>("document.querySelectorAll('.card').length"), shownRows, where);
      const broken = await browser.ask<number>(
        'Promise.all([...document.images].map(i => i.decode().then(() => 0, () => 1))).then(all => all.reduce((a, b) => a + b, 0))',
      );
      assert.equal(broken, 0, where);
      backgrounds.push(await browser.ask<string>('getComputedStyle(document.body).backgroundColor'));
      // Text is to be told from what it stands on: 4.5 is WCAG 2.2's contrast for text (success criterion 1.4.3).
      const contrast = await browser.ask<number>(CONTRAST);
      assert.ok(contrast >= 4.5, `${where}: contrast ${contrast}`);
      if (pictures !== undefined)
        writeFileSync(join(pictures, `${name}-${width}-${scheme}.png`), await browser.picture());
    }
    assert.deepEqual(backgrounds, [backgrounds[0], backgrounds[1], backgrounds[0], backgrounds[1]]);
    assert.notEqual(backgrounds[0], backgrounds[1]);
  }
  assert.deepEqual(browser.complaints, []);
  assert.deepEqual(
    browser.requests.filter(url => !/^(file|data):/.test(url)),
    [],
  );
});

/** The least contrast of a text with what lies under it (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio). */
const CONTRAST = `(() => {
  const parse = text => text.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const under = element => {
    for (let each = element; each; each = each.parentElement) {
      const color = parse(getComputedStyle(each).backgroundColor);
      if (color.length < 4 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  let least = 21;
  for (const element of document.querySelectorAll('body *')) {
    if (![...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim() !== '')) continue;
    if (element instanceof SVGElement) continue;
    const [a, b] = [luminance(parse(getComputedStyle(element).color)), luminance(under(element))].sort((x, y) => y - x);
    least = Math.min(least, (a + 0.05) / (b + 0.05));
  }
  return least;
})()`;

test('rows are filtered by label, with the keyboard alone and without a script', { skip }, async t => {
  const session = await openSession(t);
  const path = join(temporaryFolder(t), 'report.html');
  await photographs(session).report(path);
  const browser = await openBrowser(t);
  await browser.look(1280, 'light');
  await browser.go(pathToFileURL(path).href);
  const visible = (): Promise<number> =>
    browser.ask<number>("[...document.querySelectorAll('.card')].filter(c => c.checkVisibility()).length");
  const said = (): Promise<string> =>
    browser.ask<string>("document.querySelector('input:checked + label').textContent");
  const all = await visible();
  const count = await browser.ask<number>("document.querySelectorAll('input[name=label]').length");
  assert.equal(count, 5);
  // Tab goes to the choice; the arrows choose.
  for (let tries = 0; tries < 20; tries++) {
    if (await browser.ask<boolean>("document.activeElement.id === 'all'")) break;
    await browser.press('Tab', 9);
  }
  let sum = 0;
  for (let choice = 1; choice < count; choice++) {
    await browser.press('ArrowRight', 39);
    const [, rows] = /(\d+)$/.exec(await said())!;
    assert.equal(await visible(), Number(rows));
    sum += Number(rows);
  }
  // Rows without a prediction have no label.
  assert.equal(
    sum,
    all - (await browser.ask<number>("document.querySelectorAll('#group-missing ~ .cards .card').length")),
  );
  assert.equal(await browser.ask<number>("document.querySelectorAll('b[onclick], script').length"), 0);
  assert.deepEqual(browser.complaints, []);
});
