#!/usr/bin/env node
import { reportFailure } from './failure.js';
import { ignoreClosedPipes } from './io.js';
import { runProgram } from './program.js';

const args = process.argv.slice(2);
const json = args.includes('--json');

ignoreClosedPipes();
process.on('uncaughtException', error => {
  process.exit(reportFailure(error, json));
});

// Not process.exit: what is on its way to a pipe would be lost.
process.exitCode = await runProgram(args).catch((error: unknown) => reportFailure(error, json));
