import { join } from 'node:path';
import { duck, makeFile } from '../../../support/tables.js';

/*
 * A small shop as a star schema: sales, and what they are of. Nothing is drawn at random, so every run has the same rows:
 * numbers come from `pick(i, salt, n)`, a hash of the row's number to 0 ... n-1. Whatever a model may read (prices,
 * quantities, sizes) is a multiple of 1/4 below 2^12, so that float32 arithmetic on it is exact.
 */

const PICK = `CREATE OR REPLACE MACRO pick(i, salt, n) AS
  ((xor((i * 2654435761 + salt * 40503) % 4294967296, ((i * 2654435761 + salt * 40503) % 4294967296) >> 13) * 69069)
    % 4294967296 // 65536 % n)::INTEGER`;

export const SALES = 5_000;

/** A SELECT for each table, by name. */
const TABLES = {
  sales: `SELECT i::BIGINT AS sale_id, pick(i, 1, 366) AS date_id, 1 + pick(i, 2, 120) AS customer_id,
            1 + pick(i, 3, 40) AS product_id, 1 + pick(i, 4, 8) AS store_id,
            CASE WHEN pick(i, 5, 3) = 0 THEN 1 + pick(i, 6, 5) END AS promotion_id,
            1 + pick(i, 7, 9) AS quantity, (1 + pick(i, 8, 400) / 4.0)::FLOAT AS price,
            CASE WHEN pick(i, 9, 4) > 0 THEN (pick(i, 10, 20) / 4.0)::FLOAT END AS discount,
            TIMESTAMP '2024-01-01 08:00:00' + INTERVAL (pick(i, 1, 366)) DAY + INTERVAL (pick(i, 11, 600)) MINUTE AS sold_at,
            CASE WHEN pick(i, 12, 10) = 0 THEN 'note ' || pick(i, 13, 7) END AS note
          FROM range(${SALES}) r(i)`,
  customers: `SELECT i::INTEGER AS customer_id, 'Customer ' || i AS name,
            ['Rome', 'Oslo', 'Lima', 'Kyiv', 'Bonn'][1 + pick(i, 20, 5)] AS city,
            CASE WHEN pick(i, 21, 6) > 0 THEN ['home', 'office', 'school'][1 + pick(i, 22, 3)] END AS segment,
            1950 + pick(i, 23, 55) AS birth_year,
            CASE WHEN pick(i, 24, 5) > 0 THEN (pick(i, 25, 2000) / 4.0)::FLOAT END AS credit,
            ['a', 'b', 'c', 'd'][1 : pick(i, 26, 5)] AS tags,
            {'street': 'Street ' || pick(i, 27, 30), 'zip': 1000 + pick(i, 28, 99)} AS address
          FROM range(1, 131) r(i)`,
  // A tree: 1 to 4 are roots, and every other product hangs below an earlier one.
  products: `SELECT i::INTEGER AS product_id, CASE WHEN i > 4 THEN i // 3 END::INTEGER AS parent_id,
            'Product ' || i AS name, ['food', 'tools', 'toys', 'books'][1 + pick(i, 30, 4)] AS category,
            (pick(i, 31, 300) / 4.0)::FLOAT AS cost,
            CASE WHEN pick(i, 32, 7) > 0 THEN (pick(i, 33, 80) / 4.0)::FLOAT END AS weight,
            list_transform(range(pick(i, 34, 4)), lambda s: s::INTEGER * 2 + 1) AS sizes
          FROM range(1, 43) r(i)`,
  stores: `SELECT i::INTEGER AS store_id, 'Store ' || i AS name,
            ['Rome', 'Oslo', 'Lima', 'Kyiv', 'Bonn'][1 + pick(i, 40, 5)] AS city,
            (100 + pick(i, 41, 900))::FLOAT AS area, DATE '2015-01-01' + pick(i, 42, 2000) AS opened
          FROM range(1, 10) r(i)`,
  dates: `SELECT i::INTEGER AS date_id, DATE '2024-01-01' + i::INTEGER AS day,
            month(DATE '2024-01-01' + i::INTEGER)::INTEGER AS month,
            quarter(DATE '2024-01-01' + i::INTEGER)::INTEGER AS quarter,
            isodow(DATE '2024-01-01' + i::INTEGER)::INTEGER AS weekday
          FROM range(366) r(i)`,
  promotions: `SELECT i::INTEGER AS promotion_id, ['flyer', 'coupon', 'radio'][1 + pick(i, 50, 3)] AS kind,
            DATE '2024-01-15' + i::INTEGER * 50 AS from_day, DATE '2024-02-10' + i::INTEGER * 50 AS to_day,
            (pick(i, 51, 40) / 4.0)::FLOAT AS rate
          FROM range(1, 7) r(i)`,
} as const;

/** Writes the tables as Parquet files into a folder: the path of each, by name. */
export async function makeStar(folder: string): Promise<Readonly<Record<string, string>>> {
  await duck(PICK);
  const paths: Record<string, string> = {};
  for (const [name, select] of Object.entries(TABLES)) {
    paths[name] = await makeFile(join(folder, `${name}.parquet`), select);
  }
  return paths;
}
