import { CLAUSES } from './places/clauses.js';
import { CORNERS } from './places/corners.js';
import { EXPRESSIONS } from './places/expressions.js';
import { QUERIES } from './places/queries.js';
import { SOURCES } from './places/sources.js';
import { makePlaces } from './places/tables.js';
import { setUpTwoWays, testAgreement } from './two-ways.js';

/* A model may be called wherever a function may: each statement gives the answer of the two-step way. */

testAgreement(setUpTwoWays(makePlaces), { ...CLAUSES, ...EXPRESSIONS, ...QUERIES, ...SOURCES, ...CORNERS });
