import type { Operation } from './declare.js';
import type { TestedEngine } from './engines.js';

/** The table of what every engine can do, in Markdown. */
export function documentOf(operations: readonly Operation[], engines: readonly TestedEngine[]): string {
  const groups = [...new Set(operations.map(({ group }) => group))];
  const counts = engines.map(({ name, unsupported, faults }) => {
    const missing = Object.keys(unsupported).length;
    const wrong = Object.keys(faults).length;
    return `${name}: ${operations.length - missing - wrong} of ${operations.length} (${missing} not there, ${wrong} wrong)`;
  });
  const heading = `| Operation | ${engines.map(({ name }) => name).join(' | ')} |\n|---|${engines.map(() => '---|').join('')}`;
  const sections = groups.map(group => {
    const lines = operations
      .filter(operation => operation.group === group)
      .map(({ name }) => `| ${cell(name)} | ${engines.map(engine => cell(support(engine, name))).join(' | ')} |`);
    return `## ${group}\n\n${heading}\n${lines.join('\n')}\n`;
  });
  return `# Operations

What each engine carries out. Every operation is run on every engine, with one worker and with three, over tables in one
file and in several; the answer is compared with one that is written by hand, value by value (test/conformance).

A \`yes\` has passed. Anything else says why not: *not yet* can be added, *not possible upstream* waits for what the engine is
built on, *never* is not wanted; all three are refused with an error that says what to do. *wrong* is a fault that is known.

${counts.join('; ')}.

${sections.join('\n')}`;
}

function support({ unsupported, faults }: TestedEngine, operation: string): string {
  const known = unsupported[operation];
  const fault = faults[operation];
  if (fault !== undefined) return `wrong${fault.sometimes ? ' at times' : ''}: ${fault.reason}`;
  return known === undefined ? 'yes' : `${known.kind}: ${known.reason}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
