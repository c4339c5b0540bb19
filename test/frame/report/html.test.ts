import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { escapeHtml, html } from '../../../src/frame/report/html.js';

test('values are escaped, pieces of HTML are not', () => {
  const piece = html`<b title="${'"x" & \'y\''}">${'<script>'}</b>`;
  assert.equal(piece.text, '<b title="&quot;x&quot; &amp; &#39;y&#39;">&lt;script&gt;</b>');
  assert.equal(html`${piece}${[piece, piece]}${1.5}${undefined}${false}`.text, `${piece.text.repeat(3)}1.5`);
});

test('an object that looks like HTML is not taken for it', () => {
  // A value out of a table can have any members.
  assert.throws(() => html`${{ text: '<script>' } as never}`);
});

test('what no page may hold, or turns its reading around, is replaced', () => {
  assert.equal(escapeHtml('a\0b\x1b[31m\ud800c'), 'a\ufffdb\ufffd[31m\ufffdc');
  assert.equal(escapeHtml('photo\u202egpj.exe'), 'photo\ufffdgpj.exe');
  assert.equal(escapeHtml('tab\tline\n😀é'), 'tab\tline\n😀é');
});

test('escaped text has no character of markup, and reads as it was', () => {
  const names: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), text => {
      const escaped = escapeHtml(text);
      assert.doesNotMatch(escaped, /[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
      const back = escaped.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => names[name]!);
      assert.equal(
        back.replaceAll('\ufffd', ''),
        [...text]
          .filter(each => escapeHtml(each) !== '\ufffd')
          .join('')
          .replaceAll('\ufffd', ''),
      );
    }),
  );
});
