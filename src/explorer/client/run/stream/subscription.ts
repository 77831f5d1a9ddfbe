import { type Client, createClient } from 'graphql-ws';
import { disposeClient } from '../../session/dispose.ts';
import type { Operation } from '../answers/answer.ts';
import { type CloseMeaning, closeMeaning, type Reconnect } from './closes.ts';

/** The state of a subscription, for people. */
export type SubscriptionState =
  | { readonly kind: 'connecting'; readonly reason: string | null }
  | { readonly kind: 'live' }
  | { readonly kind: 'waiting'; readonly reason: string; readonly attempt: number; readonly waitMs: number }
  /** `refusal`: the answer with the errors with which the server refused the subscription. */
  | { readonly kind: 'ended'; readonly reason: string; readonly refusal?: unknown };

/** The callers that a subscription needs. `Callers` of `session/` has these members. */
export interface RenewableCallers {
  list(): readonly { readonly id: string; readonly kind: string; readonly expiresAt: number | null }[];
  subscribe(listener: () => void): () => void;
  authorization(id: string): Promise<string | null>;
  renew(id: string): Promise<void>;
}

export interface SubscriptionOptions {
  /** The address of the WebSocket. */
  readonly url: string;
  readonly callers: RenewableCallers;
  readonly callerId: string;
  readonly operation: Operation;
  /** The constructor of sockets. Default: that of the browser. */
  readonly webSocket?: unknown;
  readonly now: () => number;
  /** Calls a function after a time in milliseconds, and returns the function that cancels it. */
  readonly wait: (act: () => void, delayMs: number) => () => void;
  readonly onState: (state: SubscriptionState) => void;
  readonly onEvent: (result: unknown) => void;
  /** A new token was sent over the open connection. */
  readonly onRenewal?: () => void;
}

/** How often the remaining time of the token is checked, in milliseconds. */
const checkIntervalMs = 1_000;
/** How many times in a row the explorer connects again before it stops. */
const maxAttempts = 6;
const firstWaitMs = 1_000;

/**
 * Runs a subscription over WebSocket as one caller. The token is sent in `connection_init`, and a renewed token in a
 * `ping`, so that the events go on. After a lost connection it connects again, with a longer wait each time.
 *
 * @returns the function that ends the subscription
 */
export function startSubscription(options: SubscriptionOptions): () => void {
  const { callers, callerId, operation, now, wait, onState, onEvent } = options;
  let client: Client | null = null;
  let socket: { readonly readyState: number; send(data: string): void } | null = null;
  let sent: string | null = null;
  let attempts = 0;
  let wasRenewed = false;
  let isOver = false;
  let cancelWait = () => {};
  let cancelCheck = () => {};

  function finish(reason: string, refusal?: unknown): void {
    if (isOver) return;
    isOver = true;
    release();
    onState({ kind: 'ended', reason, ...(refusal !== undefined && { refusal }) });
  }

  function release(): void {
    cancelWait();
    cancelCheck();
    stopListening();
    socket = null;
    const old = client;
    client = null;
    disposeClient(old);
  }

  /** Sends a token that is not the one of the connection. `authorization` renews a token that is about to expire. */
  async function renewInBand(): Promise<void> {
    const open = socket;
    if (!open || isOver) return;
    const authorization = await callers.authorization(callerId).catch(() => null);
    // Without a token the server closes the connection when the old one expires, and the close says so.
    if (authorization === null || authorization === sent || socket !== open || open.readyState !== 1) return;
    sent = authorization;
    open.send(JSON.stringify({ type: 'ping', payload: { authorization } }));
    options.onRenewal?.();
  }

  function check(): void {
    cancelCheck = wait(() => {
      const expiresAt = callers.list().find(({ id }) => id === callerId)?.expiresAt ?? null;
      // `authorization` renews in time. It is asked only when the end is near.
      if (expiresAt !== null && expiresAt - now() < 60_000) void renewInBand();
      if (!isOver) check();
    }, checkIntervalMs);
  }

  function again(reason: string, reconnect: Reconnect): void {
    if (isOver) return;
    socket = null;
    const caller = callers.list().find(({ id }) => id === callerId);
    if (!caller) return finish(`${reason} The caller was removed.`);
    if (reconnect === 'never') return finish(reason);
    if (reconnect === 'renew') {
      if (wasRenewed || caller.kind !== 'signed-in') return finish(`${reason} Sign in again, then run it again.`);
      wasRenewed = true;
      onState({ kind: 'connecting', reason });
      callers.renew(callerId).then(
        () => connect(reason),
        (error: unknown) =>
          finish(`${reason} ${error instanceof Error ? error.message : 'The token could not be renewed.'}`),
      );
      return;
    }
    attempts += 1;
    if (attempts > maxAttempts) return finish(`${reason} Connecting again failed ${maxAttempts} times.`);
    const waitMs = firstWaitMs * 2 ** (attempts - 1);
    onState({ kind: 'waiting', reason, attempt: attempts, waitMs });
    cancelWait = wait(() => connect(reason), waitMs);
  }

  function connect(reason: string | null): void {
    if (isOver) return;
    onState({ kind: 'connecting', reason });
    disposeClient(client);
    const made: Client = createClient({
      url: options.url,
      ...(options.webSocket !== undefined && { webSocketImpl: options.webSocket }),
      retryAttempts: 0,
      keepAlive: 15_000,
      connectionParams: async () => {
        sent = await callers.authorization(callerId);
        return sent === null ? {} : { authorization: sent };
      },
      on: {
        connected: (opened) => {
          if (client !== made) return;
          socket = opened as typeof socket;
          attempts = 0;
          onState({ kind: 'live' });
        },
      },
    });
    client = made;
    const { kind: _kind, ...request } = operation;
    made.subscribe(
      { ...request, variables: { ...request.variables }, operationName: request.operationName ?? null },
      {
        next: (result) => {
          if (client !== made) return;
          wasRenewed = false;
          onEvent(result);
        },
        error: (error) => {
          if (client !== made) return;
          if (Array.isArray(error)) {
            finish('The server refused the subscription.', { errors: error });
            return;
          }
          const { text, reconnect } = meaningOf(error);
          again(text, reconnect);
        },
        complete: () => {
          if (client === made) finish('The server completed the subscription.');
        },
      },
    );
  }

  const stopListening = callers.subscribe(() => {
    // The server may accept the token of a removed caller for a long time: a pasted token is not revoked.
    if (callers.list().some(({ id }) => id === callerId)) void renewInBand();
    else finish('The caller was removed.');
  });
  check();
  connect(null);
  return () => finish('You stopped the subscription.');
}

/** Returns the meaning of what graphql-ws reports: a close, or an error. */
function meaningOf(error: unknown): CloseMeaning {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'number') {
    return closeMeaning(error.code, 'reason' in error && typeof error.reason === 'string' ? error.reason : '');
  }
  // The token could not be read or renewed while the connection was set up.
  if (error instanceof Error && error.message !== '') return { text: error.message, reconnect: 'never' };
  return { text: 'The connection failed.', reconnect: 'later' };
}
