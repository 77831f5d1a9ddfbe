import { type Addresses, type FrameRequest, frameOrigin, readFrameMessage } from './messages.ts';
import type { MessageToFrame, Subscriptions } from './subscriptions.ts';

interface RelayOptions {
  /** The window of this page. */
  readonly page: Window;
  /** The window of the frame; null before it is in the page. */
  readonly frame: () => unknown;
  readonly addresses: Addresses;
  readonly post: (message: MessageToFrame) => void;
  readonly subscriptions: Pick<Subscriptions, 'start' | 'end'>;
  /** Called for each message of the frame. */
  readonly onMessage: () => void;
  /** Called with names of headers that the frame set and this page does not send. */
  readonly onWithheld: (names: readonly string[]) => void;
}

/**
 * Stands between the frame and `@apollo/sandbox`. The package compares the origin of each message, but not its window,
 * and then trusts its content. Therefore no message reaches the package, except those that this function makes anew from
 * an accepted message of the frame's own window.
 *
 * Call it before `EmbeddedSandbox` is made, so that its listener is the first.
 *
 * @returns a function that ends it
 */
export function relayMessages(options: RelayOptions): () => void {
  const { page, frame, addresses, post, subscriptions, onMessage, onWithheld } = options;
  const forPackage = new WeakSet<Event>();

  function give(data: MessageToFrame): void {
    const message = new MessageEvent('message', { data, origin: frameOrigin });
    forPackage.add(message);
    page.dispatchEvent(message);
  }

  function carryOut(request: FrameRequest): void {
    if ('operation' in request) onWithheld(request.operation.withheld);
    switch (request.kind) {
      case 'handshake':
        // The package would post the whole address of this page.
        post({ name: 'HandshakeResponse', parentHref: page.location.origin + page.location.pathname });
        break;
      case 'introspection':
        give(introspectionFor(request.operation, addresses));
        break;
      case 'operation':
        give(operationFor(request.operation, addresses));
        break;
      case 'subscription':
        subscriptions.start(request.operation);
        break;
      case 'termination':
        subscriptions.end(request.operationId);
        break;
      case 'refused':
        if (request.operationId !== null) post(refusalFor(request.answer, request.operationId, request.reason));
        break;
      case 'ignored':
        break;
    }
  }

  function receive(event: MessageEvent): void {
    if (forPackage.has(event)) return;
    event.stopImmediatePropagation();
    if (event.origin !== frameOrigin || event.source === null || event.source !== frame()) return;
    onMessage();
    carryOut(readFrameMessage(event.data, addresses));
  }

  page.addEventListener('message', receive, { capture: true });
  return () => page.removeEventListener('message', receive, { capture: true });
}

type Operation = Extract<FrameRequest, { operation: unknown }>['operation'];

function introspectionFor(
  { operationId, query, operationName, headers }: Operation,
  { endpoint }: Addresses,
): MessageToFrame {
  return {
    name: 'IntrospectionQueryWithHeaders',
    operationId,
    introspectionRequestBody: JSON.stringify({ query, operationName }),
    introspectionRequestHeaders: { ...headers },
    includeCookies: false,
    sandboxEndpointUrl: endpoint,
  };
}

function operationFor(
  { operationId, query, operationName, variables, headers }: Operation,
  { endpoint }: Addresses,
): MessageToFrame {
  return {
    name: 'ExplorerRequest',
    operationId,
    operation: query,
    operationName,
    variables,
    headers: { ...headers },
    includeCookies: false,
    endpointUrl: endpoint,
  };
}

function refusalFor(name: string, operationId: string, message: string): MessageToFrame {
  if (name === 'SchemaError') return { name, operationId, error: message };
  return { name, operationId, response: { data: null, error: { message }, hasNext: false } };
}
