import { appendFileSync, chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { scan } from '../frame/sql/tokens.js';

/** Statements that are kept. */
const MOST_ENTRIES = 1000;

/** Where the history is: `INFRAME_HISTORY`, which may be empty for none, else a file in the home folder. */
export function historyPath(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const given = environment['INFRAME_HISTORY'];
  if (given !== undefined) return given === '' ? undefined : given;
  return join(homedir(), '.inframe_history');
}

/**
 * What was entered at the terminal, in memory and in a file that only its owner can read, a line each. A file that cannot
 * be read or written is no reason to say or do anything: then there is the memory alone.
 */
export class History {
  /** The latest first, as readline has it. */
  readonly entries: string[];
  #path: string | undefined;

  private constructor(entries: string[], path: string | undefined) {
    this.entries = entries;
    this.#path = path;
  }

  static open(path: string | undefined): History {
    if (path === undefined) return new History([], undefined);
    const history = new History([], path);
    history.#attempt(file => {
      const lines = readLines(file);
      history.entries.push(...lines.slice(-MOST_ENTRIES).reverse());
      if (lines.length > 0) chmodSync(file, 0o600);
      if (lines.length > 2 * MOST_ENTRIES) rewrite(file, lines.slice(-MOST_ENTRIES));
    });
    return history;
  }

  /** Keeps a statement; nothing is kept of one that fits no line, or that is the same as the last. */
  add(text: string): void {
    const entry = onOneLine(text);
    if (entry === undefined || entry === this.entries[0]) return;
    this.entries.unshift(entry);
    this.entries.length = Math.min(this.entries.length, MOST_ENTRIES);
    this.#attempt(file => appendFileSync(file, `${entry}\n`, { mode: 0o600 }));
  }

  /** Does something with the file; after the first time that fails the file is left alone. */
  #attempt(act: (file: string) => void): void {
    if (this.#path === undefined) return;
    try {
      act(this.#path);
    } catch {
      this.#path = undefined;
    }
  }
}

function readLines(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter(line => line !== '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** A reader sees the old lines or the new ones, whatever happens. */
function rewrite(file: string, lines: readonly string[]): void {
  const beside = `${file}.${process.pid}`;
  writeFileSync(beside, `${lines.join('\n')}\n`, { mode: 0o600 });
  renameSync(beside, file);
}

/** The same statements on one line, without comments; undefined where a text or name in them spans lines. */
export function onOneLine(text: string): string | undefined {
  const { tokens, open } = scan(text);
  if (open !== undefined) return /[\r\n]/.test(text) ? undefined : text.trim();
  let line = '';
  let at = 0;
  for (const token of tokens) {
    if (/[\r\n]/.test(token.text)) return undefined;
    const gap = text.slice(at, token.start);
    if (line !== '' && token.kind !== 'end') line += /^ *$/.test(gap) ? gap : ' ';
    line += token.text;
    at = token.end;
  }
  return line === '' ? undefined : line;
}
