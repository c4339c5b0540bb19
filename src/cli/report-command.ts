import { type Command, InvalidArgumentError } from 'commander';
import { FORMATS } from '../frame/plan.js';
import type { ReportFlags } from './commands/report.js';
import { format, notEmpty, wholeNumber } from './flags.js';

/** The words of `inframe report`. */
export function addReport(
  program: Command,
  act: (paths: readonly string[], flags: ReportFlags) => Promise<void>,
): void {
  program
    .command('report')
    .summary('write a page to look at a table: pictures, predictions, scores')
    .description(
      'Writes one HTML file that needs nothing beside it: pictures in small with what was predicted for them, the least\n' +
        'certain rows, the rows without a prediction, histograms of scores, counts of labels.',
    )
    .argument('<table...>', 'files, folders or globs of one format')
    .option('-o, --out <file>', 'the page (default: report.html); a report that is there is replaced', notEmpty)
    .option('--title <text>', 'its heading (default: the name of the table)', notEmpty)
    .option('-n, --rows <n>', 'the most rows that are shown one by one (default: 60)', wholeNumber(0, 500))
    .option('--uncertainty <measure>', 'score (default): the best score; margin: its distance from the second', measure)
    .option('--overwrite', 'replace a file that is no report')
    .option('--input-format <format>', `format of the table: ${FORMATS.join(', ')} (default: by its ending)`, format)
    .optionsGroup('Which column is what, where guessing is wrong:')
    .option('--picture <column>', 'bytes of pictures', notEmpty)
    .option('--label <column>', 'what was predicted', notEmpty)
    .option('--score <column>', 'how sure the prediction is', notEmpty)
    .option('--text <column>', 'what is to be read beside it', notEmpty)
    .option('--path <column>', 'what a row is called', notEmpty)
    .optionsGroup('What is said:')
    .option('--json', 'what was written, as one JSON object')
    .optionsGroup('Help:')
    .addHelpText(
      'after',
      '\nExamples:\n  inframe report scored\n  inframe report scored --out pets.html --title "Cats and dogs" --label what',
    )
    .action((paths: string[], flags: ReportFlags) => act(paths, flags));
}

function measure(text: string): 'score' | 'margin' {
  if (text === 'score' || text === 'margin') return text;
  throw new InvalidArgumentError('there are: score, margin');
}
