import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** Where Chromium is; undefined where it is not, and tests that need it are skipped. */
export const chromium: string | undefined = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
].find(path => path !== undefined && existsSync(path));

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/**
 * A browser without a window, told what to do by the DevTools protocol over a pipe: messages are JSON with a zero byte behind
 * each (https://chromedevtools.github.io/devtools-protocol/, `--remote-debugging-pipe`).
 */
export class Browser {
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #listeners = new Set<(message: Message) => void>();
  /** Everything that the pages have complained of: blocked by the policy, failed to load, thrown. */
  readonly complaints: string[] = [];
  /** Every address that was asked for. */
  readonly requests: string[] = [];
  #session: string | undefined;
  #next = 1;
  #rest = '';

  private constructor(path: string) {
    this.#profile = mkdtempSync(join(tmpdir(), 'inframe-browser-'));
    const switches = [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--remote-debugging-pipe',
      `--user-data-dir=${this.#profile}`,
    ];
    this.#process = spawn(path, switches, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    // Of the pipes that were asked for, the fourth is written and the fifth is read.
    const output = this.#process.stdio[4] as Readable;
    output.setEncoding('utf8').on('data', (text: string) => this.#read(text));
  }

  static async open(path: string): Promise<Browser> {
    const browser = new Browser(path);
    const { targetId } = await browser.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: true });
    browser.#session = String(sessionId);
    for (const domain of ['Page', 'Runtime', 'Log', 'Network', 'Audits']) await browser.send(`${domain}.enable`);
    return browser;
  }

  #read(text: string): void {
    const messages = (this.#rest + text).split('\0');
    this.#rest = messages.pop()!;
    for (const each of messages) this.#take(JSON.parse(each) as Message);
  }

  #take(message: Message): void {
    if (message.id !== undefined) {
      this.#waiting.get(message.id)?.(message);
      this.#waiting.delete(message.id);
      return;
    }
    const { method, params } = message;
    if (['Log.entryAdded', 'Runtime.exceptionThrown', 'Audits.issueAdded', 'Network.loadingFailed'].includes(method!)) {
      this.complaints.push(`${method}: ${JSON.stringify(params).slice(0, 300)}`);
    }
    if (method === 'Network.requestWillBeSent')
      this.requests.push((params!['request'] as { readonly url: string }).url);
    for (const listener of this.#listeners) listener(message);
  }

  send(method: string, params: object = {}): Promise<Readonly<Record<string, unknown>>> {
    const id = this.#next++;
    const target = this.#session === undefined ? {} : { sessionId: this.#session };
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, error }) => {
        if (error === undefined) resolve(result ?? {});
        else reject(new Error(`${method}: ${error.message}`));
      });
      (this.#process.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, ...target })}\0`);
    });
  }

  /** Opens a page, and waits until all of it is there. */
  async go(url: string): Promise<void> {
    const loaded = new Promise<void>(resolve => {
      const listener = ({ method }: Message): void => {
        if (method !== 'Page.loadEventFired') return;
        this.#listeners.delete(listener);
        resolve();
      };
      this.#listeners.add(listener);
    });
    await this.send('Page.navigate', { url });
    await loaded;
  }

  /** How wide the window is, and whether people read on dark or light. */
  async look(width: number, scheme: 'light' | 'dark'): Promise<void> {
    await this.send('Emulation.setDeviceMetricsOverride', {
      width,
      height: 900,
      deviceScaleFactor: 1,
      mobile: width < 600,
    });
    await this.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
  }

  /** The value of an expression in the page, as JSON gives it. */
  async ask<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', {
      expression,
      returnByValue: true,
      awaitPromise: true,
    });
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { readonly value: T }).value;
  }

  async press(key: string, code: number): Promise<void> {
    for (const type of ['keyDown', 'keyUp']) {
      const words = { type, key, code: key, windowsVirtualKeyCode: code, nativeVirtualKeyCode: code };
      await this.send('Input.dispatchKeyEvent', words);
    }
  }

  /** The whole page as a PNG file. */
  async picture(): Promise<Buffer> {
    const { data } = await this.send('Page.captureScreenshot', { captureBeyondViewport: true });
    return Buffer.from(String(data), 'base64');
  }

  async close(): Promise<void> {
    const ended = new Promise(resolve => this.#process.once('exit', resolve));
    this.#session = undefined;
    await this.send('Browser.close').catch(() => {});
    await ended;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}
