import { makeStar } from './star.js';
import { ANALYSES } from './star-statements.js';
import { setUpTwoWays, testAgreement } from './two-ways.js';

/* Statements without a model: a session gives DuckDB's own answers. */

testAgreement(setUpTwoWays(makeStar), ANALYSES);
