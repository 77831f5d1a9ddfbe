// A real OAuth 2.0 authorization server in its own process, for tests of a server that trusts a foreign issuer.
// By hand: node test/support/issuer.ts --port 9000 --audience http://localhost:4000/graphql --scope "profile orders:read"
import { type ChildProcess, fork } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Provider } from 'oidc-provider';
import * as client from 'openid-client';

export interface IssuerSettings {
  /** Default 0: any free port. If a later process gets the same port, it is the same issuer with new keys. */
  readonly port: number;
  /** `aud` of its access tokens. */
  readonly audience: string;
  /**
   * The scopes that it knows, with spaces between. Every request gets the scopes that it asks for, without a consent
   * page.
   */
  readonly scope: string;
  /** The `sub` of the person who signs in, unless the request has a `login_hint`. */
  readonly subject: string;
  /** The only redirect URI of its only client. No program has to listen there. */
  readonly redirectUri: string;
  /** Lifetime of access tokens, in seconds. */
  readonly lifetime: number;
}

const defaults: IssuerSettings = {
  port: 0,
  audience: 'http://localhost:4000/graphql',
  scope: 'profile',
  subject: 'ada',
  redirectUri: 'http://127.0.0.1:9/callback',
  lifetime: 600,
};

export interface RunningIssuer extends IssuerSettings {
  /** `iss`: an http URL on loopback. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  stop(): Promise<void>;
}

const clientId = 'test-client';
const clientSecret = 'the secret of a test client';

/** Starts an issuer in its own process, and waits until it listens. */
export async function startIssuer(changes: Partial<IssuerSettings> = {}): Promise<RunningIssuer> {
  const settings = { ...defaults, ...changes };
  const options = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = fork(fileURLToPath(import.meta.url), options, { execArgv: [], silent: true });
  const issuer = await announced(child);
  return {
    ...settings,
    port: Number(new URL(issuer).port),
    issuer,
    clientId,
    clientSecret,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill();
      await exit;
    },
  };
}

/** Gets tokens with the authorization code grant and PKCE, as a client with a browser does. */
export async function getTokens(
  running: RunningIssuer,
  scope: string,
  subject: string = running.subject,
  /** Binds the access token to the key of this handle (RFC 9449 §5). Default: the token is not bound. */
  proofs?: client.DPoPHandle,
): Promise<client.TokenEndpointResponse & client.TokenEndpointResponseHelpers> {
  const config = await client.discovery(
    new URL(running.issuer),
    running.clientId,
    {},
    client.ClientSecretBasic(running.clientSecret),
    { execute: [client.allowInsecureRequests] },
  );
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: running.redirectUri,
    scope,
    login_hint: subject,
    state,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  return client.authorizationCodeGrant(
    config,
    await approve(url, running.redirectUri),
    { pkceCodeVerifier: verifier, expectedState: state },
    undefined,
    proofs && { DPoP: proofs },
  );
}

/** Follows an authorization request of this issuer as a browser does. @returns the redirect URI with the code */
export async function approve(authorizationUrl: URL, redirectUri: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let url = authorizationUrl;
  while (!url.href.startsWith(redirectUri)) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const [, name = '', value = ''] of response.headers
      .getSetCookie()
      .map((line) => /^([^=]+)=([^;]*)/.exec(line) ?? [])) {
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (!location) throw new Error(`${url.href} answered ${response.status} ${await response.text()}`);
    url = new URL(location, url);
  }
  return url;
}

/** Returns the issuer that the process prints when it listens. */
async function announced(child: ChildProcess): Promise<string> {
  let complaints = '';
  child.stderr?.on('data', (chunk) => {
    complaints += chunk;
  });
  const [issuer] = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => [])]);
  if (typeof issuer !== 'string') throw new Error(`the issuer ended before it listened\n${complaints}`);
  return issuer;
}

async function serve(settings: IssuerSettings): Promise<void> {
  const server = createServer().listen(settings.port, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, configuration(settings));
  const callback = provider.callback();
  server.on('request', (request, response) => {
    const answered = request.url?.startsWith('/interaction/')
      ? consent(provider, settings, request, response)
      : callback(request, response);
    Promise.resolve(answered).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  process.stdout.write(`${issuer}\n`);
  process.send?.(issuer);
  // The process that started this one has ended.
  process.on('disconnect', () => process.exit());
}

function configuration(settings: IssuerSettings): ConstructorParameters<typeof Provider>[1] {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [settings.redirectUri],
        grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256' }] },
    scopes: ['openid', 'offline_access', ...settings.scope.split(' ')],
    cookies: { keys: ['a key for cookies that live as long as a test'] },
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    issueRefreshToken: () => true,
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      dPoP: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => settings.audience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: settings.scope,
          audience: settings.audience,
          accessTokenFormat: 'jwt',
          accessTokenTTL: settings.lifetime,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
    ttl: {
      AccessToken: settings.lifetime,
      Grant: 3600,
      Interaction: 600,
      Session: 3600,
      IdToken: 600,
      RefreshToken: 3600,
    },
  };
}

/** Signs in and consents, without a page. */
async function consent(
  provider: Provider,
  { subject, audience }: IssuerSettings,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { params } = await provider.interactionDetails(request, response);
  const accountId = typeof params.login_hint === 'string' ? params.login_hint : subject;
  const grant = new provider.Grant({ accountId, clientId: String(params.client_id) });
  grant.addOIDCScope(String(params.scope));
  grant.addResourceScope(audience, String(params.scope));
  const result = { login: { accountId }, consent: { grantId: await grant.save() } };
  await provider.interactionFinished(request, response, result);
}

if (import.meta.main) {
  const options = Object.fromEntries(Object.keys(defaults).map((name) => [name, { type: 'string' as const }]));
  const given: Readonly<Record<string, unknown>> = parseArgs({ options }).values;
  const { port = defaults.port, lifetime = defaults.lifetime } = given;
  await serve({ ...defaults, ...given, port: Number(port), lifetime: Number(lifetime) });
}
