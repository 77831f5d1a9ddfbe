import { type Client, createClient } from 'graphql-ws';
import { disposeClient } from '../../session/dispose.ts';
import type { Credential } from './requests.ts';
import type { FrameOperation } from './messages.ts';

/** A message of this page to the frame, in the form of `@apollo/sandbox`. */
export type MessageToFrame = { readonly name: string } & Readonly<Record<string, unknown>>;

interface SubscriptionOptions {
  /** The absolute address of the WebSocket. */
  readonly url: string;
  /** Returns the value of `Authorization`, or null if no caller is signed in. */
  readonly authorization: () => Promise<string | null>;
  readonly post: (message: MessageToFrame) => void;
  readonly onCredential: (credential: Credential) => void;
  /** The class of WebSockets. Default: the browser's. */
  readonly webSocketImpl?: unknown;
}

/** The subscriptions of the frame. */
export interface Subscriptions {
  start(operation: FrameOperation): void;
  /** Ends a subscription. `null`: ends all. */
  end(operationId: string | null): void;
  /**
   * Sends the present token over the open connections. The server ends a connection whose token has expired. If no caller
   * is signed in any more, the subscriptions of the former caller end.
   */
  renew(): Promise<void>;
}

/** The largest number of subscriptions at the same time. */
export const maxSubscriptions = 20;

interface Running {
  readonly client: Client;
  /** The value that was sent last; null if a person typed the header in Sandbox, or if no caller is signed in. */
  sent: string | null;
  socket: WebSocket | null;
}

/**
 * Runs the subscriptions of the frame over WebSockets of this page. `@apollo/sandbox` opens WebSockets too, but it takes
 * the address and the token from the frame. Here the address is fixed, and the token of the caller is in the payload of
 * `connection_init`, which the frame does not see.
 */
export function createSubscriptions(options: SubscriptionOptions): Subscriptions {
  const { url, authorization, post, onCredential, webSocketImpl } = options;
  const running = new Map<string, Running>();

  const status = (state: 'connecting' | 'connected' | 'disconnected') =>
    post({ name: 'ExplorerSetSocketStatus', status: state });
  const answer = (operationId: string, response: unknown) =>
    post({ name: 'ExplorerSubscriptionResponse', operationId, response });

  function end(operationId: string): void {
    const ended = running.get(operationId);
    running.delete(operationId);
    // The client then closes its connection.
    disposeClient(ended?.client);
  }

  return {
    start({ operationId, query, operationName, variables, headers }) {
      end(operationId);
      if (running.size >= maxSubscriptions) {
        answer(operationId, { error: { message: `At most ${maxSubscriptions} subscriptions run at the same time` } });
        return;
      }
      const typed = headers['authorization'];
      const client = createClient({
        url,
        retryAttempts: 0,
        webSocketImpl,
        connectionParams: async () => {
          const own = typed === undefined ? await authorization() : null;
          entry.sent = own;
          onCredential(typed === undefined ? (own === null ? 'none' : 'caller') : 'typed');
          const value = typed ?? own;
          return value === null ? {} : { authorization: value };
        },
        on: {
          connecting: () => status('connecting'),
          opened: (socket) => {
            entry.socket = socket as WebSocket;
          },
          connected: () => {
            post({ name: 'ExplorerSetSocketError', error: undefined });
            status('connected');
          },
          closed: () => status('disconnected'),
        },
      });
      const entry: Running = { client, sent: null, socket: null };
      running.set(operationId, entry);
      client.subscribe(
        {
          query,
          ...(operationName !== undefined && { operationName }),
          ...(variables && { variables: { ...variables } }),
        },
        {
          next: (data) => answer(operationId, { data }),
          error: (error) => {
            answer(operationId, { error: { message: faultOf(error) } });
            end(operationId);
          },
          complete: () => end(operationId),
        },
      );
    },

    end(operationId) {
      for (const id of operationId === null ? [...running.keys()] : [operationId]) end(id);
    },

    async renew() {
      // The state of the caller says why there is no token.
      const value = await authorization().catch(() => undefined);
      if (value === undefined) return;
      if (value === null) {
        for (const [operationId, { sent }] of running) {
          if (sent === null) continue;
          answer(operationId, { error: { message: 'The caller has signed out' } });
          end(operationId);
        }
        return;
      }
      for (const entry of running.values()) {
        if (entry.sent === null || entry.sent === value || entry.socket?.readyState !== 1) continue;
        entry.sent = value;
        entry.socket.send(JSON.stringify({ type: 'ping', payload: { authorization: value } }));
      }
    },
  };
}

/** Returns the message of a subscription that failed: errors of GraphQL, or the close of the connection. */
function faultOf(error: unknown): string {
  if (Array.isArray(error)) return error.map((one: unknown) => (one as { message?: unknown }).message).join('\n');
  if (error instanceof Error) return error.message;
  const { code, reason } = error as { readonly code?: unknown; readonly reason?: unknown };
  return typeof code === 'number'
    ? `The server closed the connection: ${code}${typeof reason === 'string' ? ` ${reason}` : ''}`
    : 'The connection failed';
}
