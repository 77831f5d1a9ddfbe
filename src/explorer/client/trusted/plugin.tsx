import type { GraphiQLPlugin } from '@graphiql/react';
import { TrustedPane } from './trusted-pane.tsx';

/** The pane with the trusted documents of the server. */
export const trustedPlugin: GraphiQLPlugin = { title: 'Trusted documents', icon: TrustedIcon, content: TrustedPane };

/** The icon of the pane: a document with a tick. */
function TrustedIcon() {
  return (
    <svg
      viewBox="0 0 16 16"
      width="1em"
      height="1em"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      aria-hidden="true"
    >
      <path d="M3.5 1.5h6l3 3v10h-9zM9.5 1.5v3h3" strokeLinejoin="round" />
      <path d="M5.5 9.5l2 2 3.5-4" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
