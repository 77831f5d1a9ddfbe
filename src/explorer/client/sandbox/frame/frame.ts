import { ApolloSandbox as EmbeddedSandbox } from '@apollo/sandbox';
import type { Addresses } from './messages.ts';
import type { HandleRequest } from './requests.ts';

interface FrameOptions {
  readonly addresses: Addresses;
  /** The document in the editor at the first visit. It gets into the address of the frame. */
  readonly firstDocument: string;
  readonly handleRequest: HandleRequest;
}

/** The frame of Apollo Sandbox, which is not in the page yet. */
export interface SandboxFrame {
  readonly element: HTMLIFrameElement;
  /** Ends the package's own listener. */
  readonly dispose: () => void;
}

/**
 * Makes the frame of Apollo Sandbox. Its address contains the two addresses of the API, the first document, and
 * switches. It contains no header and no token.
 */
export function createFrame({ addresses, firstDocument, handleRequest }: FrameOptions): SandboxFrame {
  // The package appends the frame at once. Outside of the page, the frame does not load yet.
  const holder = document.createElement('div');
  const sandbox = new EmbeddedSandbox({
    target: holder,
    initialEndpoint: addresses.endpoint,
    initialSubscriptionEndpoint: addresses.subscriptions,
    endpointIsEditable: false,
    hideCookieToggle: true,
    runTelemetry: false,
    // The policy of this page allows no `style` attribute.
    allowDynamicStyles: false,
    // The schema of a running server does not change. A reload of the page reads it again.
    initialState: { document: firstDocument, includeCookies: false, pollForSchemaUpdates: false },
    handleRequest,
  });
  const element = sandbox.embeddedSandboxIFrameElement;
  element.title = 'Apollo Sandbox';
  element.referrerPolicy = 'no-referrer';
  // The page in the frame may not send this page elsewhere (`allow-top-navigation`).
  element.setAttribute(
    'sandbox',
    'allow-scripts allow-same-origin allow-forms allow-modals allow-downloads allow-popups allow-popups-to-escape-sandbox',
  );
  element.allow = 'clipboard-write';
  return { element, dispose: () => sandbox.dispose() };
}
