import { makeStar } from './star.js';
import { MODEL_ANALYSES } from './star-model-statements.js';
import { setUpTwoWays, testAgreement } from './two-ways.js';

/* Statements that call models give the answer of the two-step way: the closed form of the model first, then plain SQL. */

testAgreement(setUpTwoWays(makeStar), MODEL_ANALYSES);
