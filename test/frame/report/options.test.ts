import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DataFrameReader } from '../../../src/frame/reader.js';
import type { Field } from '../../../src/frame/types.js';
import { inframeError } from '../../support/onnx.js';
import { fakeSession } from '../fake-engine.js';

const FIELDS: readonly Field[] = [
  { name: 'image', type: { kind: 'binary' } },
  { name: 'species', type: { kind: 'string' } },
  { name: 'carat', type: { kind: 'float64' } },
];
const table = new DataFrameReader(fakeSession(FIELDS)).parquet('t.parquet');

test('wrong options are found before anything is read', async () => {
  const wrong: readonly (readonly [unknown, unknown, ...string[]])[] = [
    ['', {}, 'target "" is not a file'],
    [5, {}, 'target 5 is not a file'],
    ['r.html', null, 'options null of report()'],
    ['r.html', { titl: 'x' }, "option 'titl' of report()", "did you mean 'title'?"],
    ['r.html', { title: '' }, 'title "" of report()'],
    ['r.html', { title: 'x'.repeat(201) }, 'title "xxx', '1 to 200 characters'],
    ['r.html', { rows: -1 }, 'rows -1', 'from 0 to 500'],
    ['r.html', { rows: 501 }, 'rows 501'],
    ['r.html', { rows: 1.5 }, 'rows 1.5'],
    ['r.html', { rows: '60' }, 'rows "60"'],
    ['r.html', { uncertainty: 'entropy' }, 'uncertainty "entropy"', 'score, margin'],
    ['r.html', { overwrite: 'yes' }, 'overwrite "yes"'],
    ['r.html', { columns: ['species'] }, 'columns ["species"] of report() are not an object'],
    ['r.html', { columns: { labels: 'species' } }, "part 'labels'", "did you mean 'label'?"],
    ['r.html', { columns: { label: 5 } }, 'label 5 of report()'],
    ['r.html', { columns: { label: 'species', text: 'species' } }, "column 'species' is both the label and the text"],
  ];
  for (const [path, options, ...words] of wrong) {
    await assert.rejects(table.report(path as never, options as never), inframeError('ARGUMENT_INVALID', ...words));
  }
});

test('columns that are not there, or cannot be what they are said to be', async () => {
  await assert.rejects(
    table.report('r.html', { columns: { label: 'speces' } }),
    inframeError('COLUMN_NOT_FOUND', "column 'speces'", "did you mean 'species'?"),
  );
  for (const [part, name] of [
    ['picture', 'species'],
    ['label', 'carat'],
    ['score', 'species'],
    ['text', 'image'],
    ['path', 'carat'],
  ] as const) {
    await assert.rejects(
      table.report('r.html', { columns: { [part]: name } }),
      inframeError('TYPE_MISMATCH', `column '${name}' is`, `the ${part} of report()`, 'it has to be'),
    );
  }
});
