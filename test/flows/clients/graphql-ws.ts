import { type Client, createClient } from 'graphql-ws';
import type { Options } from './tokens.ts';

/** A WebSocket client, and how its open connection takes a new token. */
export interface SocketClient {
  readonly client: Client;
  /**
   * Sends the present token over the open connection. It is to be called after each renewal and before the old token expires, for
   * then the connection is closed with 4401.
   */
  readonly renew: () => void;
}

/** graphql-ws, whose open connection goes on with a renewed token instead of being made anew. */
export function createSocketClient({ url, tokens }: Pick<Options, 'url' | 'tokens'>): SocketClient {
  let open: WebSocket | null = null;
  const payload = () => ({ authorization: `Bearer ${tokens.accessToken}` });
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    // A function: a connection that is made again sends the token of that time.
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
