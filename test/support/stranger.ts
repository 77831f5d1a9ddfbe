// A foreign OpenID provider in its own process. It issues opaque access tokens, and ID tokens with RS256, PS256 and
// EdDSA. A test can make it fail in many ways.
import { type ChildProcess, fork } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { decodeJwt, decodeProtectedHeader, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { Provider } from 'oidc-provider';
import { approve } from './issuer.ts';

/** The fault that the provider has until another fault is set. */
export type Fault =
  | 'none'
  | 'hanging metadata'
  | 'metadata of another issuer'
  | 'token endpoint on loopback elsewhere'
  | 'hanging token endpoint'
  | 'lost answer'
  | 'status 503'
  | 'status 500 that repeats the request'
  | 'invalid_grant that repeats the request'
  | 'another nonce'
  | 'no nonce'
  | 'another iss'
  | 'another aud'
  | 'another azp'
  | 'more audiences'
  | 'another sub'
  | 'expired'
  | 'issued in the future'
  | 'another at_hash'
  | 'alg none'
  | 'signed with the client secret'
  | 'signed with an unpublished key'
  | 'typ of an access token'
  | 'no ID token';

export interface RunningStranger {
  readonly issuer: string;
  readonly port: number;
  readonly redirectUris: readonly string[];
  /** Sets the fault. */
  break(fault: Fault): Promise<void>;
  /** Returns the number of requests for each path since the start. */
  calls(): Promise<Readonly<Record<string, number>>>;
  /** Returns how many of its refresh tokens are valid. */
  liveRefreshTokens(): Promise<number>;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export const strangerSecret = 'the secret that the stranger gave us';

/** The client IDs of our server at the provider are `<algorithm>-<method>`, such as `RS256-basic`. */
const algorithms = ['RS256', 'PS256', 'EdDSA'] as const;

interface StrangerSettings {
  /** Default 0: any free port. */
  readonly port: number;
  readonly redirectUris: readonly string[];
  /** Whether it sends `iss`, and states this in its metadata (RFC 9207). Default true. */
  readonly sendsIss: boolean;
}

/** Starts the provider, and waits until it listens. */
export async function startStranger(changes: Partial<StrangerSettings> = {}): Promise<RunningStranger> {
  const settings = { port: 0, redirectUris: ['https://app.example/callback'], sendsIss: true, ...changes };
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify(settings)], { execArgv: [], silent: true });
  const issuer = await announced(child);
  return {
    ...settings,
    issuer,
    port: Number(new URL(issuer).port),
    async break(fault) {
      await fetch(`${issuer}/control?fault=${encodeURIComponent(fault)}`);
    },
    async calls() {
      return (await (await fetch(`${issuer}/control`)).json()) as Record<string, number>;
    },
    async liveRefreshTokens() {
      return Number(await (await fetch(`${issuer}/control?refresh`)).text());
    },
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill(signal);
      await exit;
    },
  };
}

/** Signs in at the provider, as a browser does. @returns the redirect URI with the parameters of the answer */
export async function comeBack(
  authorizationUrl: string,
): Promise<{ code: string; state: string; iss: string | undefined }> {
  const url = new URL(authorizationUrl);
  const { searchParams } = await approve(url, url.searchParams.get('redirect_uri') ?? '');
  const code = searchParams.get('code');
  if (!code) throw new Error(`no code: ${searchParams.toString()}`);
  return { code, state: searchParams.get('state') ?? '', iss: searchParams.get('iss') ?? undefined };
}

async function announced(child: ChildProcess): Promise<string> {
  let complaints = '';
  child.stderr?.on('data', (chunk) => {
    complaints += chunk;
  });
  const [issuer] = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => [])]);
  if (typeof issuer !== 'string') throw new Error(`the stranger ended before it listened\n${complaints}`);
  return issuer;
}

async function serve({ port, redirectUris, sendsIss }: StrangerSettings): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const ed = generateKeyPairSync('ed25519').privateKey;
  const unpublished = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const rsaJwk = rsa.export({ format: 'jwk' });
  const refreshTokens = new Set<string>();
  const provider = new Provider(issuer, {
    clients: algorithms.flatMap((algorithm) =>
      (['basic', 'post'] as const).map((method) => ({
        client_id: `${algorithm}-${method}`,
        client_secret: strangerSecret,
        redirect_uris: [...redirectUris],
        grant_types: ['authorization_code', 'refresh_token'],
        id_token_signed_response_alg: algorithm,
        token_endpoint_auth_method: `client_secret_${method}` as const,
      })),
    ),
    jwks: {
      keys: [
        { ...rsaJwk, use: 'sig', alg: 'RS256', kid: 'rs' },
        { ...rsaJwk, use: 'sig', alg: 'PS256', kid: 'ps' },
        { ...ed.export({ format: 'jwk' }), use: 'sig', alg: 'EdDSA', kid: 'ed' },
      ],
    },
    scopes: ['openid', 'offline_access', 'email'],
    cookies: { keys: ['a key for cookies that live as long as a test'] },
    enabledJWA: { idTokenSigningAlgValues: [...algorithms] },
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false }, revocation: { enabled: true } },
    ttl: { AccessToken: 600, Grant: 3600, Interaction: 600, Session: 3600, IdToken: 600, RefreshToken: 3600 },
  });
  provider.on('refresh_token.saved', (token) => void refreshTokens.add(token.jti));
  provider.on('refresh_token.consumed', (token) => void refreshTokens.delete(token.jti));
  provider.on('refresh_token.destroyed', (token) => void refreshTokens.delete(token.jti));
  provider.on('grant.revoked', () => refreshTokens.clear());

  const callback = provider.callback();
  const calls: Record<string, number> = {};
  let fault: Fault = 'none';
  server.on('request', (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', issuer);
    if (pathname === '/control') {
      fault = (searchParams.get('fault') as Fault | null) ?? fault;
      response.end(searchParams.has('refresh') ? String(refreshTokens.size) : JSON.stringify(calls));
      return;
    }
    calls[pathname] = (calls[pathname] ?? 0) + 1;
    const answered = pathname.startsWith('/interaction/')
      ? consent(provider, request, response)
      : answer(pathname, request, response);
    Promise.resolve(answered).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });

  async function answer(pathname: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!sendsIss) withoutIss(response);
    if (pathname === '/.well-known/openid-configuration') {
      if (fault === 'hanging metadata') return;
      changeBody(response, async (document) => ({
        ...document,
        ...(fault === 'metadata of another issuer' && { issuer: 'https://somebody.example' }),
        ...(fault === 'token endpoint on loopback elsewhere' && { token_endpoint: 'http://192.0.2.1/token' }),
        ...(!sendsIss && { authorization_response_iss_parameter_supported: undefined }),
      }));
    }
    if (pathname === '/token' && fault !== 'none') {
      if (fault === 'hanging token endpoint') return;
      if (fault === 'status 503') {
        response.writeHead(503).end('later');
        return;
      }
      if (fault.endsWith('that repeats the request')) return repeat(request, response);
      changeBody(response, async ({ id_token: idToken, ...tokens }) => {
        if (fault === 'lost answer') request.socket.destroy();
        const hasIdToken = typeof idToken === 'string' && fault !== 'no ID token';
        return { ...tokens, ...(hasIdToken && { id_token: await forged(idToken) }) };
      });
    }
    await callback(request, response);
  }

  /** Answers with an error whose description repeats the secrets of the request. */
  async function repeat(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const isGrant = fault.startsWith('invalid_grant');
    response.writeHead(isGrant ? 400 : 500, { 'content-type': 'application/json' });
    const error = isGrant ? 'invalid_grant' : 'server_error';
    response.end(JSON.stringify({ error, error_description: `${body} ${request.headers.authorization}` }));
  }

  /** Returns the ID token with the fault. */
  async function forged(idToken: string): Promise<string> {
    const claims = decodeJwt(idToken);
    const { alg = '', kid = '', typ } = decodeProtectedHeader(idToken);
    const changed = forgeries[fault]?.(claims) ?? claims;
    if (fault === 'alg none') return new UnsecuredJWT(changed).encode();
    const byFault: Partial<Record<Fault, [alg: string, key: KeyObject | Uint8Array]>> = {
      'signed with the client secret': ['HS256', Buffer.from(strangerSecret)],
      'signed with an unpublished key': ['RS256', unpublished],
    };
    const [algorithm, key] = byFault[fault] ?? [alg, createPrivateKey(alg === 'EdDSA' ? pem(ed) : pem(rsa))];
    const type = fault === 'typ of an access token' ? 'at+jwt' : typ;
    return new SignJWT(changed).setProtectedHeader({ alg: algorithm, kid, ...(type && { typ: type }) }).sign(key);
  }

  process.send?.(issuer);
  // The process that started this one has ended.
  process.on('disconnect', () => process.exit());
}

const forgeries: Partial<Record<Fault, (claims: JWTPayload) => JWTPayload>> = {
  'another nonce': (claims) => ({ ...claims, nonce: 'another' }),
  'no nonce': (claims) => Object.fromEntries(Object.entries(claims).filter(([name]) => name !== 'nonce')),
  'another iss': (claims) => ({ ...claims, iss: 'https://somebody.example' }),
  'another aud': (claims) => ({ ...claims, aud: 'another-client' }),
  'another azp': (claims) => ({ ...claims, azp: 'another-client' }),
  'more audiences': ({ aud, ...claims }) => ({ ...claims, aud: [String(aud), 'another-client'] }),
  'another sub': (claims) => ({ ...claims, sub: 'mallory' }),
  expired: (claims) => ({ ...claims, exp: (claims.iat ?? 0) - 3600 }),
  'issued in the future': (claims) => ({ ...claims, iat: (claims.iat ?? 0) + 3600 }),
  'another at_hash': (claims) => ({ ...claims, at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }),
};

function pem(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** Changes the JSON of an answer with tokens or metadata. Does not change errors. */
function changeBody(
  response: ServerResponse,
  change: (body: Record<string, unknown>) => Promise<Record<string, unknown>>,
): void {
  const end = response.end.bind(response);
  response.end = ((body?: unknown) => {
    const given: Record<string, unknown> = JSON.parse(String(body));
    void (response.statusCode === 200 ? change(given) : Promise.resolve(given)).then((changed) => {
      const answer = JSON.stringify(changed);
      response.setHeader('content-length', Buffer.byteLength(answer));
      end(answer);
    });
    return response;
  }) as ServerResponse['end']; // Koa calls it with only a body.
}

/** Removes everything of RFC 9207 from an answer. */
function withoutIss(response: ServerResponse): void {
  const set = response.setHeader.bind(response);
  response.setHeader = (name, value) =>
    set(name, name.toLowerCase() === 'location' ? String(value).replace(/[?&]iss=[^&]*/, '') : value);
}

/** Signs in and consents, without a page. */
async function consent(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { params } = await provider.interactionDetails(request, response);
  const grant = new provider.Grant({ accountId: 'grace', clientId: String(params.client_id) });
  grant.addOIDCScope(String(params.scope));
  const result = { login: { accountId: 'grace' }, consent: { grantId: await grant.save() } };
  await provider.interactionFinished(request, response, result);
}

if (import.meta.main) await serve(JSON.parse(process.argv[2] ?? '{}'));
