import type { Application } from '../../../identity/applications/application.ts';

/** The name of a kind, as the form sends it. */
export type ApplicationKind = 'server' | 'browser' | 'device';

type Kind = Pick<Application, 'applicationType' | 'tokenEndpointAuthMethod'> & {
  readonly label: string;
  /** What the kind means for the person who registers. */
  readonly explanation: string;
};

/** The kinds of applications that people register on the account page. The API has further combinations. */
export const applicationKinds: Readonly<Record<ApplicationKind, Kind>> = {
  server: {
    label: 'Web server',
    explanation:
      'Your server gets the tokens. It proves who it is with a client secret, which never leaves the server. Redirect URIs are https.',
    applicationType: 'web',
    tokenEndpointAuthMethod: 'client_secret_basic',
  },
  browser: {
    label: 'Application in a browser',
    explanation:
      'JavaScript in a page gets the tokens. Every visitor can read its code, so it has no client secret and proves with PKCE that it began the sign-in. Redirect URIs are https.',
    applicationType: 'web',
    tokenEndpointAuthMethod: 'none',
  },
  device: {
    label: 'Mobile, desktop or command-line application',
    explanation:
      'A program on the device of a person gets the tokens. It has no client secret and uses PKCE. Redirect URIs are https, a loopback address such as http://127.0.0.1/callback with any port, or a scheme such as com.example.app:/callback.',
    applicationType: 'native',
    tokenEndpointAuthMethod: 'none',
  },
};

/** Whether a text is the name of a kind. */
export function isApplicationKind(text: string): text is ApplicationKind {
  return Object.hasOwn(applicationKinds, text);
}

/** Every kind with its name. */
export const kindEntries: readonly (readonly [ApplicationKind, Kind])[] = Object.entries(
  applicationKinds,
) as unknown as readonly (readonly [ApplicationKind, Kind])[]; // The keys of the literal are exactly the kinds.

/** Names the kind of an application, which may have been registered through the API. */
export function kindInWords({ applicationType, tokenEndpointAuthMethod }: Application): string {
  const isPublic = tokenEndpointAuthMethod === 'none';
  if (isPublic) return applicationKinds[applicationType === 'web' ? 'browser' : 'device'].label;
  return applicationType === 'web' ? applicationKinds.server.label : 'Application with its own credentials on a device';
}

/** Says how an application authenticates. */
export function authenticationInWords({ tokenEndpointAuthMethod }: Application): string {
  return {
    none: 'with PKCE alone; it has no client secret',
    client_secret_basic: 'with a client secret in the Authorization header, and PKCE',
    client_secret_post: 'with a client secret in the body, and PKCE',
    private_key_jwt: 'with its private key, and PKCE',
  }[tokenEndpointAuthMethod];
}
