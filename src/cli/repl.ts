import { createInterface, type Interface } from 'node:readline';
import { InframeError, nearest } from '../frame/errors.js';
import { isSymbol } from '../frame/sql/cursor.js';
import { parseScript, type ScriptStatement } from '../frame/sql/statement.js';
import { type Scan, scan } from '../frame/sql/tokens.js';
import { complete, type KnownNames, SHELL_COMMANDS } from './completion.js';
import { inShellWords } from './failure.js';
import type { History } from './history.js';
import type { Printed } from './print-rows.js';
import { duration, oneLine, plural } from './words.js';

export interface ReplOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** True if a person is at the other end: lines are edited, Ctrl-C comes as a key. */
  readonly terminal: boolean;
  readonly history: History;
  readonly names: () => KnownNames;
  /** Runs a statement and prints its rows; undefined for one that has none. */
  readonly run: (statement: ScriptStatement, signal: AbortSignal) => Promise<Printed | undefined>;
  /** Ctrl-C while a statement is being stopped: somebody has no patience. */
  readonly quit: () => void;
  /** Seconds; the process's clock where nothing is said. */
  readonly now?: () => number;
}

const PROMPT = 'inframe> ';
/** Of a line that goes on with a statement, and of one inside a quote or comment. */
const MORE = '     ... ';
const INSIDE = '   quote> ';
/** Longer texts are looked at only where they may end: looking at each line anew would take ever longer. */
const LONG = 100_000;

const HELP = `Statements end with a ; and may span lines. inframe sql --help and docs/sql.md say more.
  .tables         tables and views
  .models         models and functions
  .help           this text
  .exit, .quit    leave (as does Ctrl-D)
Ctrl-C clears the line, or stops the statement that runs. Tab completes words and names.`;

/** Reads statements from a person and has them run, one after the other, until there are no more. */
export class Repl {
  readonly #options: ReplOptions;
  readonly #lines: Interface;
  /** Lines of a statement that has not ended. */
  #text = '';
  /** What arrow up brings back: readline's own list. */
  #recalled: string[] = [];
  /** What was entered and waits for what runs. */
  #waiting: string[] = [];
  #working = false;
  #running: AbortController | undefined;
  /** The person has asked to leave: what waits is not run any more. */
  #left = false;
  /** There is no more input; what waits is still run. */
  #ended = false;
  #idle = (): void => {};

  constructor(options: ReplOptions) {
    this.#options = options;
    const { input, output, terminal, history } = options;
    this.#lines = createInterface({
      input,
      output,
      terminal,
      prompt: PROMPT,
      history: [...history.entries],
      historySize: Math.max(1, history.entries.length) + 10_000,
      completer: (line: string) => complete(line, options.names()),
    });
    // Readline keeps lines; what is worth keeping is statements.
    this.#lines.on('history', entries => {
      this.#recalled = entries;
      this.#remember();
    });
    this.#lines.on('line', line => this.#enter(line));
    this.#lines.on('SIGINT', () => this.#interrupt());
  }

  /** Until the input ends or the person leaves. */
  async run(): Promise<void> {
    this.#lines.prompt();
    await new Promise<void>(resolve => {
      this.#lines.once('close', resolve);
    });
    this.#ended = true;
    if (this.#working) {
      await new Promise<void>(resolve => {
        this.#idle = resolve;
      });
    }
    if (this.#left) return;
    // Ctrl-D: what follows begins on a line of its own.
    if (this.#options.terminal) this.#print('');
    if (this.#text !== '') this.#print('inframe: the last statement has no ; and was not run');
  }

  /** Gives the terminal back. */
  close(): void {
    this.#left = true;
    this.#lines.close();
  }

  #enter(line: string): void {
    this.#waiting.push(line);
    if (!this.#working) void this.#work();
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (let line = this.#waiting.shift(); line !== undefined && !this.#left; line = this.#waiting.shift()) {
      await this.#take(line);
    }
    this.#working = false;
    this.#idle();
    if (!this.#left && !this.#ended) this.#lines.prompt();
  }

  async #take(line: string): Promise<void> {
    const word = line.trim();
    if (this.#text === '' && (word.startsWith('.') || /^(?:exit|quit);?$/i.test(word))) {
      this.#remember(word);
      await this.#command(word.replace(/;$/, ''));
      return;
    }
    this.#text += this.#text === '' ? line : `\n${line}`;
    const looked: Scan | undefined = this.#text.length < LONG || line.includes(';') ? scan(this.#text) : undefined;
    if (looked !== undefined && looked.open === undefined) {
      const last = looked.tokens.at(-2);
      if (last === undefined) this.#text = '';
      else if (isSymbol(last, ';')) await this.#statements();
    }
    this.#lines.setPrompt(this.#text === '' ? PROMPT : looked?.open === undefined ? MORE : INSIDE);
  }

  async #statements(): Promise<void> {
    const text = this.#text;
    this.#text = '';
    this.#remember(text);
    await this.#attempt(async () => {
      for (const statement of parseScript(text)) await this.#runStatement(statement);
    });
  }

  async #runStatement(statement: ScriptStatement): Promise<void> {
    const { now = () => performance.now() / 1000, run } = this.#options;
    const controller = new AbortController();
    this.#running = controller;
    const began = now();
    try {
      const printed = await run(statement, controller.signal);
      const seconds = duration(now() - began);
      this.#print(printed === undefined || printed.more ? seconds : `${plural(printed.rows, 'row')}, ${seconds}`);
    } catch (error) {
      if (!controller.signal.aborted) throw error;
      throw new InframeError('JOB_ABORTED', 'statement was stopped');
    } finally {
      this.#running = undefined;
    }
  }

  async #command(word: string): Promise<void> {
    switch (word.toLowerCase()) {
      case '.exit':
      case '.quit':
      case 'exit':
      case 'quit':
        this.close();
        return;
      case '.help':
        this.#print(HELP);
        return;
      case '.tables':
      case '.models':
        await this.#attempt(() => this.#runStatement(parseScript(`SHOW ${word.slice(1)}`)[0]!));
        return;
    }
    const guess = nearest(word, SHELL_COMMANDS);
    const hint = guess === undefined ? '' : ` (did you mean '${guess}'?)`;
    this.#print(`inframe: command '${oneLine(word)}' is not known; there are: ${SHELL_COMMANDS.join(', ')}${hint}`);
  }

  /** What goes wrong is said in one sentence, and the shell goes on. */
  async #attempt(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#print(`inframe: ${oneLine(inShellWords(error).message)}`);
    }
  }

  #remember(text?: string): void {
    const { history } = this.#options;
    if (text !== undefined) history.add(text);
    this.#recalled.splice(0, this.#recalled.length, ...history.entries);
  }

  #interrupt(): void {
    if (this.#running?.signal.aborted) {
      this.#options.quit();
    } else if (this.#running !== undefined) {
      this.#waiting = [];
      this.#running.abort();
    } else {
      this.#text = '';
      this.#lines.setPrompt(PROMPT);
      // To the end of the line and from there to its beginning: gone.
      this.#lines.write(null, { ctrl: true, name: 'e' });
      this.#lines.write(null, { ctrl: true, name: 'u' });
      this.#print('');
      this.#lines.prompt();
    }
  }

  #print(text: string): void {
    this.#options.output.write(`${text}\n`);
  }
}
