import { type Client, createClient } from 'graphql-ws';
import type { Options } from './tokens.ts';

/** A WebSocket client, and a function that gives its open connection a new token. */
export interface SocketClient {
  readonly client: Client;
  /**
   * Sends the present token over the open connection. Call it after each renewal and before the old token expires;
   * otherwise the server closes the connection with 4401.
   */
  readonly renew: () => void;
}

/** Creates a graphql-ws client whose open connection continues with a renewed token. */
export function createSocketClient({ url, tokens }: Pick<Options, 'url' | 'tokens'>): SocketClient {
  let open: WebSocket | null = null;
  const payload = () => ({ authorization: `Bearer ${tokens.accessToken}` });
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    // A function, so that a new connection sends the token of its time.
    connectionParams: payload,
    on: {
      connected: (socket) => {
        open = socket as WebSocket;
      },
      closed: () => {
        open = null;
      },
    },
  });
  return {
    client,
    renew: () => open?.send(JSON.stringify({ type: 'ping', payload: payload() })),
  };
}
