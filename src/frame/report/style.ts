/*
 * The stylesheet of reports. The page's security policy names it by its hash, so that no other style can come into effect;
 * a test says what the hash must be when this text changes.
 */

/** As many as `MOST_FILTERS`: the rules must stand in this text. */
const FILTERS = 16;

const filters = Array.from({ length: FILTERS }, (_, at) => `main:has(#f${at}:checked) .card:not(.l${at})`).join(',\n');

export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --surface: #fff; --ink: #1a1d23; --quiet: #5c6470; --line: #e1e4e9; --well: #eceef2;
  --accent: #2f62c9; --warn: #9a4a00; --warn-well: #fff3e3; --mark: #dfe9ff;
  --k0: #d6336c; --k1: #1c7ed6; --k2: #2b8a3e; --k3: #e8590c; --k4: #7048e8; --k5: #0c8599;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #13151a; --surface: #1c1f26; --ink: #e7e9ee; --quiet: #9aa3b0; --line: #2e333d; --well: #262a33;
    --accent: #7ea6f8; --warn: #ffb870; --warn-well: #33271a; --mark: #2a3c63;
    --k0: #ff8fb3; --k1: #74c0fc; --k2: #8ce99a; --k3: #ffa94d; --k4: #b197fc; --k5: #66d9e8;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.5rem clamp(.9rem, 3vw, 2.5rem) 3rem; max-width: 84rem; background: var(--page); color: var(--ink);
  font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  -webkit-text-size-adjust: 100%; overflow-wrap: anywhere; unicode-bidi: plaintext;
}
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0; letter-spacing: -.01em; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .8rem; }
h3 { font-size: 1rem; margin: 1.6rem 0 0; }
p { margin: .2rem 0; }
h3 + p { margin: 0 0 .7rem; font-size: .9rem; }
.quiet { color: var(--quiet); font-weight: 400; }
.none { color: var(--quiet); font-style: italic; }
code { font: .85em/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; color: var(--quiet); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .7rem; margin: 1.3rem 0 0; }
.tiles > div, .chart, article.card, .scroll { background: var(--surface); border: 1px solid var(--line); border-radius: 10px; }
.tiles > div { padding: .7rem .9rem; }
.tiles dt { color: var(--quiet); font-size: .85rem; }
.tiles dd { margin: 0; overflow-wrap: normal; }
.tiles b { font-size: 1.45rem; font-weight: 650; font-variant-numeric: tabular-nums; }
.note { background: var(--warn-well); color: var(--warn); border-radius: 10px; padding: .6rem .9rem; margin: 1rem 0 0; }
.note ul { margin: .3rem 0; padding-left: 1.2rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 27rem), 1fr)); gap: .9rem; align-items: start; }
.charts.small { grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); }
.chart { margin: 0; padding: .8rem .95rem; min-width: 0; }
.chart figcaption { margin-bottom: .5rem; }
.facts { font-size: .82rem; }
.chart .scroll { border: 0; border-radius: 0; }
.histogram { display: block; width: 100%; height: 5rem; border-bottom: 1px solid var(--line); }
.histogram rect, .bar rect { fill: var(--accent); }
.histogram .hit { fill: transparent; }
.histogram g:hover .hit { fill: var(--well); }
.axis { display: flex; justify-content: space-between; gap: .5rem; font-size: .8rem; margin-top: .3rem; font-variant-numeric: tabular-nums; }
.bar { display: block; width: 100%; height: 6px; border-radius: 3px; background: var(--well); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; padding: .42rem .7rem; border-top: 1px solid var(--line); vertical-align: top; font-weight: 400; overflow-wrap: break-word; }
thead th { border-top: 0; color: var(--quiet); font-size: .82rem; white-space: nowrap; }
tbody th { font-weight: 550; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.columns td:nth-child(2) { min-width: 7rem; max-width: 26rem; }
.columns td:last-child { min-width: 12rem; }
td code { overflow-wrap: break-word; }
.bars th, .bars td { padding: .2rem .45rem; border: 0; vertical-align: middle; }
.bars tbody th { min-width: 6.5rem; max-width: 14rem; font-weight: 400; }
.bars .wide { width: 45%; min-width: 4rem; }
.bars th:first-child { padding-left: 0; }
.rows td { max-width: 22rem; min-width: 4rem; }
.rows .predicted { min-width: 8rem; }
.filters { display: none; border: 0; margin: 0 0 .3rem; padding: 0; gap: .4rem; flex-wrap: wrap; align-items: center; }
@supports selector(:has(*)) { .filters { display: flex; } }
.filters legend { float: left; padding: 0 .3rem 0 0; color: var(--quiet); font-size: .9rem; }
.filters span { position: relative; }
.filters input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: pointer; }
.filters label {
  display: block; padding: .2rem .7rem; border: 1px solid var(--line); border-radius: 99px; background: var(--surface); font-size: .9rem;
}
.filters input:checked + label { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
.filters input:focus-visible + label { outline: 2px solid var(--accent); outline-offset: 2px; }
${filters} { display: none; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 14.5rem), 1fr)); gap: .9rem; }
.cards.texts { grid-template-columns: repeat(auto-fill, minmax(min(100%, 22rem), 1fr)); align-items: start; }
article.card { overflow: hidden; display: flex; flex-direction: column; min-width: 0; }
.body { padding: .7rem .85rem .75rem; display: flex; flex-direction: column; gap: .5rem; flex: 1; min-width: 0; }
.picture { background: var(--well); height: 176px; padding: 8px; display: grid; place-items: center; }
.picture + .picture { border-top: 1px solid var(--line); }
.frame { position: relative; line-height: 0; }
.frame img { display: block; border-radius: 4px; max-width: 100%; }
.boxes { position: absolute; inset: 0; width: 100%; height: 100%; overflow: hidden; }
.boxes rect { fill: none; stroke-width: 2px; vector-effect: non-scaling-stroke; pointer-events: all; }
.missing { color: var(--quiet); text-align: center; font-size: .85rem; line-height: 1.35; }
.missing > div { max-width: 100%; max-height: 160px; overflow: hidden; }
.missing svg { width: 2.2rem; height: 2.2rem; fill: none; stroke: currentColor; stroke-width: 1.2; stroke-linejoin: round; display: block; margin: 0 auto .4rem; }
.predicted { list-style: none; margin: 0; padding: 0; display: grid; gap: .35rem; font-size: .88rem; color: var(--quiet); }
.predicted li { display: grid; grid-template-columns: 1fr auto; gap: .15rem .5rem; }
.predicted li:first-child { color: var(--ink); font-weight: 600; font-size: .95rem; }
.predicted li + li rect { opacity: .45; }
.predicted .bar { grid-column: 1 / -1; height: 4px; }
.score { font-variant-numeric: tabular-nums; }
.found { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .3rem .8rem; font-size: .88rem; }
.found li::before { content: ""; display: inline-block; width: .65em; height: .65em; border-radius: 2px; margin-right: .35em; background: currentColor; }
.found li.quiet::before { display: none; }
${Array.from({ length: 6 }, (_, at) => `.k${at} { stroke: var(--k${at}); } .found .k${at}::before { background: var(--k${at}); }`).join('\n')}
.text { font-size: .93rem; white-space: pre-line; }
mark { background: var(--mark); color: inherit; border-radius: 4px; padding: .05em .25em; }
mark b { font-size: .72em; letter-spacing: .03em; color: var(--accent); }
.cells { margin: 0; font-size: .84rem; display: grid; gap: .15rem; }
.cells > div { display: grid; grid-template-columns: minmax(4.5rem, 38%) 1fr; gap: .6rem; }
.cells dt { color: var(--quiet); }
.cells dd { margin: 0; }
.place { margin-top: auto; padding-top: .2rem; font-size: .78rem; color: var(--quiet); }
.path { display: block; }
@media (max-width: 34rem) {
  .tiles { grid-template-columns: 1fr 1fr; }
  .share { display: none; }
  .bars .wide { width: 30%; min-width: 2rem; }
  .cards { grid-template-columns: 1fr; }
  article.card:has(.picture) { display: grid; grid-template-columns: 8rem 1fr; align-items: stretch; }
  article.card:has(.picture + .picture) { display: flex; }
  .picture { height: auto; min-height: 7.5rem; padding: 6px; }
  .frame img { height: auto; }
}
@media print {
  body { background: none; max-width: none; }
  .filters { display: none; }
  article.card, .chart { break-inside: avoid; }
}
`;

/** Of {@link STYLE}, as a security policy writes it. */
export const STYLE_HASH = 'sha256-z0b+EgQzUlsuA4FsQ5pGQfVia1wXZxfDRxPR5jML5LA=';
