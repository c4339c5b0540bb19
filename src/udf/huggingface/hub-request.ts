import { InframeError, messageOf } from '../../frame/errors.js';

/** Who is asked, and how long one waits. */
export interface Hub {
  /** The hub's address, without a slash at its end. */
  readonly endpoint: URL;
  /** Sent to the endpoint's own origin and nowhere else. */
  readonly token: string | undefined;
  /** Milliseconds without a byte after which the hub counts as silent. */
  readonly patience: number;
  readonly signal: AbortSignal | undefined;
}

/** An answer, and what the hub itself said of the file before it sent one elsewhere for it. */
export interface HubAnswer {
  readonly response: Response;
  /** `x-linked-etag`, else `etag`, without quotes. */
  readonly etag: string | undefined;
  /** `x-linked-size` */
  readonly size: number | undefined;
  /** Bytes as they come. @throws what {@link NetworkFailure} says */
  body(): AsyncGenerator<Uint8Array, void, undefined>;
  /** Ends the request, read or not. */
  close(): void;
}

/** That the network, and not the hub's answer, is what failed. */
export class NetworkFailure extends Error {}

const MOST_REDIRECTS = 5;

/**
 * Asks for an address on the hub and follows where it sends one. Large files are on other hosts: those are asked too, without
 * the token, but never by http where the hub is https.
 *
 * @param path from the endpoint's root, encoded
 * @throws NetworkFailure; InframeError JOB_ABORTED
 */
export async function ask(hub: Hub, path: string): Promise<HubAnswer> {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  hub.signal?.addEventListener('abort', stop, { once: true });
  if (hub.signal?.aborted) stop();
  let silent = false;
  const timer = setTimeout(() => {
    silent = true;
    controller.abort();
  }, hub.patience);
  const close = (): void => {
    clearTimeout(timer);
    hub.signal?.removeEventListener('abort', stop);
    controller.abort();
  };
  const failure = (error: unknown): Error => {
    if (hub.signal?.aborted) return new InframeError('JOB_ABORTED', 'download was stopped');
    if (error instanceof NetworkFailure) return error;
    return new NetworkFailure(silent ? `no byte for ${hub.patience / 1000} s` : reasonOf(error));
  };
  try {
    const { response, etag, size } = await follow(
      hub,
      new URL(`${hub.endpoint.href.replace(/\/$/, '')}${path}`),
      controller.signal,
    );
    timer.refresh();
    async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
      try {
        for await (const chunk of response.body ?? []) {
          timer.refresh();
          yield chunk as Uint8Array;
        }
      } catch (error) {
        throw failure(error);
      }
    }
    return { response, etag, size, body, close };
  } catch (error) {
    close();
    throw failure(error);
  }
}

async function follow(
  hub: Hub,
  first: URL,
  signal: AbortSignal,
): Promise<Pick<HubAnswer, 'response' | 'etag' | 'size'>> {
  let url = first;
  let linked: Pick<HubAnswer, 'etag' | 'size'> = { etag: undefined, size: undefined };
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const own = url.origin === hub.endpoint.origin;
    // Compressed, the bytes would not be as many as the hub says.
    const headers: Record<string, string> = { 'accept-encoding': 'identity', 'user-agent': 'inframe' };
    if (own && hub.token !== undefined) headers['authorization'] = `Bearer ${hub.token}`;
    const response = await fetch(url, { headers, redirect: 'manual', signal });
    if (own) linked = { etag: linked.etag ?? etagOf(response), size: linked.size ?? sizeOf(response) };
    if (![301, 302, 303, 307, 308].includes(response.status)) return { response, ...linked };
    await response.body?.cancel();
    url = next(url, response.headers.get('location'));
  }
  throw new NetworkFailure(`more than ${MOST_REDIRECTS} redirections`);
}

function next(from: URL, location: string | null): URL {
  const to = location !== null && URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  const allowed =
    to !== undefined && (to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:'));
  if (allowed) return to;
  throw new NetworkFailure(
    `it sends on to ${to === undefined ? 'no address' : `${to.protocol}//${to.host}`}, which is not followed`,
  );
}

function etagOf({ headers, status }: Response): string | undefined {
  // The tag of a redirection itself says nothing of the file.
  const tag = headers.get('x-linked-etag') ?? (status < 300 ? headers.get('etag') : null);
  return tag?.replace(/^W\//, '').replaceAll('"', '');
}

function sizeOf({ headers }: Response): number | undefined {
  const text = headers.get('x-linked-size');
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** The code of a system's error says most: ENOTFOUND, ECONNREFUSED. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const { code } = (cause ?? error) as { readonly code?: unknown };
  return typeof code === 'string' ? code : messageOf(cause ?? error);
}
