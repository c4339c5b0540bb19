import type { CellView, ReportData, RowView } from '../../../src/frame/report/data.js';

/** A page's data with everything there is on a page, its texts made by a function of a number. */
export function everything(text: (at: number) => string): ReportData {
  let at = 0;
  const next = (): string => text(at++);
  const cells: readonly CellView[] = [
    { column: next(), isNumber: false, value: next() },
    { column: next(), isNumber: true, value: null },
  ];
  const row = (place: number): RowView => ({
    row: place,
    title: next(),
    pictures: [
      { column: next(), image: { bytes: Uint8Array.of(1, 2, 3, 4), width: 320, height: 200 }, problem: undefined },
      { column: next(), image: undefined, problem: next() },
    ],
    prediction: {
      labels: [
        { label: next(), score: 0.75 },
        { label: undefined, score: undefined },
      ],
      boxes: [{ label: next(), score: 0.5, x: -4, y: 8, width: 100, height: 90 }],
    },
    certainty: 0.25,
    texts: [
      {
        column: next(),
        text: `${next()} and ${next()}`,
        length: 9000,
        entities: [{ start: 0, end: 1, label: next(), text: undefined }],
      },
    ],
    cells,
  });
  const labels = [1, 2, 3].map(count => ({ label: next(), count, meanScore: count === 1 ? undefined : 0.5 }));
  return {
    title: next(),
    made: new Date('2026-01-02T03:04:05Z'),
    rows: 10,
    columns: [{ name: next(), type: next(), role: 'classification', nulls: 2, note: next() }],
    moreColumns: 3,
    run: { failedRows: 1, nullRows: 2, reasons: [next()] },
    prediction: { column: next(), kind: 'classification', missing: 2, measure: 'margin' },
    histograms: [
      { column: next(), of: next(), low: 0, high: 1, whole: false, counts: [1, 0, 3], outside: 2, mean: 0.5 },
      { column: next(), of: undefined, low: -0.5, high: 1.5, whole: true, counts: [1, 2], outside: 0, mean: undefined },
    ],
    labels: [{ column: next(), predicted: true, unit: 'row', labels, others: { labels: 2, count: 4 }, total: 10 }],
    groups: [
      { kind: 'least', rows: [row(1), row(2)] },
      { kind: 'missing', rows: [{ ...row(3), prediction: undefined }] },
      { kind: 'sample', rows: [row(4)] },
    ],
  };
}

/** A page of nothing but these rows. */
export function ofRows(rows: readonly RowView[], change: Partial<ReportData> = {}): ReportData {
  return {
    title: 'Report',
    made: new Date('2026-01-02T03:04:05Z'),
    rows: rows.length,
    columns: [],
    moreColumns: 0,
    run: undefined,
    prediction: undefined,
    histograms: [],
    labels: [],
    groups: rows.length === 0 ? [] : [{ kind: 'sample', rows }],
    ...change,
  };
}

export function rowWith(change: Partial<RowView>): RowView {
  return {
    row: 1,
    title: undefined,
    pictures: [],
    prediction: undefined,
    certainty: undefined,
    texts: [],
    cells: [],
    ...change,
  };
}
