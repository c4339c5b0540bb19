import { col, type DataFrame } from '../../../src/index.js';
import { operations, rows, value } from '../declare.js';
import { binary, date, decimal, float64, int64, list, string, struct, table, timestamp } from '../types.js';

const t = table({
  id: int64(1, 2, 9007199254740993n, null),
  at: timestamp('2024-02-29 12:00:00.25', '1969-12-31 23:59:59.5', null, null),
  day: date('2024-02-29', '1969-12-31', null, null),
  bytes: binary('00ff', '', null, null),
  tags: list(string)(['a', null], [], null, null),
  point: struct({ x: float64, name: string })({ x: 0.5, name: 'p' }, { x: null, name: null }, null, null),
  cents: decimal(5, 2)('1.25', '-0.50', null, null),
});
const none = table({ id: int64(), name: string() });

const ids = [{ id: 1n }, { id: 2n }, { id: 9007199254740993n }, { id: null }];

async function all<T>(iterable: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const each of iterable) found.push(each);
  return found;
}

const onlyIds = ({ t }: { readonly t: DataFrame }): DataFrame => t.select('id');

export const ACTIONS = operations(
  'Actions',
  { t, none },
  {
    'count: the rows': value(({ t }) => t.count(), 4),
    'count: of an empty table': value(({ none }) => none.count(), 0),
    'collect: 64-bit integers are bigints': value(({ t }) => onlyIds({ t }).collect(), ids),
    'collect: dates and moments are Dates': value(
      ({ t }) => t.select('at', 'day').limit(3).collect(),
      [
        { at: new Date('2024-02-29T12:00:00.250Z'), day: new Date('2024-02-29T00:00:00Z') },
        { at: new Date('1969-12-31T23:59:59.500Z'), day: new Date('1969-12-31T00:00:00Z') },
        { at: null, day: null },
      ],
    ),
    'collect: lists and structs': value(
      ({ t }) => t.select('tags', 'point').limit(3).collect(),
      [
        { tags: ['a', null], point: { x: 0.5, name: 'p' } },
        { tags: [], point: { x: null, name: null } },
        { tags: null, point: null },
      ],
    ),
    'collect: bytes': value(
      async ({ t }) =>
        (await t.limit(3).collect()).map(({ bytes }) => (bytes instanceof Uint8Array ? Array.from(bytes) : bytes)),
      [[0, 255], [], null],
    ),
    'collect: decimals are numbers': value(
      ({ t }) => t.select('cents').limit(2).collect(),
      [{ cents: 1.25 }, { cents: -0.5 }],
    ),
    'rows: one after the other': value(({ t }) => all(onlyIds({ t }).rows()), ids),
    'batches: of an empty table there is one': value(
      async ({ none }) => (await all(none.batches())).map(batch => [batch.numRows, batch.schema.names]),
      [[0, ['id', 'name']]],
    ),
    'batches: every row once': value(
      async ({ t }) => (await all(t.batches())).reduce((sum, batch) => sum + batch.numRows, 0),
      4,
    ),
    'toArrow: an empty table has its columns': rows(({ none }) => none, { id: int64(), name: string() }),
    'first: a row': value(({ t }) => onlyIds({ t }).first(), ids[0]),
    'first: of an empty table': value(({ none }) => none.first(), undefined),
    'take: the first rows': value(({ t }) => onlyIds({ t }).take(2), ids.slice(0, 2)),
    'head: a list of one row': value(({ t }) => onlyIds({ t }).head(), ids.slice(0, 1)),
    'tail: the last rows, in order': value(({ t }) => onlyIds({ t }).tail(3), ids.slice(1)),
    'isEmpty: of rows': value(({ t }) => t.isEmpty(), false),
    'isEmpty: of none': value(({ t }) => t.filter(col('id').lt(0)).isEmpty(), true),
    'columns: their names': value(({ t }) => t.select('id', 'at').columns(), ['id', 'at']),
    'schema: names and types, nothing is run': value(
      async ({ t }) => (await t.select('id', 'tags', 'point', col('id').div(2).as('half')).schema()).toJSON(),
      [
        { name: 'id', type: 'int64' },
        { name: 'tags', type: 'list<string>' },
        { name: 'point', type: 'struct<x: float64, name: string>' },
        { name: 'half', type: 'float64' },
      ],
    ),
    'createView: a frame under a name': rows(
      async ({ t }, { session }) => {
        await t.filter(col('id').gt(1)).createView('conformance_view', { replace: true });
        return session.table('conformance_view').select('id');
      },
      { id: int64(2, 9007199254740993n) },
    ),
  },
);
