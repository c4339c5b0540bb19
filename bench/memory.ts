import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../src/index.js';
import { FEATURES } from './data.js';

/* node memory.js TABLE MODEL: scores a table in a process of its own and prints that process's peak memory in bytes. */

const [table, model] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'inframe-bench-'));
const session = await connect();
const network = await session.model(model!);
const report = await session.read
  .parquet(table!)
  .select('id', network(...FEATURES).as('score'))
  .write.parquet(join(folder, 'out'));
await session.close();
rmSync(folder, { recursive: true, force: true });
console.log(report.peakMemory);
