import { test } from 'node:test';
import { fuzz } from './fuzz.js';

/* The short version of test/long/sql-fuzz.test.ts. */

test('200 generated statements agree with the two-step way or are refused', t => fuzz(t, { runs: 200, seed: 20_250 }));
