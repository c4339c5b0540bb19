import { join } from 'node:path';
import { makeFile } from '../../../../support/tables.js';
import type { FuzzTable } from './scope.js';

/** The tables of the generated statements: about twenty rows, with nulls, and numbers that are multiples of 1/4. */
export async function makeFuzzTables(folder: string): Promise<Readonly<Record<string, string>>> {
  return {
    a: await makeFile(
      join(folder, 'a.parquet'),
      `SELECT i::BIGINT AS id, (i % 3)::INTEGER AS k, CASE WHEN i % 7 <> 3 THEN (i / 4.0)::FLOAT END AS x,
              CASE WHEN i % 5 <> 2 THEN (i * 5 % 8)::FLOAT END AS z, CASE WHEN i <> 6 THEN ['p', 'q', 'pq'][1 + i % 3] END AS name
       FROM range(20) r(i)`,
    ),
    b: await makeFile(
      join(folder, 'b.parquet'),
      `SELECT (i * 2)::INTEGER AS id, (i % 4)::INTEGER AS k, (i / 2.0)::DOUBLE AS w,
              CASE WHEN i % 4 <> 1 THEN i % 3 = 0 END AS flag
       FROM range(9) r(i)`,
    ),
    s: 'SELECT id, k, m(x, z) AS p, name FROM a',
  };
}

const number = (name: string) => ({ name, kind: 'number' }) as const;

export const FUZZ_TABLES: readonly FuzzTable[] = [
  { name: 'a', columns: [...['id', 'k', 'x', 'z'].map(number), { name: 'name', kind: 'text' }], rows: 20 },
  { name: 'b', columns: [...['id', 'k', 'w'].map(number), { name: 'flag', kind: 'boolean' }], rows: 9 },
  { name: 's', columns: [...['id', 'k', 'p'].map(number), { name: 'name', kind: 'text' }], rows: 20 },
];
