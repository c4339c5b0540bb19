import type { JobEvent } from '../index.js';

/** How far a job is. */
export interface JobStatus {
  /** What is being done, in a word or two. */
  readonly label: string;
  readonly rows: number;
  /** Undefined where nobody knows before the end. */
  readonly total: number | undefined;
  readonly failedRows: number;
  /** Rows per second of late; undefined until there is something to tell it from. */
  readonly rate: number | undefined;
  readonly secondsLeft: number | undefined;
  /** Since the label is what it is. */
  readonly seconds: number;
}

/** How far back the rate looks: long enough to be calm, short enough to be true. */
const WINDOW_SECONDS = 15;
const SAMPLE_SECONDS = 0.25;
/** Before that, what the start of the workers costs is all there is to see. */
const LEAST_SECONDS = 2;

/** Follows a job by its events. Times are in seconds, of whatever clock the caller has. */
export class JobWatch {
  #label = '';
  #since = 0;
  #rows = 0;
  #total: number | undefined;
  #failedRows = 0;
  #samples: { readonly at: number; readonly rows: number }[] = [];
  #committedRows = 0;
  #stages = 0;

  /** Rows of the stage under way that are safe, whatever happens now. */
  get committedRows(): number {
    return this.#committedRows;
  }

  get totalRows(): number | undefined {
    return this.#total;
  }

  /** Stages that were started: none, if the job was found complete. */
  get stages(): number {
    return this.#stages;
  }

  /** True once there is something to tell. */
  get begun(): boolean {
    return this.#label !== '';
  }

  /** Something that is not a stage of the job has begun. */
  begin(label: string, now: number): void {
    this.#label = label;
    this.#since = now;
    this.#rows = 0;
    this.#total = undefined;
    this.#samples = [];
  }

  event(event: JobEvent, now: number): void {
    switch (event.kind) {
      case 'stageStarted':
        this.begin(event.rows === undefined ? 'preparing the table' : event.description, now);
        this.#stages += 1;
        this.#total = event.rows;
        this.#rows = event.reusedRows;
        this.#committedRows = event.reusedRows;
        this.#samples = [{ at: now, rows: this.#rows }];
        break;
      case 'progress':
        this.#failedRows = event.failedRows;
        // A task that is tried again gives its rows back; a bar that runs backwards helps nobody.
        this.#rows = Math.max(this.#rows, Math.min(event.rows, this.#total ?? event.rows));
        this.#sample(now);
        break;
      case 'taskFinished':
        this.#committedRows += event.rows;
        break;
      default:
        break;
    }
  }

  #sample(now: number): void {
    const samples = this.#samples;
    if (now - samples.at(-1)!.at >= SAMPLE_SECONDS) samples.push({ at: now, rows: this.#rows });
    while (samples.length > 2 && now - samples[0]!.at > WINDOW_SECONDS) samples.shift();
  }

  status(now: number): JobStatus {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    const known =
      first !== undefined && last !== undefined && last.rows > first.rows && last.at - first.at >= LEAST_SECONDS;
    const rate = known ? (last.rows - first.rows) / (last.at - first.at) : undefined;
    const left = this.#total === undefined ? undefined : this.#total - this.#rows;
    return {
      label: this.#label,
      rows: this.#rows,
      total: this.#total,
      failedRows: this.#failedRows,
      rate,
      secondsLeft: rate === undefined || left === undefined ? undefined : left / rate,
      seconds: now - this.#since,
    };
  }
}
