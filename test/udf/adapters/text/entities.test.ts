import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bestLabels, entitiesOf } from '../../../../src/udf/adapters/text/entities.js';
import { encoded, goldenOf, opened } from './golden.js';

interface Case {
  readonly labels: readonly string[];
  readonly ids: readonly number[];
  readonly scores: readonly number[];
  readonly agg: 'simple' | 'none';
  readonly entities: readonly (readonly [label: string, score: number, start: number, end: number])[];
}

const TEXT = 'Anna Smith met Bob in New York City, York.';

// By transformers 5.24: TokenClassificationPipeline's gather_pre_entities and aggregate on made-up scores, then without 'O'.
test('entities are those of the token classification pipeline', () => {
  const tokens = encoded(opened('bert-uncased'), TEXT);
  for (const { labels, ids, scores, agg, entities } of goldenOf<readonly Case[]>('entities')) {
    assert.equal(ids.length, tokens.ids.length);
    const got = entitiesOf({ labels: ids, scores }, tokens, labels, agg, [TEXT]);
    // The pipeline leaves S- and E- out of names too, though it tells them apart.
    const named = agg === 'none' ? got : got.map(each => ({ ...each, label: each.label.replace(/^[SE]-/, '') }));
    assert.deepEqual(
      named.map(({ label, start, end }) => [label, start, end]),
      entities.map(([label, , start, end]) => [label, start, end]),
      `${labels.join()} ${agg}`,
    );
    // The made-up scores are written with six digits, those of the pipeline with five.
    named.forEach(({ score }, index) => {
      assert.ok(Math.abs(score - entities[index]![1]) < 1e-5);
    });
    for (const { start, end, text } of got) assert.equal(text, TEXT.slice(start, end));
  }
});

test('a label with a hyphen but no prefix keeps its name; labels without names are numbered', () => {
  const tokens = encoded(opened('words', { specialTokens: false }), 'a b c');
  const row = { labels: [0, 0, 1], scores: [0.5, 0.7, 0.9] };
  assert.deepEqual(entitiesOf(row, tokens, ['DATE-TIME', 'O'], 'simple', ['a b c']), [
    { label: 'DATE-TIME', score: 0.6, start: 0, end: 3, text: 'a b' },
  ]);
  assert.deepEqual(
    entitiesOf(row, tokens, undefined, 'simple', ['a b c']).map(each => each.label),
    ['LABEL_0', 'LABEL_1'],
  );
});

test('the second of a pair has its own entities, with places in itself', () => {
  const tokens = encoded(opened('words', { specialTokens: false }), 'x', 'y z');
  const row = { labels: [0, 0, 0], scores: [1, 0.5, 0.5] };
  assert.deepEqual(entitiesOf(row, tokens, ['PER'], 'simple', ['x', 'y z']), [
    { label: 'PER', score: 1, start: 0, end: 1, text: 'x' },
    { label: 'PER', score: 0.5, start: 0, end: 3, text: 'y z' },
  ]);
});

test('the best label of a token is the first of those with the highest score', () => {
  const { labels, scores } = bestLabels(Float32Array.of(0.25, 0.5, 0.25, 0.5, 0.5, 0), 2, 3);
  assert.deepEqual(Array.from(labels), [1, 0]);
  assert.deepEqual(Array.from(scores), [0.5, 0.5]);
});
