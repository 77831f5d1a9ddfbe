import { GRAPHQL_TRANSPORT_WS_PROTOCOL as expected } from 'graphql-ws';

/**
 * Describes why the server supports none of the subprotocols that a client offers. A browser reports only that its WebSocket failed, and
 * shows the answer in its list of requests. Other clients report the status or the answer.
 *
 * @param offered - the `Sec-WebSocket-Protocol` header. A socket without one is opened, and closed with 4406
 * @returns null where a subprotocol is supported, or none is offered
 */
export function subprotocolFault(offered: string | undefined): string | null {
  const names = offered?.split(',').map((name) => name.trim());
  if (names === undefined || names.includes(expected)) return null;
  const found = names.includes('graphql-ws')
    ? 'graphql-ws, the older protocol of the package subscriptions-transport-ws: use the package graphql-ws, or the protocol of that name in the settings of the client'
    : 'another';
  return `Sec-WebSocket-Protocol: expected ${expected}, found ${found}`;
}
