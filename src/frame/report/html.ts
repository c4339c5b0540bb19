/**
 * A piece of HTML that is safe to put into a page. Only {@link html} makes them out of text, and it escapes every value, so a
 * page cannot hold markup that came from a table.
 */
export class Html {
  readonly text: string;

  private constructor(text: string) {
    this.text = text;
    Object.freeze(this);
  }

  /** Values go in escaped; pieces of HTML and lists of them as they are, `undefined` and `false` as nothing. */
  static of(strings: TemplateStringsArray, values: readonly HtmlValue[]): Html {
    return new Html(strings.reduce((text, part, at) => text + inserted(values[at - 1]) + part));
  }

  toString(): string {
    return this.text;
  }
}

export type HtmlValue = string | number | undefined | false | Html | readonly Html[];

/**
 * Markup with values in it. Attributes must be written in double quotes.
 *
 * @example
 * html`<p title="${label}">${label}</p>`
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return Html.of(strings, values);
}

export const NOTHING: Html = html``;

function inserted(value: HtmlValue): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'string') return escapeHtml(value);
  return typeof value === 'number' ? String(value) : value.map(piece => piece.text).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Text as HTML that shows it and does nothing, in an element or in a quoted attribute.
 *
 * Characters that a page may not hold (controls, half surrogate pairs) become U+FFFD, as do those that turn the direction
 * of writing around: a file name must not read backwards (https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing).
 */
export function escapeHtml(text: string): string {
  return text.replace(FORBIDDEN, '\u{fffd}').replace(/[&<>"']/g, (character: string) => ENTITIES[character]!);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must go
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff\p{Cs}]/gu;
