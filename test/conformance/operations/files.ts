import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { col, type DataFrame, type Format } from '../../../src/index.js';
import { anyOrder, type Context, type Declared, fails, operations, rows, value } from '../declare.js';
import { boolean, date, float64, int32, int64, string, table } from '../types.js';

const columns = {
  id: int64(1, 2, 3, 4),
  x: float64(0.5, -1e300, null, 4),
  s: string('a', 'with "quotes", commas', null, 'two\nlines'),
  b: boolean(true, false, null, true),
  d: date('2024-02-29', '1969-12-31', null, '2000-01-01'),
  year: int64(2023, 2024, 2023, 2024),
};
const t = table(columns);
const u = table({ id: int64(9, 8) });
const none = table({ id: int64(), s: string() });

/** The table written, and read again. */
async function again(frame: DataFrame, format: Format, { session, folder }: Context): Promise<DataFrame> {
  const target = join(folder, format);
  await frame.write[format](target);
  return session.read.table(target, format);
}

async function text(context: Context, name: string, content: string): Promise<string> {
  const path = join(context.folder, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, content);
  return path;
}

/** Rows of a text file that is written by hand. */
function ofText(
  name: string,
  content: string,
  read: (path: string, context: Context) => DataFrame,
  gives: Parameters<typeof rows>[1],
): Declared<Tables> {
  return rows<Tables>(async (_, context) => read(await text(context, name, content), context), gives);
}

type Tables = { readonly t: typeof t; readonly u: typeof u; readonly none: typeof none };

const small = { a: int64(1, 2), b: string('x', null) };

export const READERS = operations(
  'Readers',
  { t, u, none },
  {
    'read.parquet: a folder': rows(({ t }) => t, columns),
    'read.parquet: an empty table': rows(({ none }) => none, { id: int64(), s: string() }),
    'read.parquet: files one after the other': rows(
      (_, { session, path }) => session.read.parquet(path('u'), path('t')).select('id'),
      { id: int64(9, 8, 1, 2, 3, 4) },
    ),
    'read.parquet: a file that is named twice is read once': rows(
      (_, { session, path }) => session.read.parquet(path('u'), `${path('u')}/*.parquet`),
      { id: int64(9, 8) },
    ),
    'read.parquet: a glob': rows(
      (_, { session, path }) => session.read.parquet(`${path('t')}/*.parquet`).select('id'),
      {
        id: int64(1, 2, 3, 4),
      },
    ),
    'read.parquet: what is not there': fails(
      (_, { session, folder }) => session.read.parquet(join(folder, 'absent.parquet')),
      'SOURCE_NOT_FOUND',
    ),
    'read.parquet: folders name=value are columns': anyOrder(
      async (_, { session, path, folder }) => {
        await cp(path('t'), join(folder, 'year=2023', 'kind=a'), { recursive: true });
        await cp(path('t'), join(folder, 'year=2024', 'kind=b c'), { recursive: true });
        return session.read.parquet(folder).select('id', 'year', 'kind').filter(col('id').lt(2));
      },
      { id: int64(1, 1), year: int64(2023, 2024), kind: string('a', 'b c') },
    ),
    'read.parquet: names that begin with _ or . are passed over': rows(
      async (_, { session, path, folder }) => {
        for (const name of ['_old', '.tmp', 'new']) await cp(path('t'), join(folder, name), { recursive: true });
        return session.read.parquet(folder).select('id');
      },
      { id: int64(1, 2, 3, 4) },
    ),
    'read.csv: with a header': ofText('a.csv', 'a,b\n1,x\n2,\n', (path, { session }) => session.read.csv(path), small),
    'read.csv: types of all rows': ofText(
      'a.csv',
      'i,f,d,t,b\n1,1.5,2024-02-29,a,true\n-2,3,1969-12-31,"b, c",false\n',
      (path, { session }) => session.read.csv(path),
      {
        i: int64(1, -2),
        f: float64(1.5, 3),
        d: date('2024-02-29', '1969-12-31'),
        t: string('a', 'b, c'),
        b: boolean(true, false),
      },
    ),
    'read.csv: without a header, another delimiter': ofText(
      'a.txt',
      '1;x\n2;\n',
      (path, { session }) => session.read.csv(path, { header: false, delimiter: ';', columns: ['a', 'b'] }),
      small,
    ),
    'read.csv: texts that mean null': ofText(
      'a.csv',
      'a,b\n1,x\n2,N/A\n',
      (path, { session }) => session.read.csv(path, { nullValues: ['N/A'] }),
      small,
    ),
    'read.csv: quotes in quotes': ofText(
      'a.csv',
      'a,b\n1,"x ""y"" z"\n2,"two\nlines"\n',
      (path, { session }) => session.read.csv(path),
      { a: int64(1, 2), b: string('x "y" z', 'two\nlines') },
    ),
    'read.csv: a header alone': ofText('a.csv', 'a,b\n', (path, { session }) => session.read.csv(path), {
      a: string(),
      b: string(),
    }),
    'read.jsonl: an object a line': ofText(
      'a.jsonl',
      '{"a": 1, "b": "x"}\n{"a": 2}\n',
      (path, { session }) => session.read.jsonl(path),
      small,
    ),
    'read.jsonl: what is no object': fails(
      async (_, context) => context.session.read.jsonl(await text(context, 'a.jsonl', '{"a": 1}\n{"a": \n')),
      'SOURCE_UNREADABLE',
    ),
    'read.arrow: files': rows(({ t }, context) => again(t, 'arrow', context), columns),
    'read.table: the format by its ending': ofText(
      'a.csv',
      'a,b\n1,x\n2,\n',
      (path, { session }) => session.read.table(path),
      small,
    ),
    'read.table: a format that is none': fails(
      (_, { session, path }) => session.read.table(path('t'), 'xml' as never),
      'FORMAT_UNKNOWN',
    ),
  },
);

export const WRITERS = operations(
  'Writers',
  { t, none },
  {
    'write.parquet: the same rows in order': rows(({ t }, context) => again(t, 'parquet', context), columns),
    'write.arrow: the same rows in order': rows(({ t }, context) => again(t, 'arrow', context), columns),
    'write.csv: the same rows in order': rows(({ t }, context) => again(t, 'csv', context), columns),
    'write.jsonl: the same rows in order': rows(({ t }, context) => again(t, 'jsonl', context), columns),
    'write.parquet: an empty table': rows(({ none }, context) => again(none, 'parquet', context), {
      id: int64(),
      s: string(),
    }),
    'write.arrow: an empty table': rows(({ none }, context) => again(none, 'arrow', context), {
      id: int64(),
      s: string(),
    }),
    'write.parquet: into folders': anyOrder(
      async ({ t }, { session, folder }) => {
        await t.select('id', 'year').write.parquet(join(folder, 'out'), { partitionBy: ['year'] });
        return session.read.parquet(join(folder, 'out', 'year=2024')).select('id');
      },
      { id: int64(2, 4) },
    ),
    'write.parquet: compressed': rows(
      async ({ t }, { session, folder }) => {
        await t.write.parquet(join(folder, 'out'), { compression: 'zstd' });
        return session.read.parquet(join(folder, 'out')).select('id');
      },
      { id: int64(1, 2, 3, 4) },
    ),
    'write.parquet: sorted rows stay sorted': rows(
      ({ t }, context) => again(t.orderBy(col('id').desc()).select('id'), 'parquet', context),
      { id: int64(4, 3, 2, 1) },
    ),
    'write.parquet: in the place of another': rows(
      async ({ t }, { session, folder }) => {
        await t.write.parquet(join(folder, 'out'));
        await t
          .select(col('id').cast({ kind: 'int32' }).as('id'))
          .write.parquet(join(folder, 'out'), { mode: 'overwrite' });
        return session.read.parquet(join(folder, 'out'));
      },
      { id: int32(1, 2, 3, 4) },
    ),
    'write.parquet: over another result': fails(async ({ t }, { folder }) => {
      await t.write.parquet(join(folder, 'out'));
      await t.select('id').write.parquet(join(folder, 'out'));
      return t;
    }, 'TARGET_EXISTS'),
    'write.parquet: the report counts rows': value(
      async ({ t }, { folder }) => (await t.filter(col('id').gt(1)).write.parquet(join(folder, 'out'))).rows,
      3,
    ),
  },
);
