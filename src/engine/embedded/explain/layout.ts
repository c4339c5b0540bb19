/*
 * The tree of a plan as lines of text: each line is done with the rows of the line above it. Where several tables meet,
 * each is a block of its own at a bracket, and the last line of the bracket is what is done with them all.
 */

/** The longest line; what is longer goes on below itself. */
const WIDTH = 110;

const VERB = 10;

const MOST_LINES = 6;

/** One line: what is done, and with what. */
export function line(verb: string, text: string): readonly string[] {
  const lines = wrap(text, WIDTH - VERB);
  const shown = lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), '...'] : lines;
  return shown.map((part, at) => `${at === 0 ? verb.padEnd(VERB) : ' '.repeat(VERB)}${part}`.trimEnd());
}

/** One remark of several. */
export function note(text: string): readonly string[] {
  return wrap(text, WIDTH).map((part, at) => `${at === 0 ? '  - ' : '    '}${part}`);
}

/** Blocks of lines, and what is done with all of them. */
export function bracket(blocks: readonly (readonly string[])[], last: readonly string[]): readonly string[] {
  return [
    ...blocks.flatMap((block, index) => block.map((text, at) => `${at > 0 ? '│' : index === 0 ? '┌' : '├'} ${text}`)),
    ...last.map((text, at) => `${at === 0 ? (blocks.length > 0 ? '└' : ' ') : ' '} ${text}`),
  ];
}

/** Names, those beyond so many only counted. */
export function list(names: readonly string[], most = 12): string {
  if (names.length <= most + 1) return names.join(', ');
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    if (current !== '' && current.length + 1 + word.length > width) {
      lines.push(current);
      current = word;
    } else {
      current = current === '' ? word : `${current} ${word}`;
    }
  }
  return [...lines, current];
}
