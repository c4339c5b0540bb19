import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** What was asked of a server, in order. */
export interface Asked {
  readonly url: string;
  readonly authorization: string | undefined;
}

export interface TestServer {
  readonly endpoint: string;
  readonly asked: Asked[];
}

/** A server on this machine that ends with the test. */
export async function serve(
  t: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<TestServer> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url ?? '', authorization: request.headers.authorization });
    answer(request, response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

export const COMMIT = 'a1'.repeat(20);

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** What the hub's API says of a model with these files; those that end in `.onnx` or `_data` count as large. */
export function listing(files: Files): object {
  return { sha: COMMIT, siblings: Object.entries(files).map(([path, content]) => sibling(path, Buffer.from(content))) };
}

function sibling(rfilename: string, content: Buffer): object {
  if (isLarge(rfilename))
    return {
      rfilename,
      size: content.length,
      blobId: 'f'.repeat(40),
      lfs: { sha256: sha256(content), size: content.length },
    };
  return { rfilename, size: content.length, blobId: gitSha1(content) };
}

export function isLarge(path: string): boolean {
  return /\.onnx$|_data$/.test(path);
}

export function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** As `git hash-object` has it. */
export function gitSha1(content: Uint8Array): string {
  return createHash('sha1').update(`blob ${content.byteLength}\0`).update(content).digest('hex');
}

/** Answers as a hub does for one model; large files are on another host, where `elsewhere` says so. */
export function hubOf(id: string, files: Files, elsewhere?: string) {
  return ({ url }: IncomingMessage, response: ServerResponse): void => {
    const { pathname } = new URL(url ?? '/', 'http://x');
    if (pathname.startsWith(`/api/models/${id}/revision/`)) {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(listing(files)));
      return;
    }
    const path = decodeURIComponent(pathname.replace(`/${id}/resolve/${COMMIT}/`, ''));
    const content = Object.hasOwn(files, path) ? Buffer.from(files[path]!) : undefined;
    if (content === undefined) {
      response
        .writeHead(404, { 'x-error-code': pathname.startsWith(`/${id}/`) ? 'EntryNotFound' : 'RepoNotFound' })
        .end();
    } else if (isLarge(path) && elsewhere !== undefined) {
      const linked = { 'x-linked-etag': `"${sha256(content)}"`, 'x-linked-size': String(content.length) };
      response.writeHead(302, { ...linked, location: `${elsewhere}/blobs/${path}?signature=x` }).end();
    } else {
      response.setHeader('etag', `"${isLarge(path) ? sha256(content) : gitSha1(content)}"`).end(content);
    }
  };
}
