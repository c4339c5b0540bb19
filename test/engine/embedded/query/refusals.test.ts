import { makePlaces } from './places/tables.js';
import { MISPLACED, UNKNOWN, WRONG_ARGUMENTS } from './refusals.js';
import { setUpTwoWays, testRefusals } from './two-ways.js';

/* What cannot be answered is refused before a row is read, with a code for the program and a sentence for the person. */

testRefusals(setUpTwoWays(makePlaces), { ...MISPLACED, ...WRONG_ARGUMENTS, ...UNKNOWN });
