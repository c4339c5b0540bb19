import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommandQueue } from '../../src/frame/command-queue.js';
import { InframeError } from '../../src/frame/errors.js';
import { inframeError } from '../support/onnx.js';

/** An action: it waits for the commands, and reads nothing. */
const use = (queue: CommandQueue, looked: readonly object[] = []): Promise<void> => queue.use(() => {}, looked);

/** A command that ends when the test says so. */
function held(log: string[], name: string) {
  let end: (error?: unknown) => void = () => {};
  const ended = new Promise<string>((resolve, reject) => {
    end = error => (error === undefined ? resolve(name) : reject(error as Error));
  });
  const run = (): Promise<string> => {
    log.push(`${name} begins`);
    return ended.finally(() => log.push(`${name} ends`));
  };
  return { run, end };
}

const failing = (name: string) => async (): Promise<never> => {
  throw new InframeError('TARGET_EXISTS', `target '${name}' is taken`, { target: name });
};

test('commands run one after the other in the order of the calls', async () => {
  const queue = new CommandQueue();
  const log: string[] = [];
  const [a, b] = [held(log, 'a'), held(log, 'b')];
  const first = queue.add('a', a.run);
  const second = queue.add('b', b.run);
  const action = use(queue).then(() => log.push('action'));
  b.end();
  a.end();
  assert.deepEqual([await first.outcome(), await second.outcome()], ['a', 'b']);
  await action;
  assert.deepEqual(log, ['a begins', 'a ends', 'b begins', 'b ends', 'action']);
});

test('what an action reads is what is there before later commands begin', async () => {
  const queue = new CommandQueue();
  let value = 0;
  const before = queue.use(() => value);
  queue.add('A', async () => {
    value = 1;
  });
  const between = queue.use(() => value);
  queue.add('B', async () => {
    value = 2;
  });
  const after = queue.use(() => value);
  assert.deepEqual(await Promise.all([before, between, after]), [0, 1, 2]);
});

test('a failure is thrown to whoever looks, every time, and to nobody else', async () => {
  const queue = new CommandQueue();
  const failed = queue.add('COPY x', failing('x'));
  for (let time = 0; time < 2; time++) {
    await assert.rejects(failed.outcome(), inframeError('TARGET_EXISTS', /^target 'x' is taken$/));
  }
  await use(queue);
});

test('a failure nobody has looked at is thrown to the next use, once', async () => {
  const queue = new CommandQueue();
  queue.add('COPY x', failing('x'));
  await assert.rejects(use(queue), (error: unknown) => {
    inframeError('TARGET_EXISTS', /^command 'COPY x' failed before this: target 'x' is taken$/)(error);
    assert.deepEqual((error as InframeError).details, { target: 'x' });
    return true;
  });
  await use(queue);
});

test('whoever looks before the end has looked', async () => {
  const queue = new CommandQueue();
  const log: string[] = [];
  const a = held(log, 'a');
  const looked = queue.add('a', a.run).outcome();
  const next = queue.add('b', async () => 'done');
  const action = use(queue);
  a.end(new InframeError('DISK_FULL', 'disk is full'));
  await assert.rejects(looked, inframeError('DISK_FULL'));
  assert.equal(await next.outcome(), 'done', 'it does not depend on a command that somebody answers for');
  await action;
});

test('a command given behind one that nobody has looked at depends on it', async () => {
  for (const hasFailedBefore of [false, true]) {
    const queue = new CommandQueue();
    const log: string[] = [];
    const a = queue.add('A', failing('x'));
    if (hasFailedBefore) await new Promise(setImmediate);
    const b = queue.add('B', async () => log.push('B ran'));
    const c = queue.add('C', async () => log.push('C ran'));
    await assert.rejects(
      c.outcome(),
      inframeError(
        'TARGET_EXISTS',
        /^command 'C' was not carried out, because 'A' before it failed: target 'x' is taken$/,
      ),
    );
    await assert.rejects(b.outcome(), inframeError('TARGET_EXISTS', "command 'B' was not carried out"));
    await assert.rejects(a.outcome(), inframeError('TARGET_EXISTS', /^target 'x'/));
    assert.deepEqual(log, []);
    await use(queue);
    assert.equal(await queue.add('D', async () => 'ran').outcome(), 'ran');
  }
});

test('the last of a chain answers for all', async () => {
  const queue = new CommandQueue();
  queue.add('A', failing('x'));
  queue.add('B', async () => {});
  await assert.rejects(use(queue), inframeError('TARGET_EXISTS', "command 'B' was not carried out, because 'A'"));
  await use(queue);
});

test('a look at a command is no use of the session for the others', async () => {
  const queue = new CommandQueue();
  const a = queue.add('A', async () => 'fine');
  const taken = a.outcome();
  queue.add('B', failing('x'));
  await use(queue, [a]);
  assert.equal(await taken, 'fine');
  await assert.rejects(use(queue), inframeError('TARGET_EXISTS', "command 'B' failed before this"));
});

test('a look through an action counts as a look', async () => {
  const queue = new CommandQueue();
  const a = queue.add('A', failing('x'));
  await use(queue, [a]);
  await use(queue);
  await assert.rejects(a.outcome(), inframeError('TARGET_EXISTS'));
});

test('short commands run at once where nothing waits, else in their turn', async () => {
  const queue = new CommandQueue();
  const log: string[] = [];
  queue.addShort('now', () => log.push('now'));
  assert.deepEqual(log, ['now']);
  assert.throws(() => queue.addShort('bad', () => assert.fail('thrown here')), /thrown here/);
  await use(queue);

  const a = held(log, 'a');
  queue.add('a', a.run);
  queue.addShort('later', () => log.push('later'));
  assert.deepEqual(log, ['now']);
  a.end();
  await use(queue);
  assert.deepEqual(log, ['now', 'a begins', 'a ends', 'later']);

  const b = held(log, 'b');
  queue.add('b', b.run);
  queue.addShort('bad', () => {
    throw new InframeError('NAME_TAKEN', "name 'm' is taken");
  });
  b.end();
  await assert.rejects(use(queue), inframeError('NAME_TAKEN', "command 'bad' failed before this: name 'm' is taken"));
});

test('a short command is a use of the session', async () => {
  const queue = new CommandQueue();
  queue.add('A', failing('x'));
  await new Promise(setImmediate);
  assert.throws(() => queue.addShort('b', () => {}), inframeError('TARGET_EXISTS', "command 'A' failed before this"));
  await use(queue);
});

test('what is no InframeError becomes one', async () => {
  const queue = new CommandQueue();
  queue.add('A', async () => {
    throw new TypeError('x is not a function');
  });
  await assert.rejects(use(queue), inframeError('INTERNAL', "command 'A' failed before this: x is not a function"));
});

test('no rejection is unhandled, looked at or not', async t => {
  const unhandled: unknown[] = [];
  const listen = (reason: unknown): void => {
    unhandled.push(reason);
  };
  process.on('unhandledRejection', listen);
  t.after(() => process.off('unhandledRejection', listen));
  const queue = new CommandQueue();
  queue.add('A', failing('x'));
  queue.add('B', failing('y'));
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
  await assert.rejects(use(queue));
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
  assert.deepEqual(unhandled, []);
});
