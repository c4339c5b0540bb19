import { test } from 'node:test';
import { fuzz } from '../engine/embedded/query/fuzz/fuzz.js';

/* Runs with `npm test -- sql-fuzz`. INFRAME_FUZZ_SEED chooses other statements. */

const seed = Number(process.env['INFRAME_FUZZ_SEED'] ?? 3);

test('10 000 generated statements agree with the two-step way or are refused', t => fuzz(t, { runs: 10_000, seed }));
