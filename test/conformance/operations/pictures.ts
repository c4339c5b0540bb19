import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { col, type DataFrame, fn } from '../../../src/index.js';
import { type Context, fails, operations, rows, value } from '../declare.js';
import { int32, int64, string, table } from '../types.js';

const t = table({ id: int64(1, 2) });

/** A folder of pictures of known sizes, and of one file that is none. */
async function pictures({ folder }: Context): Promise<string> {
  const photos = join(folder, 'photos');
  for (const [name, width, height] of [
    ['kind=a/1.png', 3, 2],
    ['kind=b/2.png', 5, 4],
  ] as const) {
    await mkdir(join(photos, name, '..'), { recursive: true });
    const picture = sharp({ create: { width, height, channels: 3, background: '#ff0000' } });
    await writeFile(join(photos, name), await picture.png().toBuffer());
  }
  await writeFile(join(photos, 'kind=b', '3.jpg'), 'no picture');
  return photos;
}

async function file({ folder }: Context, name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** The last part of a path. */
function named(frame: DataFrame): DataFrame {
  return frame.withColumn('path', fn.regexpExtract(col('path'), '[^/\\\\]*$', 0));
}

export const FILES = operations(
  'Files as rows',
  { t },
  {
    'read.images: a row a picture, folders as columns': rows(
      async (_, context) => named(context.session.read.images(await pictures(context))).select('path', 'kind'),
      { path: string('1.png', '2.png', '3.jpg'), kind: string('a', 'b', 'b') },
    ),
    'read.images: what headers say': rows(
      async (_, context) =>
        context.session.read.images(await pictures(context), { properties: true }).select('width', 'height', 'format'),
      { width: int32(3, 5, null), height: int32(2, 4, null), format: string('png', 'png', null) },
    ),
    'read.images: files that are no pictures are left out': rows(
      async (_, context) =>
        named(context.session.read.images(await pictures(context), { onUnreadable: 'drop' })).select('path'),
      { path: string('1.png', '2.png') },
    ),
    'read.images: or end the job': fails(
      async (_, context) =>
        context.session.read.images(await pictures(context), { onUnreadable: 'fail' }).select('path'),
      'SOURCE_UNREADABLE',
    ),
    'read.audio': rows(
      async (_, context) => {
        const path = await file(context, 'a.wav', 'RIFF');
        return named(context.session.read.audio(path)).select('path', 'size');
      },
      { path: string('a.wav'), size: int64(4) },
    ),
    'read.binaryFiles': rows(
      async (_, context) => {
        const path = await file(context, 'a.bin', 'abc');
        return named(context.session.read.binaryFiles(path)).select('path', 'size');
      },
      { path: string('a.bin'), size: int64(3) },
    ),
    'read.text: a row a line': rows(
      async (_, context) =>
        context.session.read.text(await file(context, 'a.txt', 'one\r\n\n"two"\nthree')).select('text'),
      { text: string('one', '', '"two"', 'three') },
    ),
    'read.text: a row a file': rows(
      async (_, context) =>
        context.session.read.text(await file(context, 'a.txt', 'one\ntwo'), { wholeFiles: true }).select('text'),
      { text: string('one\ntwo') },
    ),
    'fn.imageInfo': rows(
      async (_, context) =>
        context.session.read
          .images(await pictures(context))
          .select(
            fn.imageInfo(col('image')).field('width').as('width'),
            fn.imageInfo(col('image')).field('error').isNull().cast({ kind: 'int32' }).as('fine'),
          ),
      { width: int32(3, 5, null), fine: int32(1, 1, 0) },
    ),
    'fn.sparkImage': rows(
      async (_, context) =>
        context.session.read
          .images(await pictures(context), { onUnreadable: 'drop' })
          .select(
            fn.sparkImage(col('image'), 'x').field('width').as('width'),
            fn.sparkImage(col('image'), 'x').field('mode').as('mode'),
          ),
      { width: int32(3, 5), mode: int32(16, 16) },
    ),
    report: value(
      async ({ t }, { folder }) => {
        const path = join(folder, 'report.html');
        const { rows: count } = await t.report(path);
        const page = await readFile(path, 'utf8');
        return [count, (await stat(path)).size > 0, /^<!doctype html>/i.test(page)];
      },
      [2, true, true],
    ),
  },
);
