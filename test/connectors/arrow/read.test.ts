import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type RecordBatch, RecordBatchStreamWriter, tableFromArrays, tableToIPC } from 'apache-arrow';
import fc from 'fast-check';
import { decompressLz4 } from '../../../src/connectors/arrow/lz4.js';
import { openArrow } from '../../../src/connectors/arrow/read.js';
import { InframeError } from '../../../src/frame/errors.js';
import { Bench, inframe } from './helpers.js';

let bench: Bench;

before(async () => {
  bench = await Bench.open();
});

after(() => bench.close());

// The package exports its module only; its data lie beside it.
const entry = createRequire(import.meta.url).resolve('vega-datasets');
const flights = join(entry.slice(0, entry.lastIndexOf('vega-datasets')), 'vega-datasets/data/flights-200k.arrow');

async function drain(path: string): Promise<number> {
  const source = await openArrow(path);
  try {
    let rows = 0;
    for await (const batch of source.batches()) rows += batch.numRows;
    return rows;
  } finally {
    source.close();
  }
}

test('a file of the world: 231 083 flights are those of the JSON beside it', async () => {
  const rows = await bench.readBack(flights);
  const source = await openArrow(flights);
  const names = source.schema.names;
  source.close();
  const json = JSON.parse(await readFile(flights.replace('.arrow', '.json'), 'utf8')) as Record<string, number>[];
  assert.equal(rows.length, json.length);
  for (let i = 0; i < json.length; i += 97) {
    assert.deepEqual(
      rows[i]!.map(value => Math.fround(Number(value))),
      names.map(name => Math.fround(json[i]![name]!)),
    );
  }
});

test('a stream is told from a file by its first bytes', async () => {
  const { schema, batches } = await bench.batches(`SELECT i, 'text ' || i AS s FROM range(5000) t(i)`);
  const path = bench.path('x.arrows');
  const writer = new RecordBatchStreamWriter();
  for (const batch of batches) writer.write(batch);
  writer.finish();
  await writeFile(path, writer.toUint8Array(true));
  const source = await openArrow(path);
  assert.deepEqual(source.schema.fields, schema.fields);
  source.close();
  assert.deepEqual(
    await bench.readBack(path),
    await bench.texts(`(SELECT i, 'text ' || i AS s FROM range(5000) t(i))`, ['i', 's']),
  );
});

test('batches can be read again, and not after close', async () => {
  const path = bench.path('again.arrow');
  await bench.write('SELECT i FROM range(5000) t(i)', path);
  const source = await openArrow(path);
  const count = async () => {
    const batches: RecordBatch[] = [];
    for await (const batch of source.batches()) batches.push(batch);
    return batches.length;
  };
  assert.equal(await count(), 3);
  assert.equal(await count(), 3);
  source.close();
  source.close();
  await assert.rejects(count(), inframe('SOURCE_UNREADABLE', /closed/));
});

test('LZ4, by hand: literals, a match that overlaps itself, a stored block', () => {
  const header = [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82];
  // Block of 5 bytes: token 1 literal + match of 4 + 3 at distance 1, then a last literal.
  const block = [0x13, 0x61, 0x01, 0x00, 0x10, 0x62];
  const stored = [0x63, 0x64];
  const frame = Uint8Array.from([...header, 6, 0, 0, 0, ...block, 2, 0, 0, 0x80, ...stored, 0, 0, 0, 0]);
  assert.equal(Buffer.from(decompressLz4(frame, 11)).toString(), 'aaaaaaaabcd');
  assert.throws(() => decompressLz4(frame, 10), RangeError);
  assert.throws(() => decompressLz4(frame, 12), RangeError);
  assert.throws(() => decompressLz4(frame.subarray(0, 12), 11), RangeError);
});

/** Written by pyarrow 26: n = 300 sevens, a null, 0 to 39; s = 340 times 'abcabcabc abcabcabc abcabcabc ', then 'end'. */
const LZ4_FILE =
  'QVJST1cxAAD/////qAAAABAAAAAAAAoADAAGAAUACAAKAAAAAAEEAAwAAAAIAAgAAAAEAAgAAAAEAAAAAgAAAEAAAAAEAAAA2P///wAAAQUQAAAAGAAAAAQAAAAAAAAAAQAAAHMAAAAEAAQABAAAABAAFAAIAAYABwAMAAAAEAAQAAAAAAABAhAAAAAcAAAABAAAAAAAAAABAAAAbgAAAAgADAAIAAcACAAAAAAAAAFAAAAAAAAAAP/////YAAAAFAAAAAAAAAAMABgABgAFAAgADAAMAAAAAAMEABwAAADABgAAAAAAAAAAAAAMABwAEAAEAAgADAAMAAAAeAAAABwAAAAUAAAAVQEAAAAAAAAAAAAABAAEAAQAAAAFAAAAAAAAAAAAAAAjAAAAAAAAACgAAAAAAAAAzAAAAAAAAAD4AAAAAAAAAAAAAAAAAAAA+AAAAAAAAABvBQAAAAAAAGgGAAAAAAAAUgAAAAAAAAAAAAAAAgAAAFUBAAAAAAAAAQAAAAAAAABVAQAAAAAAAAAAAAAAAAAAKwAAAAAAAAAEIk0YYECCDAAAAB//AQARYO//////HwAAAAAAAAAAAKgKAAAAAAAABCJNGGBAgrUAAAAiBwABAA8IAP///////////04MAgATAREAEwIIABMDCAATBAgAEwUIABMGCAAEmAkTCBAAEwkIABMKCAATCwgAEwwIABMNCAATDggAEw8IABMQCAATEQgAExIIABMTCAATFAgAExUIABMWCAATFwgAExgIABMZCAATGggAExsIABMcCAATHQgAEx4IABMfCAATIAgAEyEIABMiCAATIwgAEyQIABMlCAATJggAgCcAAAAAAAAAAAAAAAAAAABYBQAAAAAAAAQiTRhgQIJYBQCAAAAAAB4AAAA8AAAAWgAAAHgAAACWAAAAtAAAANIAAADwAAAADgEAACwBAABKAQAAaAEAAIYBAACkAQAAwgEAAOABAAD+AQAAHAIAADoCAABYAgAAdgIAAJQCAACyAgAA0AIAAO4CAAAMAwAAKgMAAEgDAABmAwAAhAMAAKIDAADAAwAA3gMAAPwDAAAaBAAAOAQAAFYEAAB0BAAAkgQAALAEAADOBAAA7AQAAAoFAAAoBQAARgUAAGQFAACCBQAAoAUAAL4FAADcBQAA+gUAABgGAAA2BgAAVAYAAHIGAACQBgAArgYAAMwGAADqBgAACAcAACYHAABEBwAAYgcAAIAHAACeBwAAvAcAANoHAAD4BwAAFggAADQIAABSCAAAcAgAAI4IAACsCAAAyggAAOgIAAAGCQAAJAkAAEIJAABgCQAAfgkAAJwJAAC6CQAA2AkAAPYJAAAUCgAAMgoAAFAKAABuCgAAjAoAAKoKAADICgAA5goAAAQLAAAiCwAAQAsAAF4LAAB8CwAAmgsAALgLAADWCwAA9AsAABIMAAAwDAAATgwAAGwMAACKDAAAqAwAAMYMAADkDAAAAg0AACANAAA+DQAAXA0AAHoNAACYDQAAtg0AANQNAADyDQAAEA4AAC4OAABMDgAAag4AAIgOAACmDgAAxA4AAOIOAAAADwAAHg8AADwPAABaDwAAeA8AAJYPAAC0DwAA0g8AAPAPAAAOEAAALBAAAEoQAABoEAAAhhAAAKQQAADCEAAA4BAAAP4QAAAcEQAAOhEAAFgRAAB2EQAAlBEAALIRAADQEQAA7hEAAAwSAAAqEgAASBIAAGYSAACEEgAAohIAAMASAADeEgAA/BIAABoTAAA4EwAAVhMAAHQTAACSEwAAsBMAAM4TAADsEwAAChQAACgUAABGFAAAZBQAAIIUAACgFAAAvhQAANwUAAD6FAAAGBUAADYVAABUFQAAchUAAJAVAACuFQAAzBUAAOoVAAAIFgAAJhYAAEQWAABiFgAAgBYAAJ4WAAC8FgAA2hYAAPgWAAAWFwAANBcAAFIXAABwFwAAjhcAAKwXAADKFwAA6BcAAAYYAAAkGAAAQhgAAGAYAAB+GAAAnBgAALoYAADYGAAA9hgAABQZAAAyGQAAUBkAAG4ZAACMGQAAqhkAAMgZAADmGQAABBoAACIaAABAGgAAXhoAAHwaAACaGgAAuBoAANYaAAD0GgAAEhsAADAbAABOGwAAbBsAAIobAACoGwAAxhsAAOQbAAACHAAAIBwAAD4cAABcHAAAehwAAJgcAAC2HAAA1BwAAPIcAAAQHQAALh0AAEwdAABqHQAAiB0AAKYdAADEHQAA4h0AAAAeAAAeHgAAPB4AAFoeAAB4HgAAlh4AALQeAADSHgAA8B4AAA4fAAAsHwAASh8AAGgfAACGHwAApB8AAMIfAADgHwAA/h8AABwgAAA6IAAAWCAAAHYgAACUIAAAsiAAANAgAADuIAAADCEAACohAABIIQAAZiEAAIQhAACiIQAAwCEAAN4hAAD8IQAAGiIAADgiAABWIgAAdCIAAJIiAACwIgAAziIAAOwiAAAKIwAAKCMAAEYjAABkIwAAgiMAAKAjAAC+IwAA3CMAAPojAAAYJAAANiQAAFQkAAByJAAAkCQAAK4kAADMJAAA6iQAAAglAAAmJQAARCUAAGIlAACAJQAAniUAALwlAADaJQAA+CUAABYmAAA0JgAAUiYAAHAmAACOJgAArCYAAMomAADoJgAABicAACQnAABCJwAAYCcAAH4nAACcJwAAuicAANgnAADbJwAAAAAAAADbJwAAAAAAAAQiTRhgQII7AAAAMmFiYwMAEiAHAA8KAP///////////////////////////////////////////////////9pQYyBlbmQAAAAAAAAAAAAA/////wAAAAAQAAAADAAUAAYACAAMABAADAAAAAAABAA4AAAAKAAAAAQAAAABAAAAuAAAAAAAAADgAAAAAAAAAMAGAAAAAAAAAAAAAAAAAAAIAAgAAAAEAAgAAAAEAAAAAgAAAEAAAAAEAAAA2P///wAAAQUQAAAAGAAAAAQAAAAAAAAAAQAAAHMAAAAEAAQABAAAABAAFAAIAAYABwAMAAAAEAAQAAAAAAABAhAAAAAcAAAABAAAAAAAAAABAAAAbgAAAAgADAAIAAcACAAAAAAAAAFAAAAA0AAAAEFSUk9XMQ==';
const ZSTD_FILE =
  'QVJST1cxAAD/////qAAAABAAAAAAAAoADAAGAAUACAAKAAAAAAEEAAwAAAAIAAgAAAAEAAgAAAAEAAAAAgAAAEAAAAAEAAAA2P///wAAAQUQAAAAGAAAAAQAAAAAAAAAAQAAAHMAAAAEAAQABAAAABAAFAAIAAYABwAMAAAAEAAQAAAAAAABAhAAAAAcAAAABAAAAAAAAAABAAAAbgAAAAgADAAIAAcACAAAAAAAAAFAAAAAAAAAAP/////gAAAAFAAAAAAAAAAMABgABgAFAAgADAAMAAAAAAMEABwAAABgBAAAAAAAAAAAAAAMAB4AEAAEAAgADAAMAAAAgAAAACQAAAAYAAAAVQEAAAAAAAAAAAAAAAAGAAgABwAGAAAAAAAAAQUAAAAAAAAAAAAAAB8AAAAAAAAAIAAAAAAAAADQAAAAAAAAAPAAAAAAAAAAAAAAAAAAAADwAAAAAAAAAEgDAAAAAAAAOAQAAAAAAAAlAAAAAAAAAAAAAAACAAAAVQEAAAAAAAABAAAAAAAAAFUBAAAAAAAAAAAAAAAAAAArAAAAAAAAACi1L/0gK3UAAED//+//////HwEASIAFAKgKAAAAAAAAKLUv/WCoCfUFAMaqKwsQUL1xwGvgsXy8FCEAIQAhAG3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3bAtu2bdu2bdu2bdu2bdu2bdu2bdu2bdu2bdu2bdu2bdu2AW3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3bAv+FChMiPGiwIMGBAgMC/PTs5NzUzMS8tKyknJSMhHx0bGTsomIi4qFh27Zt27Zt27Zt27Zt27Zt24FSWAIAEejv3wF2wAtYBQAAAAAAACi1L/1gWAS1GQCKVcQMOOCc3A04rDimHFYdHFMOK44phxXHlMOKY8phxTHlsOKYclhxTDmssHVd1ztqa+uqqqqqqqqqajIFtwC8AMIApTSXslxScmnHJRaXOlxycIl3STRJzCQpk4ZMojGpxCQLkw5Mkj1S80jLoyWPeDxq8cjDowePfI9Ii8YsmrKIyKIai0wsurAIwaLZoTWHuBxicqjHIReHPhyCcCjAIdMgMoOoDCoyyMagE4MwDEowiPaHzZ8uf5r88fHnxR8QfyL8EfAHtafMnip7jOy5sQfFngx7FOyp3Wlzx8sdJ3d+3IFxJ8QdCXcG3FHdzK38yHE8xTV8wW0fv8j8ovKryC8bv078wvArwS/aLja7uuxqssvHrhe7QOyKsEvALtStMreq3DJy68YtFLcy3FJwqzarzSwvs5zM+jELxqwQsyTMGjBL9crMKyuvjrzC8SrFKw2vFryyvbrqy6onq4CsirFKxKoJqwisYp06c+rKKSSncpxScWrDKQancKc8o8CMgjIqyCgZo0aMojCqwCjXJzSfsHxK8knHpxWfOHxq8En3CbQpzKYom4RsmrGJxKYKmwxsgh22A/gygCcDADKAGAMQMYAJAyAwANa1M9euXENyLcc1Fdc2XGNwDXfNcw6Yc6CcE+QcGeeMOIfCOQXOcU1DMw3LtCTTdExbMY3DtAbTdNNA44QZJ8o4QsaZMQ6JcSqMY2Ac2LM0z7I8U/JsxzMWzzo8c/CM90z0jZhvpHwz5Bsa35T4xsI3B76RLVOzTMuyJct4LGuxzMOyB8t8y0jHxhybcozIsRrHTBy7cAzBsdmwNcO4DGMyrMcwF8M+DIMwLMAwU/+2/MvyT8m/Hf9Y/Ovwz8E/3j/RPjH7pOwbso/GvhL7LOw7sE92T809LfeW3ONxr8U9D/ce3PPdI80bM2/KPCLzaswzMe/CPATzZu/WvOPyjsm7Hu9cvPvwDsK7AO9M68iso7KuyDob606sw7AuwTraOTbnupxrcs7HuRfnQJyLcE7AOdS4MuOqjDMy7sY4FOMyjFMwrvatzTcv35x8+/ENxrcQ3yR8G/BNtc3MNivbjmzDsS3FNg3bFmyzHQDbJwAAAAAAACi1L/1g2yadAAA4YWJjIGVuZAMAxaeFgwq+Dm4IAAAA/////wAAAAAQAAAADAAUAAYACAAMABAADAAAAAAABAA4AAAAKAAAAAQAAAABAAAAuAAAAAAAAADoAAAAAAAAAGAEAAAAAAAAAAAAAAAAAAAIAAgAAAAEAAgAAAAEAAAAAgAAAEAAAAAEAAAA2P///wAAAQUQAAAAGAAAAAQAAAAAAAAAAQAAAHMAAAAEAAQABAAAABAAFAAIAAYABwAMAAAAEAAQAAAAAAABAhAAAAAcAAAABAAAAAAAAAABAAAAbgAAAAgADAAIAAcACAAAAAAAAAFAAAAA0AAAAEFSUk9XMQ==';

async function checkCompressed(path: string): Promise<void> {
  const rows = await bench.readBack(path);
  assert.equal(rows.length, 341);
  assert.deepEqual(rows[0], ['7', 'abcabcabc abcabcabc abcabcabc ']);
  assert.deepEqual(rows[300], [null, 'abcabcabc abcabcabc abcabcabc ']);
  assert.deepEqual(rows[340], ['39', 'end']);
}

test('LZ4, as pandas writes Feather', async () => {
  const path = bench.path('lz4.feather');
  await writeFile(path, Buffer.from(LZ4_FILE, 'base64'));
  await checkCompressed(path);
});

test('ZSTD is read where Node has it and named where it has not', async () => {
  const path = bench.path('zstd.feather');
  await writeFile(path, Buffer.from(ZSTD_FILE, 'base64'));
  if ('zstdDecompressSync' in (await import('node:zlib'))) await checkCompressed(path);
  else await assert.rejects(drain(path), inframe('SOURCE_UNREADABLE', /ZSTD.*LZ4/));
});

test('what is not there or not Arrow', async () => {
  await assert.rejects(openArrow(bench.path('none.arrow')), inframe('SOURCE_NOT_FOUND', /none.arrow/));
  const folder = bench.path('folder.arrow');
  await mkdir(folder);
  await assert.rejects(openArrow(folder), inframe('SOURCE_UNREADABLE'));
  for (const [name, bytes] of [
    ['empty', ''],
    ['short', 'AR'],
    ['text', 'id,name\n1,x\n2,y\n'],
    ['magic', 'ARROW1'],
    ['magics', 'ARROW1\0\0ARROW1ARROW1ARROW1'],
    ['parquet', 'PAR1\0\0\0\0\0\0\0\0PAR1'],
  ] as const) {
    const path = bench.path(`${name}.arrow`);
    await writeFile(path, bytes);
    await assert.rejects(openArrow(path), inframe('SOURCE_UNREADABLE', /is not an Arrow IPC file/));
  }
});

test('types that DuckDB cannot hold are refused by column and type', async () => {
  const table = tableFromArrays({ a: Int32Array.of(1), A: Int32Array.of(2) });
  const path = bench.path('twice.arrow');
  await writeFile(path, tableToIPC(table, 'file'));
  await assert.rejects(openArrow(path), inframe('COLUMN_DUPLICATE'));
});

/** A file with a column of every layout, small enough to damage byte by byte. */
async function sample(compressed: boolean): Promise<Uint8Array> {
  if (compressed) return Buffer.from(LZ4_FILE, 'base64');
  const path = bench.path('sample.arrow');
  await bench.write(
    `SELECT i::INTEGER AS i, 'text number ' || i AS s, CASE WHEN i % 3 > 0 THEN [i, NULL] END AS l, {'a': i, 'b': 'x'} AS st,
            map([i], ['v']) AS m, [i, i]::INTEGER[2] AS f, (i % 2 = 0) AS b, 'b'::ENUM('a', 'b') AS e, i::DECIMAL(9, 2) AS d,
            to_days(i::INTEGER) AS iv FROM range(40) t(i)`,
    path,
  );
  return readFile(path);
}

for (const compressed of [false, true]) {
  test(`damaged ${compressed ? 'LZ4 ' : ''}files give an InframeError or rows, never anything else`, async () => {
    const whole = await sample(compressed);
    const path = bench.path('damaged.arrow');
    const survives = async (bytes: Uint8Array) => {
      await writeFile(path, bytes);
      try {
        await bench.readBack(path);
      } catch (error) {
        if (!(error instanceof InframeError)) throw error;
      }
    };
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 }),
        async edits => {
          const bytes = Uint8Array.from(whole);
          for (const [at, value] of edits) bytes[at] = value;
          await survives(bytes);
        },
      ),
      { numRuns: 250 },
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), async length => {
        const path = bench.path('truncated.arrow');
        await writeFile(path, whole.subarray(0, length));
        await assert.rejects(drain(path), inframe('SOURCE_UNREADABLE'));
      }),
      { numRuns: 60 },
    );
  });
}

test('a file that shrinks while it is read', async () => {
  const path = bench.path('shrinks.arrow');
  await bench.write('SELECT i FROM range(50000) t(i)', path);
  const source = await openArrow(path);
  await copyFile(path, bench.path('copy.arrow'));
  await writeFile(path, (await readFile(path)).subarray(0, 3000));
  await assert.rejects(
    async () => {
      for await (const _ of source.batches());
    },
    inframe('SOURCE_UNREADABLE', /shorter/),
  );
  source.close();
});
