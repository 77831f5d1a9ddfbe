import { GRAPHQL_TRANSPORT_WS_PROTOCOL as expected } from 'graphql-ws';

/**
 * Makes the message for a client that offers only unsupported subprotocols. A browser reports to its script only that
 * the WebSocket failed, and shows the answer in its network panel. Other clients report the status or the answer.
 *
 * @param offered - the `Sec-WebSocket-Protocol` header. If the header is absent, the socket is opened and then closed
 * with 4406
 * @returns null if a subprotocol is supported, or if none is offered
 */
export function subprotocolFault(offered: string | undefined): string | null {
  const names = offered?.split(',').map((name) => name.trim());
  if (names === undefined || names.includes(expected)) return null;
  const found = names.includes('graphql-ws')
    ? 'graphql-ws, the older protocol of the package subscriptions-transport-ws: use the package graphql-ws, or the protocol of that name in the settings of the client'
    : 'another';
  return `Sec-WebSocket-Protocol: expected ${expected}, found ${found}`;
}
