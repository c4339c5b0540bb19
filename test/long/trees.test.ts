import { test } from 'node:test';
import { checkTrees } from '../frame/check-trees.js';

test('the optimizer keeps what many trees mean', t => checkTrees(t, 2000));
