import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { calculatePKCECodeChallenge, randomPKCECodeVerifier, randomState } from 'openid-client';
import { exampleQuery, identityApiOfExamples } from '../api/names/own-names.ts';
import type { Config } from '../config.ts';
import { readServerConfig } from '../server/configuration.ts';
import { firstPartyClientId } from '../identity/applications/first-party.ts';
import { endpoints } from '../server.ts';
import { type SignInResult, signInResultPages } from '../server/embedded/sign-in-result.ts';
import { nearestHint } from '../protocol/nearest.ts';
import { parseScope } from '../protocol/scope.ts';
import { shown } from '../protocol/shown.ts';
import { printable } from './print.ts';
import { accessTokenFor } from './token/code.ts';

/** How long the person may take to sign in. */
const signInTimeoutMs = 5 * 60_000;
/** How long the server may take to answer. */
const serverTimeoutMs = 5_000;

/**
 * Signs in as a native application (RFC 8252). A listener on loopback receives the code. With `--token`, the standard
 * output has the access token and nothing else.
 *
 * @returns the exit code
 */
export async function signIn(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { scope: { type: 'string', multiple: true }, token: { type: 'boolean', default: false } },
  });
  const [scope = 'openid profile applications grants', ...others] = values.scope ?? [];
  if (others.length > 0) {
    process.stderr.write('claimgate sign-in: expected --scope once, with all scopes in one argument\n');
    return 2;
  }
  const dialogue = values.token ? process.stderr : process.stdout;
  const { config, faults } = await readServerConfig(process.env, process.cwd());
  if (faults.length > 0 || config.issuer) {
    const reason = config.issuer ? 'CLAIMGATE_ISSUER is set: sign in with that issuer' : faults.join('\n  ');
    process.stderr.write(`claimgate sign-in:\n  ${reason}\n`);
    return 1;
  }

  const missing = await missingFrom(config.publicUrl, scope);
  if (missing) {
    process.stderr.write(`claimgate sign-in:\n  ${missing}\n`);
    return 1;
  }

  const codeVerifier = randomPKCECodeVerifier();
  const state = randomState();
  const listener = createServer();
  await new Promise<void>((resolve) => {
    listener.listen(0, '127.0.0.1', resolve);
  });
  // The listener uses TCP. Therefore its address has this type.
  const { port } = listener.address() as AddressInfo;
  const redirectUri = `http://127.0.0.1:${port}/callback`;
  const address = new URL(endpoints.authorization, config.publicUrl);
  address.search = new URLSearchParams({
    client_id: firstPartyClientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope,
    state,
    code_challenge: await calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
  }).toString();
  dialogue.write(
    `\nVisit this address and sign in:\n\n  ${address.href}\n\nWaiting for the answer on ${redirectUri} …\n`,
  );

  const answer = await authorizationResponse(
    listener,
    { state, issuer: config.publicUrl },
    signInResultPages(config.appearance),
  );
  listener.close();
  listener.closeAllConnections();
  if (!answer.ok) {
    process.stderr.write(`\nNo code: ${shown(answer.reason)}\n`);
    return 1;
  }
  const exchange = { code: answer.code, codeVerifier, redirectUri };
  if (!values.token) {
    process.stdout.write(nextSteps(config, exchange));
    return 0;
  }
  const got = await accessTokenFor(new URL(endpoints.token, config.publicUrl), exchange);
  if (!got.ok) {
    process.stderr.write(`\nNo token: ${got.reason}\n`);
    return 1;
  }
  process.stdout.write(`${got.accessToken}\n`);
  return 0;
}

/**
 * Finds the reason why a sign-in would fail. Either no server answers, or the server does not know a scope.
 *
 * @returns null if there is no such reason
 */
async function missingFrom(publicUrl: string, scope: string): Promise<string | null> {
  const wanted = parseScope(scope);
  if (!wanted) return `--scope: expected names of scopes with one space between them, found "${shown(scope)}"`;
  try {
    // RFC 9728 §3. This document has all scopes of the API, including the scopes of the team's modules.
    const response = await fetch(`${publicUrl}/.well-known/oauth-protected-resource`, {
      signal: AbortSignal.timeout(serverTimeoutMs),
    });
    // If the answer comes from another program, this member is missing, and the next line throws.
    const { scopes_supported: scopes } = (await response.json()) as { scopes_supported: readonly string[] };
    const known = ['openid', ...scopes].map(printable); // Another program may answer.
    const unknown = wanted.filter((name) => !known.includes(name));
    if (unknown.length === 0) return null;
    const hint = nearestHint(unknown[0] ?? '', known);
    return `the server does not know the scope ${unknown.join(', ')}; expected some of ${known.join(', ')}${hint}`;
  } catch {
    return `no Claimgate answers at ${publicUrl}: start it first, and give this command the same PORT or CLAIMGATE_PUBLIC_URL`;
  }
}

type Answer =
  | { readonly ok: true; readonly code: string }
  | { readonly ok: false; readonly reason: string; readonly isDenied: boolean };

/** Waits for the authorization response of the browser, and answers it with a page. */
function authorizationResponse(
  listener: ReturnType<typeof createServer>,
  expected: { state: string; issuer: string },
  show: ReturnType<typeof signInResultPages>,
): Promise<Answer> {
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => resolve({ ok: false, reason: 'no answer arrived within five minutes', isDenied: false }),
      signInTimeoutMs,
    );
    listener.on('request', (request, response) => {
      const answer = read(request, expected);
      show(response, resultOf(answer));
      if (!answer) return;
      clearTimeout(timer);
      resolve(answer);
    });
  });
}

/**
 * Reads an authorization response.
 *
 * @returns undefined for any other request, for example of a port scan
 */
function read(request: IncomingMessage, expected: { state: string; issuer: string }): Answer | undefined {
  const url = URL.parse(request.url ?? '', 'http://127.0.0.1');
  if (url?.pathname !== '/callback' || url.searchParams.get('state') !== expected.state) return undefined;
  const { searchParams } = url;
  // RFC 9207 §2.4
  if (searchParams.get('iss') !== expected.issuer) {
    return { ok: false, reason: 'the answer came from another issuer', isDenied: false };
  }
  const code = searchParams.get('code');
  if (code) return { ok: true, code };
  const reason = searchParams.get('error_description') ?? searchParams.get('error') ?? 'the answer holds no code';
  return { ok: false, reason, isDenied: searchParams.get('error') === 'access_denied' };
}

function resultOf(answer: Answer | undefined): SignInResult {
  if (!answer) return 'other';
  if (answer.ok) return 'done';
  return answer.isDenied ? 'denied' : 'failed';
}

function nextSteps(config: Config, client: { code: string; codeVerifier: string; redirectUri: string }): string {
  const url = `${config.publicUrl}/graphql`;
  const exchange = {
    query:
      'mutation ($input: ExchangeAuthorizationCodeInput!) { exchangeAuthorizationCode(input: $input) { ... on TokenSet { accessToken refreshToken scope expiresIn } ... on OAuthError { error errorDescription } } }',
    variables: { input: { client: { clientId: firstPartyClientId, ...client } } },
  };
  const viewer = { query: exampleQuery(identityApiOfExamples(config), 'viewer', 'subject scopes expiresAt') };
  const trade = `curl -s ${url} -H 'content-type: application/json' -d '${quoted(exchange)}'`;
  return `
Trade the code for tokens (it is valid for one minute, once):

  ${trade}

or straight into a variable:

  TOKEN=$(${trade} | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')

Then send a query as yourself:

  curl -s ${url} -H 'content-type: application/json' -H "authorization: Bearer $TOKEN" -d '${quoted(viewer)}'
`;
}

/** Writes a value as JSON for a text between single quotes of a shell. The code comes from the address that was visited. */
function quoted(value: object): string {
  return JSON.stringify(value).replaceAll("'", String.raw`\u0027`);
}
