import { statSync } from 'node:fs';
import { redirectUris } from '../objects/connections.ts';
import { databaseUrlHint, isDatabaseUrl, isPostgresUrl } from '../database/url.ts';
import { namedRanges } from '../../protocol/address-range.ts';
import { nearest } from '../../protocol/nearest.ts';
import { allowedOrigins, headerNames, listenAddress, trustedProxies } from './network.ts';
import { isSwitch, switchHint } from './switch.ts';
import { isResourceIndicator, isSecureUrl } from '../../protocol/url.ts';

const rangeNames = [...namedRanges.keys()].map((name) => `\`${name}\``).join(', ');

/** One environment variable. */
export interface Variable {
  readonly default?: string;
  /** The behaviour without the variable, if it has no default. */
  readonly otherwise?: string;
  readonly expected: string;
  readonly valid: (value: string) => boolean;
  /** Returns advice for a value that is not valid, or null. The advice repeats no part of the value. */
  readonly hint?: (value: string) => string | null;
  /** The value is secret and is never printed. */
  readonly secret?: true;
  /**
   * A person types the value, or another system compares it. Spaces at its ends may belong to the value, so they are
   * refused and not removed.
   */
  readonly exact?: true;
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** The names of the variables that are read. */
export type VariableName =
  | 'PORT'
  | 'HOST'
  | 'DATABASE_URL'
  | 'DATABASE_SESSION_URL'
  | 'LOG_LEVEL'
  | 'CLAIMGATE_PUBLIC_URL'
  | 'CLAIMGATE_AUDIENCE'
  | 'CLAIMGATE_ISSUER'
  | 'CLAIMGATE_CLIENT_ID'
  | 'CLAIMGATE_CLIENT_SECRET'
  | 'CLAIMGATE_REDIRECT_URIS'
  | 'CLAIMGATE_ADMIN_EMAIL'
  | 'CLAIMGATE_ADMIN_PASSWORD'
  | 'CLAIMGATE_ALLOWED_ORIGINS'
  | 'CLAIMGATE_ALLOWED_HEADERS'
  | 'CLAIMGATE_MAX_BODY_BYTES'
  | 'CLAIMGATE_TRUSTED_PROXIES'
  | 'CLAIMGATE_LANE'
  | 'CLAIMGATE_METRICS_TOKEN'
  | 'CLAIMGATE_REGISTRATION_TOKEN'
  | 'CLAIMGATE_KEY'
  | 'CLAIMGATE_CONFIG';

/** Every environment variable that this program reads. */
export const variables: Readonly<Record<VariableName, Variable>> = {
  PORT: {
    default: '4000',
    expected: 'a whole number from 1 to 65535',
    valid: (value) => /^\d{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= 65_535,
  },
  HOST: {
    default: '127.0.0.1',
    expected:
      'an address or a host name to listen on, without a port, such as `0.0.0.0` (every IPv4 address of this machine) or `[::]` (every address)',
    valid: (value) => listenAddress(value) !== null,
  },
  DATABASE_URL: {
    default: 'file:data/claimgate.db',
    expected: '`file:` and the path of a SQLite database, or `postgres://user:password@host:port/database`',
    valid: isDatabaseUrl,
    hint: databaseUrlHint,
    secret: true,
  },
  DATABASE_SESSION_URL: {
    otherwise: '`$DATABASE_URL`; none if `$DATABASE_URL` leads to a pooler',
    expected:
      'a `postgres://` URL that leads to the same database without a connection pooler, for `LISTEN` and the migrations',
    valid: isPostgresUrl,
    hint: databaseUrlHint,
    secret: true,
  },
  LOG_LEVEL: {
    default: 'info',
    expected: `one of ${logLevels.join(', ')}`,
    valid: (value) => logLevels.includes(value),
    hint: (value) => {
      const lower = value.toLowerCase();
      const meant = logLevels.find((level) => lower.startsWith(level)) ?? nearest(lower, logLevels);
      return meant === undefined ? null : `the nearest is ${meant}`;
    },
  },
  CLAIMGATE_PUBLIC_URL: {
    otherwise: '`http://localhost:$PORT`',
    expected: 'an https URL without a path, or http on localhost, 127.0.0.1 or [::1]',
    valid: (value) => isHttpUrl(value) && URL.parse(value)?.pathname === '/',
  },
  CLAIMGATE_AUDIENCE: {
    otherwise: '`$CLAIMGATE_PUBLIC_URL/graphql`',
    expected: 'an absolute URI without a fragment (RFC 8707 §2)',
    valid: isResourceIndicator,
  },
  CLAIMGATE_ISSUER: {
    otherwise: 'the embedded authorization server',
    expected:
      'the https URL of an OpenID Connect issuer, or http on localhost, 127.0.0.1 or [::1]; any name if an entry in `issuers` has `metadata`, `jwksUri` or `keys`',
    // All other checks of this value need the issuer's entry in the configuration file, and are made later.
    valid: (value) => /^[^\p{C}\p{Z}]{1,2048}$/u.test(value),
  },
  CLAIMGATE_CLIENT_ID: {
    otherwise: 'no connection to `CLAIMGATE_ISSUER`',
    expected: 'the client ID of this server at `CLAIMGATE_ISSUER`, of up to 256 printable characters',
    valid: (value) => /^[\x20-\x7e]{1,256}$/.test(value),
  },
  CLAIMGATE_CLIENT_SECRET: {
    otherwise: 'no connection to `CLAIMGATE_ISSUER`',
    expected: 'the client secret of this server at `CLAIMGATE_ISSUER`, of up to 1,024 printable characters',
    valid: (value) => /^[\x20-\x7e]{1,1024}$/.test(value),
    secret: true,
    exact: true,
  },
  CLAIMGATE_REDIRECT_URIS: {
    otherwise: 'no connection to `CLAIMGATE_ISSUER`',
    expected: 'the redirect URIs of the connection to `CLAIMGATE_ISSUER`, separated by spaces or commas',
    valid: (value) => redirectUris(value) !== null,
  },
  CLAIMGATE_ADMIN_EMAIL: {
    default: 'admin@localhost',
    expected: 'an email address, for the first start',
    valid: (value) => /^[^\s@]{1,64}@[^\s@]{1,189}$/.test(value),
  },
  CLAIMGATE_ADMIN_PASSWORD: {
    otherwise: 'generated at the first start',
    expected: '12 to 1,024 characters, for the first start',
    valid: (value) => value.length >= 12 && value.length <= 1_024,
    secret: true,
    exact: true,
  },
  CLAIMGATE_ALLOWED_ORIGINS: {
    otherwise: 'no page of another origin may call',
    expected:
      'origins whose pages may call, separated by commas, such as `https://app.example.com`: exact, with https, http on localhost, 127.0.0.1 or [::1], or the scheme of an app or extension, such as `capacitor://localhost`',
    valid: (value) => allowedOrigins(value) !== null,
  },
  CLAIMGATE_ALLOWED_HEADERS: {
    otherwise: 'only headers of GraphQL clients and tracing',
    expected:
      'names of further headers that pages of allowed origins may send, separated by commas, such as `x-tenant`',
    valid: (value) => headerNames(value) !== null,
  },
  CLAIMGATE_MAX_BODY_BYTES: {
    default: '262144',
    expected:
      'a whole number from 1024 to 16777216: the largest size in bytes of a request body to `/graphql`, and of a WebSocket message',
    valid: (value) => /^\d{4,8}$/.test(value) && Number(value) >= 1_024 && Number(value) <= 16_777_216,
  },
  CLAIMGATE_TRUSTED_PROXIES: {
    otherwise: '`X-Forwarded-For` is ignored',
    expected: `addresses and CIDR ranges of proxies whose \`X-Forwarded-For\` is trusted, or ${rangeNames}, separated by commas`,
    valid: (value) => trustedProxies(value) !== null,
  },
  CLAIMGATE_LANE: {
    default: 'on',
    expected:
      '`on` or `off`: whether queries that ran before skip the work of Fastify and Apollo Server; the answers are the same',
    valid: isSwitch,
    hint: switchHint,
  },
  CLAIMGATE_METRICS_TOKEN: {
    otherwise: 'no `/metrics`',
    expected: '32 to 1,024 characters, which clients of `/metrics` send as a bearer token',
    valid: (value) => value.length >= 32 && value.length <= 1_024,
    secret: true,
  },
  CLAIMGATE_REGISTRATION_TOKEN: {
    otherwise: 'no application registers itself, unless the configuration file has `registration: "open"`',
    expected: '32 to 1,024 characters without spaces, which applications send as a bearer token to register themselves',
    valid: (value) => /^[\x21-\x7e]{32,1024}$/.test(value),
    secret: true,
  },
  CLAIMGATE_KEY: {
    otherwise: 'nothing is encrypted at rest, and refresh tokens of other issuers are not stored',
    expected:
      '32 random bytes in base64 (`openssl rand -base64 32`), or up to five such keys separated by commas: the first encrypts, all decrypt',
    valid: (value) => encryptionKeys(value) !== null,
    secret: true,
  },
  CLAIMGATE_CONFIG: {
    otherwise: '`claimgate.config.{ts,js,mjs}` in the working directory, if there is one',
    expected: 'the path of a file that exists',
    valid: (value) => statSync(value, { throwIfNoEntry: false })?.isFile() === true,
  },
};

function isHttpUrl(value: string): boolean {
  const url = URL.parse(value);
  if (!url || url.search || url.hash || url.username || url.password || /[?#]/.test(value)) return false;
  return isSecureUrl(url);
}

/** Reads the value of `CLAIMGATE_KEY`. @returns one to five keys of 32 bytes; null if the value is malformed */
export function encryptionKeys(value: string): [Buffer, ...Buffer[]] | null {
  const texts = value.split(',').map((text) => text.trim());
  const [first, ...others] = texts.map((text) => Buffer.from(text, 'base64'));
  const wellFormed = texts.every((text) => /^[\w+/-]{43}=?$/.test(text));
  return first && wellFormed && texts.length <= 5 ? [first, ...others] : null;
}

/** Whether this program reads a variable of that name. */
export function isVariableName(name: string): name is VariableName {
  return Object.hasOwn(variables, name);
}
