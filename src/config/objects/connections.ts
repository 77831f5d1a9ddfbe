import { isRecord } from '../../protocol/record.ts';
import { isScopeToken } from '../../protocol/scope.ts';
import { keyTypeOf } from '../../protocol/keys/algorithms.ts';
import { isResourceIndicator, isSecureUrl } from '../../protocol/url.ts';
import { type Check, listOf, objectOf, type Settings } from '../../protocol/options/object.ts';
import { expects, isBoolean, isString, isStrings } from '../../protocol/options/values.ts';

/** A foreign issuer at which this server is a confidential client. */
export interface ConnectionEntry {
  /** The name of the connection in `beginAuthorization`: 1 to 64 letters, digits, `_` and `-`. */
  readonly name: string;
  /** The issuer, exactly as in the issuer's metadata. https, or http on loopback. */
  readonly issuer: string;
  /**
   * The address of the issuer's metadata document, if it is not below `issuer`. The `issuer` in the document is then
   * not compared. https, or http on loopback.
   */
  readonly metadata?: string;
  readonly clientId: string;
  /** The client secret. Read it from the environment, as in `process.env.SHOP_CLIENT_SECRET`. */
  readonly clientSecret: string;
  /** How this server authenticates, as registered at the issuer. Default `client_secret_basic`. */
  readonly tokenEndpointAuthMethod?: 'client_secret_basic' | 'client_secret_post';
  /**
   * The addresses at which your applications receive the code. They are compared exactly. https, http on loopback, or a
   * private-use scheme with a dot.
   */
  readonly redirectUris: readonly string[];
  /**
   * The scopes that a caller may request. If a caller names no scopes, all these scopes are requested. They must
   * include `openid`. Default `['openid']`.
   */
  readonly scopes?: readonly string[];
  /**
   * Whether the issuer sends `iss` in its authorization responses (RFC 9207). If false, the connection needs a redirect
   * URI that no other connection has. Default: the value in the issuer's metadata.
   */
  readonly authorizationResponseIss?: boolean;
  /** The accepted signature algorithms of ID tokens. Default: all asymmetric algorithms. */
  readonly idTokenAlgorithms?: readonly string[];
  /** The API that the access token is for (RFC 8707). Default: the issuer decides. */
  readonly resource?: string;
  /**
   * Further parameters of the authorization request, such as
   * `{ prompt: 'consent', audience: 'https://api.example.com' }`. Default: none.
   */
  readonly authorizationParameters?: Readonly<Record<string, string>>;
}

/** Parameters that this server sets, and parameters that would change how the issuer returns the response. */
const reserved = new Set([
  'client_id',
  'client_secret',
  'code_challenge',
  'code_challenge_method',
  'nonce',
  'redirect_uri',
  'request',
  'request_uri',
  'resource',
  'response_mode',
  'response_type',
  'scope',
  'state',
]);

/** The keys of a connection. A fault repeats no value, because a wrong key may have a secret as its value. */
const connectionSettings: Settings<ConnectionEntry> = {
  name: {
    check: expects('a name of letters, digits, _ and -', (value) => isString(value) && /^[\w-]{1,64}$/.test(value)),
    required: true,
  },
  issuer: {
    check: expects(
      'the https URL of an issuer, or http on loopback; any text if metadata is set',
      (value, { metadata }) => (metadata === undefined ? isIssuer(value) : isText(2048)(value)),
    ),
    required: true,
  },
  metadata: { check: expects('the https URL of a metadata document, or http on loopback', isMetadata) },
  clientId: { check: expects('the client ID', isText(256)), required: true },
  clientSecret: { check: expects('the client secret', isText(1024)), required: true },
  tokenEndpointAuthMethod: {
    check: expects(
      'client_secret_basic or client_secret_post',
      (value) => value === 'client_secret_basic' || value === 'client_secret_post',
    ),
  },
  redirectUris: {
    check: expects(
      'an array of URIs without fragments: https, http on loopback, or a scheme with a dot',
      (value) => isStrings(value) && value.length > 0 && value.every(isRedirectUri),
    ),
    required: true,
  },
  scopes: {
    check: expects(
      'an array of scopes (RFC 6749 §3.3) that includes openid',
      (value) => isStrings(value) && value.includes('openid') && value.every(isScopeToken),
    ),
  },
  authorizationResponseIss: { check: expects('true or false', isBoolean) },
  idTokenAlgorithms: {
    check: expects(
      'an array of names of asymmetric algorithms',
      (value) => isStrings(value) && value.length > 0 && value.every((name) => keyTypeOf(name) !== undefined),
    ),
  },
  resource: { check: expects('an absolute URI without a fragment (RFC 8707 §2)', isResourceIndicator) },
  authorizationParameters: {
    check: expects(
      `an object of strings by name, without the names ${[...reserved].join(', ')}`,
      (value) =>
        isRecord(value) && Object.entries(value).every(([name, text]) => isString(text) && !reserved.has(name)),
    ),
  },
};

/** The check of `connections`. */
export const checkConnections: Check = listOf(
  'an array of connections',
  objectOf(connectionSettings, { isEntry: true }),
  'name',
);

/**
 * Yields the faults of all connections together. Each connection has been checked. The faults are names that occur
 * twice, an issuer that is this server, and shared redirect URIs at which responses of two issuers could be confused
 * (RFC 9700 §4.4).
 *
 * @param publicUrl - the origin of this server
 */
export function* connectionFaults(connections: readonly ConnectionEntry[], publicUrl: string): Iterable<string> {
  for (const [index, { name, issuer, redirectUris, authorizationResponseIss }] of connections.entries()) {
    const others = connections.toSpliced(index, 1);
    if (connections.slice(0, index).some((earlier) => earlier.name === name)) {
      yield `connection "${name}": expected another name, because an earlier connection has this name`;
    }
    if (URL.parse(issuer)?.origin === publicUrl) {
      yield `connection "${name}".issuer: expected another issuer, because this URL is the address of this server`;
    }
    if (authorizationResponseIss !== false) continue;
    const shared = redirectUris.find((uri) => others.some((other) => other.redirectUris.includes(uri)));
    if (shared !== undefined) {
      yield `connection "${name}".redirectUris: expected redirect URIs that no other connection has, because the issuer sends no iss (RFC 9207); ${shared} is shared`;
    }
  }
}

/**
 * Reads redirect URIs from a text that separates them by spaces or commas.
 *
 * @returns null if the text has no URI, or a URI that is not valid
 */
export function redirectUris(text: string): string[] | null {
  const uris = text.split(/[\s,]+/).filter((uri) => uri !== '');
  return uris.length > 0 && uris.every(isRedirectUri) ? uris : null;
}

function isMetadata(value: unknown): boolean {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (!url || url.hash || url.username || url.password) return false;
  return isSecureUrl(url);
}

function isIssuer(value: unknown): boolean {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (!url || /[?#]/.test(String(value)) || url.username || url.password) return false;
  return isSecureUrl(url);
}

/**
 * Whether a text is a redirect URI. A private-use scheme must have a dot, because it begins with a domain name (RFC
 * 8252 §7.1).
 */
function isRedirectUri(value: string): boolean {
  const url = URL.parse(value);
  if (!url || value.includes('#') || value.length > 2048 || url.username || url.password) return false;
  return isSecureUrl(url) || /^[a-z][a-z0-9+-]*\.[a-z0-9.+-]+:$/.test(url.protocol);
}

function isText(maxLength: number): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && value.length <= maxLength && /^[\x20-\x7e]+$/.test(value);
}
