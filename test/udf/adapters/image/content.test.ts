import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { readContent } from '../../../../src/udf/adapters/image/content.js';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'inframe-content-')));
const folder = join(root, 'photos');
const source = { folder, hosts: [] as readonly string[], maxBytes: 1000 };

before(() => {
  mkdirSync(join(folder, 'deep'), { recursive: true });
  writeFileSync(join(folder, 'a.jpg'), 'picture');
  writeFileSync(join(folder, 'deep', 'b c.jpg'), 'deeper');
  writeFileSync(join(folder, '..b.jpg'), 'dots');
  writeFileSync(join(folder, 'large.jpg'), Buffer.alloc(1001));
  writeFileSync(join(folder, 'empty.jpg'), '');
  writeFileSync(join(root, 'secret'), 'secret');
  mkdirSync(join(root, 'photos-private'));
  writeFileSync(join(root, 'photos-private', 'c.jpg'), 'private');
  symlinkSync(join(root, 'secret'), join(folder, 'link.jpg'));
  symlinkSync(root, join(folder, 'way-out'));
  symlinkSync('a.jpg', join(folder, 'inside.jpg'));
  symlinkSync('nowhere', join(folder, 'broken.jpg'));
  symlinkSync('loop.jpg', join(folder, 'loop.jpg'));
  symlinkSync(folder, join(root, 'alias'));
});
after(() => rmSync(root, { recursive: true, force: true }));

const text = async (value: string, from = source): Promise<string> =>
  Buffer.from(await readContent(value, from)).toString();

const refused = (message: RegExp) => ({ name: 'ContentError', message });

test('paths inside of the folder are read, however they are written', async () => {
  assert.equal(await text('a.jpg'), 'picture');
  assert.equal(await text('./deep/../a.jpg'), 'picture');
  assert.equal(await text('deep/b c.jpg'), 'deeper');
  assert.equal(await text(join(folder, 'a.jpg')), 'picture');
  assert.equal(await text(pathToFileURL(join(folder, 'deep', 'b c.jpg')).href), 'deeper');
  assert.equal(await text('..b.jpg'), 'dots');
  assert.equal(await text('inside.jpg'), 'picture');
  assert.equal(await text('empty.jpg'), '');
  // The folder itself may be a link: to its files lead both its names.
  const alias = { ...source, folder: join(root, 'alias') };
  assert.equal(await text('a.jpg', alias), 'picture');
  assert.equal(await text(join(folder, 'a.jpg'), alias), 'picture');
  assert.equal((await readContent('large.jpg', { ...source, maxBytes: 1001 })).length, 1001);
});

test('nothing outside of it is, not even whether it is there', async () => {
  const outside = refused(/ is outside of the folder '/);
  for (const path of [
    '../secret',
    '../missing',
    'deep/../../secret',
    join(root, 'secret'),
    '/etc/passwd',
    '../photos-private/c.jpg',
    'link.jpg',
    'way-out/secret',
    'way-out/photos-private/c.jpg',
    pathToFileURL(join(root, 'secret')).href,
    'file:///etc/passwd',
    '..',
  ]) {
    await assert.rejects(readContent(path, source), outside, path);
  }
});

test('what is no plain file, or too long, is refused', async () => {
  const reasons: readonly (readonly [value: string, reason: RegExp])[] = [
    ['', /^the path is empty$/],
    ['  ', /^the path is empty$/],
    ['a\0.jpg', /zero byte/],
    ['missing.jpg', /^there is no file "missing.jpg"$/],
    ['a.jpg/b', /^there is no file "a.jpg\/b"$/],
    ['broken.jpg', /^there is no file/],
    ['loop.jpg', /leads nowhere/],
    ['deep', /^the path "deep" is not a plain file$/],
    ['.', /is not a plain file/],
    ['large.jpg', /^the content has 1001 bytes, more than the limit of 1000$/],
    ['x'.repeat(5000), /is too long$/],
    ['file://elsewhere/a.jpg', /does not name a file of this machine/],
    ['file:///a%2Fb', /does not name a file of this machine/],
    ['s3://bucket/a.jpg', /^the scheme 's3' is not read; there are: file, http, https$/],
    ['data://x', /^the scheme 'data' is not read/],
  ];
  for (const [value, reason] of reasons) await assert.rejects(readContent(value, source), refused(reason), value);
  await assert.rejects(readContent('a.jpg', { ...source, folder: join(root, 'gone') }), refused(/^there is no file/));
});

/** Serves `answer` on this machine for as long as `use` runs. */
async function serving(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  use: (host: string) => Promise<void>,
): Promise<void> {
  const server = createServer(answer);
  await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready));
  try {
    await use(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise(closed => server.close(closed));
  }
}

test('URLs of the hosts that are allowed are read', async () => {
  const asked: (string | undefined)[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    asked.push(request.url);
    if (request.url === '/a.jpg') response.end('from afar');
    else if (request.url === '/empty') response.end();
    else if (request.url === '/exact') response.end(Buffer.alloc(1000));
    else response.writeHead(404).end('not here');
  };
  await serving(answer, async host => {
    const from = { ...source, hosts: [host] };
    assert.equal(await text(`http://${host}/a.jpg`, from), 'from afar');
    assert.equal(await text(`HTTP://${host}/empty`, from), '');
    assert.equal((await readContent(`http://${host}/exact`, from)).length, 1000);
    await assert.rejects(
      readContent(`http://${host}/b`, from),
      refused(/^the host '127\.0\.0\.1:\d+' answers 404 Not Found$/),
    );
    const before = asked.length;
    await assert.rejects(readContent(`http://${host}/a.jpg`, source), refused(/is not allowed; none is allowed/));
    const other = { ...source, hosts: ['example.org', '127.0.0.1'] };
    await assert.rejects(readContent(`http://${host}/a.jpg`, other), refused(/allowed are: example.org, 127.0.0.1/));
    await assert.rejects(readContent(`http://user:secret@${host}/a.jpg`, from), error => {
      return error instanceof Error && /user name or password/.test(error.message) && !error.message.includes('secret');
    });
    await assert.rejects(readContent('http://', from), refused(/^the URL cannot be understood$/));
    assert.equal(asked.length, before, 'nothing was asked for');
  });
});

test('redirects are followed three times, and only to where they may lead', async () => {
  let other = '';
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const path = request.url ?? '';
    const hops = /^\/hop(\d+)$/.exec(path)?.[1];
    const to = (location: string) => response.writeHead(302, { location }).end();
    if (hops !== undefined) to(hops === '0' ? '/end' : `/hop${Number(hops) - 1}`);
    else if (path === '/end') response.end('arrived');
    else if (path === '/away') to(`http://${other}/end`);
    else if (path === '/file') to('file:///etc/passwd');
    else response.writeHead(302).end('no location');
  };
  await serving(answer, async stranger => {
    other = stranger;
    await serving(answer, async host => {
      const from = { ...source, hosts: [host] };
      assert.equal(await text(`http://${host}/hop2`, from), 'arrived');
      await assert.rejects(readContent(`http://${host}/hop3`, from), refused(/redirects more than 3 times$/));
      await assert.rejects(readContent(`http://${host}/away`, from), refused(/is not allowed; allowed are/));
      await assert.rejects(readContent(`http://${host}/file`, from), refused(/leads to the scheme 'file'/));
      await assert.rejects(readContent(`http://${host}/nowhere`, from), refused(/answers 302/));
      assert.equal(await text(`http://${host}/away`, { ...source, hosts: [host, stranger] }), 'arrived');
    });
  });
});

test('no more is taken than the limit, whatever is announced', async () => {
  let written = 0;
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.url === '/announced') response.writeHead(200, { 'content-length': 5000 }).end(Buffer.alloc(5000));
    else {
      // Without an end: whoever reads it all never comes back.
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(1000))) written += 1000;
      };
      response.on('drain', more);
      more();
    }
  };
  await serving(answer, async host => {
    const from = { ...source, hosts: [host] };
    await assert.rejects(
      readContent(`http://${host}/announced`, from),
      refused(/^the content has 5000 bytes, more than/),
    );
    await assert.rejects(
      readContent(`http://${host}/endless`, from),
      refused(/^the content has more bytes than the limit of 1000$/),
    );
    assert.ok(written > 0);
  });
});

test('a server that does not answer in time, breaks off, or is not there is a failed row', async () => {
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.url === '/broken') {
      response.writeHead(200, { 'content-length': 500 });
      response.write('a part', () => response.destroy());
    } else if (request.url === '/slow') response.writeHead(200).write('a part');
  };
  let gone = '';
  await serving(answer, async host => {
    gone = host;
    const from = { ...source, hosts: [host] };
    await assert.rejects(
      readContent(`http://${host}/silent`, from, 50),
      refused(/has not answered in full within 0.05 seconds$/),
    );
    await assert.rejects(readContent(`http://${host}/slow`, from, 50), refused(/has not answered in full/));
    await assert.rejects(readContent(`http://${host}/broken`, from), refused(/cannot be read from \(/));
  });
  await assert.rejects(readContent(`http://${gone}/`, { ...source, hosts: [gone] }), refused(/cannot be read from \(/));
});
