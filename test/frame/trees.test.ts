import { test } from 'node:test';
import { checkTrees } from './check-trees.js';

test('the optimizer keeps what trees of joins, set operations, windows, groups and models mean', t =>
  checkTrees(t, 40));
