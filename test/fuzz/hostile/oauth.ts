import type { Random } from '../random.ts';
import { type Attack, anyAddress, anyCredential } from './attack.ts';
import { submit } from './http.ts';

const values = (random: Random): readonly string[] => [
  '',
  'claimgate',
  'openid profile',
  'code',
  'none',
  'S256',
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'http://127.0.0.1:5555/callback',
  'https://evil.example/',
  'javascript:alert(1)',
  '../../etc/passwd',
  '{"id_token":{}}',
  'x'.repeat(3_000),
  '\u0000\u202E',
  random.bytes(32).toString('base64url'),
  '__proto__',
];

const names = [
  'client_id',
  'client_secret',
  'response_type',
  'redirect_uri',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'prompt',
  'max_age',
  'acr_values',
  'claims',
  'request',
  'request_uri',
  'resource',
  'grant_type',
  'code',
  'code_verifier',
  'refresh_token',
  'token',
  'token_type_hint',
  'client_assertion',
  'client_assertion_type',
  'response_mode',
  'id_token_hint',
  'post_logout_redirect_uri',
  'email',
  'password',
  'decision',
  '__proto__',
]; // prettier-ignore

/** Makes parameters: a valid request with a few errors, or random values. */
function parameters(random: Random): URLSearchParams {
  const chosen = new URLSearchParams();
  if (random.below(2) === 0) {
    for (const [name, value] of [
      ['client_id', 'claimgate'],
      ['response_type', 'code'],
      ['redirect_uri', 'http://127.0.0.1:5555/callback'],
      ['scope', 'profile'],
      ['code_challenge', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'],
      ['code_challenge_method', 'S256'],
      ['grant_type', random.pick(['authorization_code', 'refresh_token'])],
    ] as const) {
      chosen.append(name, value);
    }
  }
  const more = random.below(random.below(10) === 0 ? 2_000 : 6);
  const repeated = random.pick(names);
  for (let added = 0; added < more; added += 1) {
    chosen.append(more > 6 ? repeated : random.pick(names), random.pick(values(random)));
  }
  return chosen;
}

const paths = [
  '/oauth/authorize',
  '/oauth/authorize',
  '/oauth/token',
  '/oauth/token',
  '/oauth/par',
  '/oauth/introspect',
  '/oauth/revoke',
  '/oauth/register',
  '/oauth/logout',
  '/oauth/jwks',
  '/oauth/userinfo',
  '/account',
  '/account/sign-in',
  '/sign-in',
  '/consent',
  '/.well-known/openid-configuration',
  '/health/ready',
  '/metrics',
  '/missing',
]; // prettier-ignore

const endpoint: Attack = async ({ origin }, random) => {
  if (origin === null) return 'no authorization server';
  const url = new URL(random.pick(paths), origin);
  const sent = parameters(random);
  const headers: Record<string, string> = {
    'x-forwarded-for': anyAddress(random),
    ...(random.below(4) === 0 && {
      authorization: random.pick([anyCredential(random), 'Basic Y2xhaW1nYXRlOng=', 'Basic ']),
    }),
    ...(random.below(8) === 0 && { dpop: anyCredential(random).slice(7) }),
    ...(random.below(4) === 0 && {
      cookie: `_session=${random.bytes(16).toString('base64url')}; _interaction=x; a=${'b'.repeat(100)}`,
    }),
    ...(random.below(8) === 0 && { origin: random.pick(['null', 'https://evil.example', origin]) }),
  };
  if (random.below(3) === 0) {
    url.search = sent.toString().slice(0, 12_000);
    return `${url.pathname} ${await submit(url.href, { method: 'GET', headers })}`;
  }
  const json = url.pathname === '/oauth/register';
  const body = json
    ? JSON.stringify({ client_name: random.pick(values(random)), redirect_uris: [random.pick(values(random))] })
    : sent.toString();
  headers['content-type'] = json ? 'application/json' : 'application/x-www-form-urlencoded';
  return `${url.pathname} ${await submit(url.href, { headers, body })}`;
};

/** Starts sign-ins that are never finished. */
const abandoned: Attack = async ({ origin }, random) => {
  if (origin === null) return 'no authorization server';
  const url = new URL('/oauth/authorize', origin);
  url.search = new URLSearchParams({
    client_id: 'claimgate',
    response_type: 'code',
    redirect_uri: `http://127.0.0.1:${1024 + random.below(60_000)}/callback`,
    scope: 'profile',
    code_challenge: random.bytes(32).toString('base64url'),
    code_challenge_method: 'S256',
    state: random.bytes(random.below(200)).toString('hex'),
  }).toString();
  return `sign-in begun ${await submit(url.href, { method: 'GET', headers: { 'x-forwarded-for': anyAddress(random) } })}`;
};

export const oauthAttacks: readonly (readonly [weight: number, attack: Attack])[] = [
  [5, endpoint],
  [1, abandoned],
];
