import { OperationTypeNode } from 'graphql';
import { type Client, createClient } from 'graphql-ws/client';
import type { Persona } from '../../callers/persona.ts';
import type { Reply } from '../endpoint.ts';
import type { Asked } from './asked.ts';
import { limits, silent } from './body.ts';
import { joined } from './incremental.ts';
import type { Destination, ServerTransport } from './requests.ts';

/**
 * Makes the transport over WebSocket, in the protocol of `graphql-ws`. Each persona has a connection of its own. The token is
 * in the member `authorization` of the payload of `connection_init`.
 */
export function socketTransport({
  url,
  tokens,
}: Destination): ServerTransport & { readonly close: () => Promise<void> } {
  const address = new URL(url);
  address.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const clients = new Map<Persona, Client>();

  function clientOf(persona: Persona): Client {
    const known = clients.get(persona);
    if (known) return known;
    const token = tokens.get(persona);
    const client = createClient({
      url: address.href,
      lazyCloseTimeout: limits.timeMs,
      connectionAckWaitTimeout: limits.timeMs,
      retryAttempts: 0,
      ...(token !== undefined && { connectionParams: { authorization: `Bearer ${token}` } }),
    });
    clients.set(persona, client);
    return client;
  }

  function send({ text, operation, operationName, variables, persona }: Asked): Promise<Reply> {
    const isSubscription = operation === OperationTypeNode.SUBSCRIPTION;
    const answer = joined();
    const { promise, resolve } = Promise.withResolvers<Reply>();
    const end = (message: string) => resolve(answer.reply() ?? silent(message));
    const unsubscribe = clientOf(persona).subscribe(
      { query: text, operationName, variables },
      {
        next: (payload) => {
          answer.add(payload);
          if (isSubscription) end('');
        },
        error: (error) => {
          if (Array.isArray(error)) answer.add({ errors: error.map(({ message }) => ({ message: String(message) })) });
          end('the connection was closed');
        },
        complete: () => end('it completed without a result'),
      },
    );
    const timer = setTimeout(() => end('no result came in time'), isSubscription ? limits.eventMs : limits.timeMs);
    return promise.finally(() => {
      clearTimeout(timer);
      unsubscribe();
    });
  }
  return {
    name: 'over WebSocket',
    send,
    close: async () => {
      for (const client of clients.values()) {
        // It rejects if the socket breaks while it is opened. The answer that waited for it says so.
        await Promise.resolve(client.dispose()).catch(() => {});
      }
    },
  };
}
