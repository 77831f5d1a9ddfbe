import { createClient } from 'graphql-ws/client';
import { disposeClient } from '../../session/dispose.ts';
import { messageOf, textOfOthers } from '../../session/text.ts';
import type { AuditEvent } from '../data/event.ts';

/** The state of the connection, for the person at the page. */
export type LiveState =
  | { readonly is: 'connecting' }
  | { readonly is: 'live' }
  /** The page tries again at a time, in milliseconds since the epoch. */
  | { readonly is: 'waiting'; readonly reason: string; readonly until: number };

export interface FollowOptions {
  /** The address of the socket. */
  readonly url: string;
  readonly document: string;
  /** Returns the value of the `Authorization` header. It renews the token first if it is about to expire. */
  readonly authorization: () => Promise<string | null>;
  /** Calls a listener when the token may have changed. Returns a function that ends this. */
  readonly onToken: (listener: () => void) => () => void;
  readonly onEvent: (event: AuditEvent) => void;
  /**
   * Called each time the subscription has begun. Events before this moment are not delivered. Read them by a query.
   */
  readonly onBegin: () => void;
  readonly onState: (state: LiveState) => void;
  /** Default: the browser's. */
  readonly webSocketImpl?: unknown;
  /** The delay before the n-th attempt after a failure, in milliseconds. Default: 1 s to 30 s, and a random part. */
  readonly delayMs?: (failures: number) => number;
}

/** Follows the events of the audit trail, and connects again after failures. Returns a function that ends this. */
export function follow(options: FollowOptions): () => void {
  const { delayMs = backOffMs } = options;
  let ended = false;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let steady: ReturnType<typeof setTimeout> | undefined;
  let close = (): void => {};

  function connect(): void {
    if (ended) return;
    options.onState({ is: 'connecting' });
    close = connection(options, {
      began() {
        if (ended) return;
        // A server that accepts the socket and then refuses the subscription must not be asked every second.
        steady = setTimeout(() => {
          failures = 0;
        }, steadyMs);
        options.onState({ is: 'live' });
        options.onBegin();
      },
      failed(reason) {
        clearTimeout(steady);
        if (ended) return;
        const delay = delayMs((failures += 1));
        options.onState({ is: 'waiting', reason, until: Date.now() + delay });
        timer = setTimeout(connect, delay);
      },
    });
  }

  connect();
  return () => {
    ended = true;
    clearTimeout(timer);
    clearTimeout(steady);
    close();
  };
}

/** After this time, a connection counts as stable, and the delay begins at 1 s again, in milliseconds. */
const steadyMs = 20_000;

function backOffMs(failures: number): number {
  return Math.min(30_000, 1_000 * 2 ** (failures - 1)) * (0.75 + Math.random() / 2);
}

/** How often the page checks the connection, in milliseconds. */
const pingMs = 20_000;

/** Opens one socket with one subscription. Calls `failed` once at most. Returns a function that closes it. */
function connection(
  { url, document, authorization, onToken, onEvent, webSocketImpl }: FollowOptions,
  { began, failed }: { readonly began: () => void; readonly failed: (reason: string) => void },
): () => void {
  let socket: WebSocket | undefined;
  let sent: string | null = null;
  let isOver = false;
  let unanswered: ReturnType<typeof setTimeout> | undefined;

  const client = createClient({
    url,
    lazy: true,
    retryAttempts: 0,
    keepAlive: pingMs,
    ...(webSocketImpl !== undefined && { webSocketImpl }),
    async connectionParams() {
      sent = await authorization();
      return sent === null ? {} : { authorization: sent };
    },
    on: {
      connected(opened) {
        socket = opened as WebSocket;
        began();
      },
      ping(received) {
        // A socket that answers nothing is broken, although the browser may not notice for minutes.
        if (!received) unanswered = setTimeout(() => client.terminate(), pingMs / 2);
      },
      pong: () => clearTimeout(unanswered),
      closed: () => clearTimeout(unanswered),
    },
  });

  /** Sends a renewed token over the open socket. */
  async function renew(): Promise<void> {
    try {
      const token = await authorization();
      if (isOver || token === null || token === sent || socket?.readyState !== 1) return;
      sent = token;
      socket.send(JSON.stringify({ type: 'ping', payload: { authorization: token } }));
    } catch {
      // The server closes the socket when the token expires. Then the reason is shown.
    }
  }
  const stopRenewing = onToken(() => void renew());

  function end(): boolean {
    if (isOver) return false;
    isOver = true;
    stopRenewing();
    clearTimeout(unanswered);
    disposeClient(client);
    return true;
  }

  client.subscribe<{ added: AuditEvent }>(
    { query: document },
    {
      next({ data, errors }) {
        if (data) onEvent(data.added);
        else if (errors && end()) failed(textOfOthers(errors[0]?.message));
      },
      error(cause) {
        if (end()) failed(reasonOf(cause));
      },
      complete() {
        if (end()) failed('The server ended the subscription.');
      },
    },
  );
  return () => void end();
}

function reasonOf(cause: unknown): string {
  if (Array.isArray(cause)) return textOfOthers(cause[0]?.message) || 'The server refused the subscription.';
  if (cause instanceof Error) return messageOf(cause);
  const { code, reason } = cause as { code?: number; reason?: string };
  return textOfOthers(reason) || `The connection was closed${code === undefined ? '' : ` (${code})`}.`;
}
