import { resolve } from 'node:path';
import type { ConfiguredLimits } from './api/limits/limits.ts';
import { withDefaults } from './protocol/options/object.ts';
import { isLoopbackHost } from './protocol/url.ts';
import { type ConnectionEntry, redirectUris } from './config/objects/connections.ts';
import { isPostgresUrl } from './config/database/url.ts';
import { readEnvironment } from './config/environment/environment.ts';
import type { ConfigFile } from './config/file.ts';
import { fileSettings } from './config/file-settings.ts';
import { checkedConfig, readConfigFile } from './config/read-file.ts';
import { lifetimeSettings } from './config/objects/lifetimes.ts';
import { type LimitTables, limitSettings } from './config/objects/limits.ts';
import { allowedOrigins, headerNames, listenAddress, trustedProxies } from './config/environment/network.ts';
import { readLogo } from './config/objects/logo.ts';
import { type KeysEntry, keySettings } from './config/objects/keys.ts';
import { type ReplaySettings, replaySettings } from './config/objects/replay.ts';
import { type StreamLimits, streamLimitKinds } from './config/objects/streams.ts';
import { type TrustedDocumentsSettings, trustedDocumentsSettings } from './config/objects/trusted-documents.ts';
import { encryptionKeys, type VariableName, variables } from './config/environment/variables.ts';
import type { AttemptLimits } from './identity/attempts/limits.ts';
import type { Lifetimes } from './provider/lifetimes.ts';
import type { Appearance } from './provider/pages/appearance.ts';

/** The checked configuration of a server. It contains every default. */
export interface Config extends Omit<Required<ConfigFile>, 'limits' | 'appearance' | 'trustedDocuments' | 'replay'> {
  readonly port: number;
  readonly host: string;
  readonly databaseUrl: string;
  /** The URL of the same database without a pooler. Undefined: `databaseUrl` is used, unless it leads to a pooler. */
  readonly databaseSessionUrl: string | undefined;
  readonly logLevel: string;
  /** Scheme, host and port, without a slash at the end. */
  readonly publicUrl: string;
  readonly audience: string;
  /** The foreign issuer. Undefined: the authorization server is embedded. */
  readonly issuer: string | undefined;
  readonly adminEmail: string;
  readonly adminPassword: string | undefined;
  /** The origins whose pages may call the API, besides this server's own origin. */
  readonly allowedOrigins: readonly string[];
  /** The headers that pages of `allowedOrigins` may send besides the default headers, in lower case. */
  readonly allowedHeaders: readonly string[];
  /** The largest body of a request to the API endpoint and the largest message of a WebSocket, in bytes. */
  readonly maxBodyBytes: number;
  /** Addresses, CIDR ranges and named ranges of the proxies whose `X-Forwarded-For` is trusted. */
  readonly trustedProxies: readonly string[];
  /** Whether known queries are answered before Fastify and Apollo Server handle them. */
  readonly lane: boolean;
  /** Whether issuers of `claimgate/testing` are accepted: with `NODE_ENV=development` or `NODE_ENV=test`. */
  readonly acceptsTestIssuers: boolean;
  /** The bearer token for reading the metrics. Undefined: there is no `/metrics`. */
  readonly metricsToken: string | undefined;
  /** The bearer token of applications that register themselves. Undefined: `registration` of the file decides. */
  readonly registrationToken: string | undefined;
  /**
   * The keys that encrypt secrets at rest. The first key encrypts, and all keys decrypt. Undefined: nothing is
   * encrypted.
   */
  readonly encryptionKeys: readonly [Uint8Array, ...Uint8Array[]] | undefined;
  readonly limits: ConfiguredLimits;
  readonly appearance: Appearance;
  /** The documents of the clients. Null: no document has an ID. */
  readonly trustedDocuments: TrustedDocumentsSettings | null;
  /** How operations are recorded for `claimgate replay`. Null: they are not recorded. */
  readonly replay: ReplaySettings | null;
  readonly streams: StreamLimits;
  readonly lifetimes: Lifetimes;
  readonly keys: Required<KeysEntry>;
  readonly attempts: AttemptLimits;
}

/**
 * Reads the environment and the configuration file.
 *
 * @param environment - the environment variables
 * @param directory - the directory in which `claimgate.config.*` is searched
 * @param tables - the limits that other rooms define
 * @param given - the content of a configuration file. Then no file is read. Default: the file is read
 * @returns the configuration, and its faults. If a variable or a key of the file has a fault, it is left out. Therefore the
 *   caller can find further faults, and report all faults together
 */
export async function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
  directory: string,
  tables: LimitTables,
  given?: ConfigFile,
): Promise<{ config: Config; faults: string[] }> {
  const { values, faults: environmentFaults } = readEnvironment(environment);
  const value = (name: VariableName) => values[name] ?? variables[name].default ?? '';
  const {
    file,
    faults: fileFaults,
    folder,
  } = given
    ? { ...checkedConfig('config', given, tables), folder: directory }
    : await readConfigFile(value('CLAIMGATE_CONFIG') || undefined, directory, tables);
  const faults = [...environmentFaults, ...fileFaults];
  const issuer = value('CLAIMGATE_ISSUER') || undefined;
  if (issuer) faults.push(...withoutEffect(environment, file));
  if (value('CLAIMGATE_REGISTRATION_TOKEN') && file.registration === 'open') {
    faults.push(
      'CLAIMGATE_REGISTRATION_TOKEN: expected to be unset, since with registration=open no application needs it',
    );
  }
  if (value('DATABASE_SESSION_URL') && !isPostgresUrl(value('DATABASE_URL'))) {
    faults.push('DATABASE_SESSION_URL: expected to be unset, since DATABASE_URL is not a PostgreSQL database');
  }
  if (file.explorer === false && file.landingPage === 'explorer') {
    faults.push('landingPage: expected "sandbox", or to be left out, since with explorer=false there is no explorer');
  }
  const logo = file.appearance?.logo === undefined ? null : readLogo(resolve(folder, file.appearance.logo));
  if (typeof logo === 'string') faults.push(logo);
  const connection = environmentConnection(value, file.issuers ?? []);
  if (typeof connection === 'string') faults.push(connection);
  const port = Number(value('PORT'));
  const publicUrl = new URL(value('CLAIMGATE_PUBLIC_URL') || `http://localhost:${port}`).origin;
  const config = {
    port,
    host: listenAddress(value('HOST')) ?? '',
    databaseUrl: value('DATABASE_URL'),
    databaseSessionUrl: value('DATABASE_SESSION_URL') || undefined,
    logLevel: value('LOG_LEVEL'),
    publicUrl,
    audience: value('CLAIMGATE_AUDIENCE') || `${publicUrl}/graphql`,
    issuer,
    adminEmail: value('CLAIMGATE_ADMIN_EMAIL'),
    adminPassword: value('CLAIMGATE_ADMIN_PASSWORD') || undefined,
    allowedOrigins: allowedOrigins(value('CLAIMGATE_ALLOWED_ORIGINS')) ?? [],
    allowedHeaders: headerNames(value('CLAIMGATE_ALLOWED_HEADERS')) ?? [],
    maxBodyBytes: Number(value('CLAIMGATE_MAX_BODY_BYTES')),
    trustedProxies: trustedProxies(value('CLAIMGATE_TRUSTED_PROXIES')) ?? [],
    lane: value('CLAIMGATE_LANE') === 'on',
    acceptsTestIssuers: ['development', 'test'].includes(environment['NODE_ENV'] ?? ''),
    metricsToken: value('CLAIMGATE_METRICS_TOKEN') || undefined,
    registrationToken: value('CLAIMGATE_REGISTRATION_TOKEN') || undefined,
    encryptionKeys: encryptionKeys(value('CLAIMGATE_KEY')) ?? undefined,
    ...withDefaults(fileSettings(tables), file),
    landingPage: file.landingPage ?? (isLoopbackHost(new URL(publicUrl).hostname) ? 'sandbox' : 'explorer'),
    appearance: {
      productName: file.appearance?.productName ?? 'Claimgate',
      logo: typeof logo === 'object' ? logo : null,
      accentColor: file.appearance?.accentColor ?? {},
      supportLink: file.appearance?.supportLink ?? null,
    },
    connections: [...(typeof connection === 'object' ? [connection] : []), ...(file.connections ?? [])],
    limits: {
      ...withDefaults(limitSettings(tables.limits), file.limits),
      introspectionCost: file.limits?.introspectionCost ?? null,
    },
    trustedDocuments: trustedDocumentsSettings(file.trustedDocuments, folder),
    replay: replaySettings(file.replay),
    streams: withDefaults(limitSettings(streamLimitKinds), file.streams),
    attempts: withDefaults(limitSettings(tables.attempts), file.attempts),
    keys: withDefaults<KeysEntry>(keySettings, file.keys),
    lifetimes: withDefaults<Lifetimes>(lifetimeSettings, file.lifetimes),
  };
  return { config, faults };
}

/** The name of the connection that the environment describes. */
const environmentName = 'default';

/**
 * Reads the connection to `CLAIMGATE_ISSUER`, which is named `default`.
 *
 * @returns the connection; undefined if the environment describes no connection; a fault if a variable of the
 * connection is missing
 */
function environmentConnection(
  value: (name: VariableName) => string,
  issuers: NonNullable<ConfigFile['issuers']>,
): ConnectionEntry | string | undefined {
  const clientId = value('CLAIMGATE_CLIENT_ID');
  const clientSecret = value('CLAIMGATE_CLIENT_SECRET');
  const uris = redirectUris(value('CLAIMGATE_REDIRECT_URIS'));
  if (!clientId && !clientSecret && !uris) return undefined;
  const issuer = value('CLAIMGATE_ISSUER');
  if (issuer && clientId && clientSecret && uris) {
    const metadata = issuers.find((entry) => entry.issuer === issuer)?.metadata;
    const located = metadata === undefined ? {} : { metadata };
    return { name: environmentName, issuer, ...located, clientId, clientSecret, redirectUris: uris };
  }
  return 'CLAIMGATE_CLIENT_ID, CLAIMGATE_CLIENT_SECRET, CLAIMGATE_REDIRECT_URIS: expected all of them, and CLAIMGATE_ISSUER, or none';
}

/** Yields a fault for each setting that has no effect because `CLAIMGATE_ISSUER` is set. */
function* withoutEffect(environment: Readonly<Record<string, string | undefined>>, file: ConfigFile): Iterable<string> {
  for (const name of ['CLAIMGATE_ADMIN_EMAIL', 'CLAIMGATE_ADMIN_PASSWORD']) {
    if (environment[name])
      yield `${name}: expected to be unset, since with CLAIMGATE_ISSUER there are no accounts here`;
  }
  if (environment['CLAIMGATE_REGISTRATION_TOKEN'])
    yield 'CLAIMGATE_REGISTRATION_TOKEN: expected to be unset, since with CLAIMGATE_ISSUER nothing is registered here';
  if (file.registration)
    yield 'registration: expected to be left out, since with CLAIMGATE_ISSUER nothing is registered here';
  if (file.keys) yield 'keys: expected to be left out, since with CLAIMGATE_ISSUER nothing is signed here';
  if (file.resources) yield 'resources: expected to be left out, since with CLAIMGATE_ISSUER no tokens are issued here';
  if (file.lifetimes) yield 'lifetimes: expected to be left out, since with CLAIMGATE_ISSUER no tokens are issued here';
  for (const name of ['logo', 'accentColor', 'supportLink'] as const) {
    if (file.appearance?.[name] !== undefined)
      yield `appearance.${name}: expected to be left out, since with CLAIMGATE_ISSUER no person signs in here`;
  }
  if (file.attempts) yield 'attempts: expected to be left out, since with CLAIMGATE_ISSUER no person signs in here';
}
