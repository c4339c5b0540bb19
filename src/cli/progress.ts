import { SingleBar } from 'cli-progress';
import stringWidth from 'string-width';
import type { JobEvent } from '../index.js';
import { type JobStatus, JobWatch } from './job-watch.js';
import { count, duration, oneLine, plural, rate, timeLeft } from './words.js';

/** What progress is drawn on. */
export interface ProgressStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface ProgressOptions {
  readonly stream: ProgressStream;
  readonly quiet: boolean;
  /** Seconds; the process's clock where nothing is said. */
  readonly now?: () => number;
}

/** Without a terminal, a line this often. */
const LINE_SECONDS = 10;

/** One bar on a terminal, a line now and then in a log, nothing where quiet is wanted. */
export class Progress {
  readonly watch = new JobWatch();
  readonly #now: () => number;
  readonly #stream: ProgressStream;
  readonly #bar: SingleBar | undefined;
  readonly #lines: boolean;
  #lastLine: number;
  #stopped = false;

  constructor({ stream, quiet, now = () => performance.now() / 1000 }: ProgressOptions) {
    this.#now = now;
    this.#stream = stream;
    this.#lastLine = now();
    this.#lines = !quiet && stream.isTTY !== true;
    this.#bar = quiet || stream.isTTY !== true ? undefined : this.#makeBar();
  }

  #makeBar(): SingleBar {
    // The line is made here; cli-progress draws it: throttled, in place, and clears it at the end.
    const format = (): string => barLine(this.watch.status(this.#now()), this.#stream.columns ?? 80);
    const bar = new SingleBar({
      format,
      stream: this.#stream,
      fps: 10,
      hideCursor: true,
      clearOnComplete: true,
      // Signals are interrupt.ts's business.
      gracefulExit: false,
    });
    return bar;
  }

  /** Something that is not part of the job has begun, such as loading the model. */
  begin(label: string): void {
    this.watch.begin(label, this.#now());
    this.#draw();
  }

  readonly onEvent = (event: JobEvent): void => {
    const now = this.#now();
    this.watch.event(event, now);
    this.#draw();
    if (this.#lines && !this.#stopped && event.kind === 'progress' && now - this.#lastLine >= LINE_SECONDS) {
      this.#lastLine = now;
      this.#stream.write(`inframe: ${logLine(this.watch.status(now))}\n`);
    }
  };

  #draw(): void {
    if (this.#stopped || this.#bar === undefined || !this.watch.begun) return;
    if (this.#bar.isActive) this.#bar.update(0);
    else this.#bar.start(1, 0);
  }

  /** Takes the bar away until something else begins. */
  pause(): void {
    this.watch.begin('', this.#now());
    this.#clear();
  }

  #clear(): void {
    if (this.#bar?.isActive) this.#bar.stop();
  }

  /** Takes the bar away, for good. May be called twice. */
  stop(): void {
    this.#stopped = true;
    this.#clear();
  }
}

/** `delay: 1,260,000 of 3,000,000 rows (42 %), 712,000 rows/s, 3 failed, 2.4 s left` */
export function logLine(status: JobStatus): string {
  return `${oneLine(status.label)}: ${facts(status, true).join(', ')}`;
}

const MOST_LABEL = 24;
const MOST_BAR = 30;
const LEAST_BAR = 8;

/** The same for a terminal of so many columns: with a bar where there is room for one, never longer than a line. */
export function barLine(status: JobStatus, columns: number): string {
  const label = clip(oneLine(status.label), MOST_LABEL);
  const room = Math.max(10, columns - 1);
  if (status.total === undefined) return clip(`${label} ... ${duration(status.seconds)}`, room);
  const done = status.total === 0 ? 1 : status.rows / status.total;
  const percent = `${Math.floor(done * 100)} %`.padStart(5);
  const all = facts(status, false);
  // On a narrow terminal the rows go first: the share says it too.
  const fits = stringWidth(label) + percent.length + stringWidth(all.join('  ')) + 3 <= room;
  const words = (fits ? all : all.slice(1)).join('  ');
  const width = Math.min(MOST_BAR, room - stringWidth(label) - percent.length - stringWidth(words) - 4);
  const bar = width < LEAST_BAR ? '' : `${'█'.repeat(Math.floor(done * width)).padEnd(width, '░')} `;
  return clip(`${label} ${bar}${percent}  ${words}`, room);
}

function facts(status: JobStatus, percent: boolean): readonly string[] {
  const { rows, total, failedRows, secondsLeft } = status;
  const share = percent && total !== undefined && total > 0 ? ` (${Math.floor((rows / total) * 100)} %)` : '';
  return [
    total === undefined ? plural(rows, 'row') : `${count(rows)} of ${plural(total, 'row')}${share}`,
    ...(status.rate === undefined ? [] : [`${rate(status.rate)} rows/s`]),
    ...(failedRows === 0 ? [] : [`${count(failedRows)} failed`]),
    ...(secondsLeft === undefined ? [] : [`${timeLeft(secondsLeft)} left`]),
  ];
}

function clip(text: string, most: number): string {
  if (stringWidth(text) <= most) return text;
  let result = '';
  for (const character of text) {
    if (stringWidth(result) + stringWidth(character) > most - 1) break;
    result += character;
  }
  return `${result}…`;
}
