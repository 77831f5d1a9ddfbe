import { GRAPHQL_TRANSPORT_WS_PROTOCOL as expected } from 'graphql-ws';

/**
 * Makes the message for a client that offers only unsupported subprotocols. A script in a browser learns only that the
 * WebSocket failed. The network panel of the browser shows the message.
 *
 * @param offered - the `Sec-WebSocket-Protocol` header. If it is absent, the library opens the socket and closes it
 * with 4406
 * @returns null if the client offers a supported subprotocol, or none
 */
export function subprotocolFault(offered: string | undefined): string | null {
  const names = offered?.split(',').map((name) => name.trim());
  if (names === undefined || names.includes(expected)) return null;
  const found = names.includes('graphql-ws')
    ? 'graphql-ws, the older protocol of the package subscriptions-transport-ws: use the package graphql-ws, or the protocol of that name in the settings of the client'
    : 'another';
  return `Sec-WebSocket-Protocol: expected ${expected}, found ${found}`;
}
