import assert from 'node:assert/strict';

/*
 * A reader of the HTML that reports are made of, stricter than a browser: what it cannot read is an error.
 */

const VOID = new Set(['meta', 'img', 'input']);
const TAGS = new Set(
  `html head meta title style body header main h1 h2 h3 p section dl div dt dd b span time figure figcaption svg g rect path
  table thead tbody tr th td fieldset legend input label article img ol ul li mark code`.split(/\s+/),
);
const ATTRIBUTES = new Set(
  `lang charset name content http-equiv class id for type checked datetime aria-label aria-labelledby aria-hidden role tabindex scope
  viewBox preserveAspectRatio width height x y d src alt decoding`.split(/\s+/),
);
const TAG = /<(\/?)([a-z][a-z0-9]*)((?:\s+[A-Za-z-]+(?:="[^"<>]*")?)*)\s*(\/?)>/y;

export interface Markup {
  /** Opening tags, in order. */
  readonly tags: readonly string[];
  /** What a reader reads, without markup. */
  readonly text: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
}

/** Reads a page, and fails at whatever is not markup of ours, well nested. */
export function readMarkup(page: string): Markup {
  const tags: string[] = [];
  const attributes: [string, string][] = [];
  const open: string[] = [];
  let text = '';
  let at = page.startsWith('<!DOCTYPE html>\n') ? 16 : 0;
  while (at < page.length) {
    const next = page.indexOf('<', at);
    const piece = page.slice(at, next < 0 ? page.length : next);
    assert.doesNotMatch(piece.replace(/&(?:amp|lt|gt|quot|#39);/g, ''), open.at(-1) === 'style' ? /</ : /[<>&]/);
    if (open.at(-1) !== 'style') text += piece;
    if (next < 0) break;
    TAG.lastIndex = next;
    const match = TAG.exec(page);
    assert.ok(match !== null, `not markup of ours: ${page.slice(next, next + 80)}`);
    const [whole, slash, name, rest, closed] = match;
    assert.ok(TAGS.has(name!), `tag <${name}>`);
    if (slash === '/') assert.equal(open.pop(), name);
    else {
      tags.push(name!);
      if (!VOID.has(name!) && closed !== '/') open.push(name!);
    }
    for (const [, attribute, value] of rest!.matchAll(/([A-Za-z-]+)(?:="([^"]*)")?/g)) {
      assert.ok(ATTRIBUTES.has(attribute!), `attribute ${attribute}`);
      attributes.push([attribute!, unescaped(value ?? '')]);
    }
    at = next + whole.length;
  }
  assert.deepEqual(open, []);
  return { tags, text: unescaped(text), attributes };
}

function unescaped(text: string): string {
  const characters: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => characters[name]!);
}
