import assert from 'node:assert/strict';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { readRowGroups } from '../../src/connectors/parquet.js';
import { temporaryFolder } from '../support/sessions.js';
import { makeFile, numbersSql } from '../support/tables.js';

test('row groups of files, in the order of the files, whatever they are called', async t => {
  const folder = temporaryFolder(t);
  const names = ['b', 'a', "it's", 'x[1]*?', 'ünï'];
  const counts = [5000, 0, 3, 2048, 10_000];
  const files = [];
  for (const [index, name] of names.entries()) {
    mkdirSync(join(folder, name));
    const path = await makeFile(
      join(folder, name, `${name}.parquet`),
      numbersSql(counts[index]!),
      'FORMAT parquet, ROW_GROUP_SIZE 2048',
    );
    files.push({ path, bytes: statSync(path).size, modified: statSync(path).mtimeMs });
  }
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const groups = await readRowGroups(connection, files);
    assert.deepEqual(
      groups.map(own => own.map(group => group.rows)),
      [[2048, 2048, 904], [], [3], [2048], [2048, 2048, 2048, 2048, 1808]],
    );
    assert.ok(groups.flat().every(group => group.bytes > 0));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
});
