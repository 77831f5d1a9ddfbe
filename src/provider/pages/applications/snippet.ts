import type { Application } from '../../../identity/applications/application.ts';
import type { ScopeInWords } from '../account.ts';

/** The parts of an authorization request and of the exchange of its code. */
export interface RequestParts {
  readonly application: Application;
  readonly hasSecret: boolean;
  readonly scopes: readonly ScopeInWords[];
  /** The URL of the authorization endpoint. */
  readonly authorizationEndpoint: string;
  /** The URL of the token endpoint. */
  readonly tokenEndpoint: string;
}

/**
 * Returns the link of an authorization request (RFC 6749 §4.1.1) with PKCE (RFC 7636 §4.3), for the first redirect URI
 * and all scopes of one API: the API of this server, if the application may ask for any of its scopes. The application
 * replaces `STATE` and `CODE_CHALLENGE`.
 */
export function authorizeLink(parts: RequestParts): string {
  return requestLink(parts, 'STATE', 'CODE_CHALLENGE');
}

/**
 * Returns lines for a POSIX shell that make the values of PKCE, print the link and exchange the code. Every value of the
 * application is percent-encoded, so the shell finds no character of its own in it.
 */
export function shellSnippet(parts: RequestParts): string {
  const { application, hasSecret, tokenEndpoint } = parts;
  const { resource } = requested(parts);
  const secret = application.tokenEndpointAuthMethod === 'client_secret_post' ? 'body' : 'header';
  return [
    'CODE_VERIFIER=$(openssl rand -hex 32)',
    `CODE_CHALLENGE=$(printf %s "$CODE_VERIFIER" | openssl dgst -sha256 -binary | openssl base64 | tr '+/' '-_' | tr -d '=')`,
    'STATE=$(openssl rand -hex 16)',
    `echo "${requestLink(parts, '$STATE', '$CODE_CHALLENGE')}"`,
    '# Open the link. The browser returns with ?code=...&state=... Compare the state, then:',
    'printf "Code: "; read -r CODE',
    ...(hasSecret ? ['printf "Client secret: "; read -r CLIENT_SECRET'] : []),
    `curl ${tokenEndpoint} \\`,
    ...(hasSecret && secret === 'header' ? [`  -u "${application.id}:$CLIENT_SECRET" \\`] : []),
    ...(hasSecret && secret === 'body' ? ['  -d client_secret="$CLIENT_SECRET" \\'] : []),
    `  -d grant_type=authorization_code -d client_id=${application.id} -d code="$CODE" \\`,
    `  -d redirect_uri=${encoded(application.redirectUris[0] ?? '')} \\`,
    ...(resource === null ? [] : [`  -d resource=${encoded(resource)} \\`]),
    '  -d code_verifier="$CODE_VERIFIER"',
  ].join('\n');
}

/** The scopes of the request, and its resource indicator (RFC 8707); null: it is for the API of this server. */
function requested({ scopes }: RequestParts): { readonly scope: string; readonly resource: string | null } {
  const resource = scopes.some(({ api }) => api === null) ? null : (scopes[0]?.api ?? null);
  const names = scopes.filter(({ api }) => api === resource).map(({ name }) => name);
  return { scope: names.length === 0 ? 'openid' : names.join(' '), resource };
}

function requestLink(parts: RequestParts, state: string, challenge: string): string {
  const { application, authorizationEndpoint } = parts;
  const { scope, resource } = requested(parts);
  return [
    `${authorizationEndpoint}?client_id=${application.id}`,
    'response_type=code',
    `redirect_uri=${encoded(application.redirectUris[0] ?? '')}`,
    `scope=${encoded(scope)}`,
    ...(resource === null ? [] : [`resource=${encoded(resource)}`]),
    `state=${state}`,
    `code_challenge=${challenge}`,
    'code_challenge_method=S256',
  ].join('&');
}

/** Encodes a value for a query and for a shell: letters, digits, `-`, `.`, `_` and `~` stay. */
function encoded(value: string): string {
  return encodeURIComponent(value).replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
}
