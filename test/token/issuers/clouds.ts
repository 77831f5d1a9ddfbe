import { authTime, es256, jwt, keySetOf, lifetime, type RealIssuer, rsa, without } from './shape.ts';

const auth0 = 'https://tenant.auth0.com/';
const auth0Token = {
  iss: auth0,
  sub: 'auth0|123456',
  aud: ['https://api.example.com', `${auth0}userinfo`],
  azp: 'my_client_id',
  ...lifetime,
  scope: 'openid profile read:orders',
};
const okta = 'https://dev-1.okta.com/oauth2/default';
const oktaToken = {
  ver: 1,
  jti: 'AT.MNAoEQ_jbKqoinrQo1D0XKjMX28U5d7ZszBceot7-Ts',
  iss: okta,
  aud: 'api://default',
  ...lifetime,
  cid: '0oa1client',
  uid: '00u1person',
  scp: ['openid', 'orders:read'],
  auth_time: authTime,
  sub: 'ada@example.com',
};
const cognito = 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_example';
const cognitoToken = {
  sub: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
  'cognito:groups': ['admin'],
  iss: cognito,
  version: 2,
  client_id: '1example23456789',
  origin_jti: 'aaaaaaaa-0000-4000-8000-000000000000',
  event_id: 'bbbbbbbb-0000-4000-8000-000000000000',
  token_use: 'access',
  scope: 'openid orders/read',
  auth_time: authTime,
  ...lifetime,
  jti: 'cccccccc-0000-4000-8000-000000000000',
  username: 'ada',
};
const google = 'https://accounts.google.com';
const googleClient = '1234987819200.apps.googleusercontent.com';
const googleToken = {
  iss: google,
  azp: '407408718192.apps.googleusercontent.com',
  aud: googleClient,
  sub: '10769150350006150715113082367',
  email: 'ada@example.com',
  email_verified: true,
  hd: 'example.com',
  ...lifetime,
};
const firebase = 'https://securetoken.google.com/orders-1234';
const firebaseToken = {
  iss: firebase,
  aud: 'orders-1234',
  auth_time: authTime,
  user_id: 'gRQaJYb1kbfMzMvkkTWwpqGVY3A2',
  sub: 'gRQaJYb1kbfMzMvkkTWwpqGVY3A2',
  ...lifetime,
  email: 'ada@example.com',
  roles: ['clerk'],
  firebase: { identities: { email: ['ada@example.com'] }, sign_in_provider: 'password' },
};
const supabase = 'https://abcdefghijklmnopqrst.supabase.co/auth/v1';
const supabaseToken = {
  aal: 'aal1',
  amr: [{ method: 'password', timestamp: authTime }],
  app_metadata: { provider: 'email', providers: ['email'], roles: ['clerk'] },
  aud: 'authenticated',
  email: 'ada@example.com',
  ...lifetime,
  is_anonymous: false,
  iss: supabase,
  phone: '',
  role: 'authenticated',
  session_id: 'bd8d0c5a-0000-4000-8000-000000000000',
  sub: '6a1d5c2e-0000-4000-8000-000000000000',
  user_metadata: {},
};
const clerk = 'https://clean-mayfly-62.clerk.accounts.dev';
const clerkToken = {
  azp: 'https://app.example.com',
  exp: lifetime.exp,
  fva: [7, -1],
  iat: lifetime.iat,
  iss: clerk,
  nbf: lifetime.iat - 10,
  o: { id: 'org_1', rol: 'admin', slg: 'shop' },
  sid: 'sess_123',
  sub: 'user_123',
  v: 2,
};
const certificates = 'https://www.googleapis.com/oauth2/v3/certs';
const firebaseKeys = 'https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com';

export const clouds: readonly RealIssuer[] = [
  {
    name: 'Auth0',
    documented: ['https://auth0.com/docs/secure/tokens/access-tokens/access-token-profiles'],
    entry: { issuer: auth0, preset: 'auth0', audiences: ['https://api.example.com'] },
    key: rsa,
    published: {
      [`${auth0}.well-known/openid-configuration`]: {
        body: { issuer: auth0, jwks_uri: `${auth0}.well-known/jwks.json` },
      },
      [`${auth0}.well-known/jwks.json`]: { body: keySetOf(rsa, { use: 'sig', alg: 'RS256', x5t: 'x', x5c: ['MIIC'] }) },
    },
    accepted: {
      "with the issuer's own profile": {
        header: jwt,
        payload: auth0Token,
        kind: 'account',
        clientId: 'my_client_id',
        scopes: ['openid', 'profile', 'read:orders'],
      },
      'of the RFC 9068 profile': {
        header: { typ: 'at+jwt' },
        payload: { ...without(auth0Token, 'azp'), client_id: 'my_client_id', jti: '73WakrfVbNJBaAmhQtEeDv' },
        kind: 'account',
        clientId: 'my_client_id',
        scopes: ['openid', 'profile', 'read:orders'],
      },
    },
    refused: {
      'ID token': {
        header: jwt,
        payload: { ...without(auth0Token, 'azp', 'scope'), aud: 'my_client_id', nickname: 'ada', sid: 's', nonce: 'n' },
        reason: /aud/,
      },
      'ID token for the API': {
        header: jwt,
        payload: { ...without(auth0Token, 'azp', 'scope'), nickname: 'ada', sid: 's' },
        reason: /client_id or azp/,
      },
    },
  },
  {
    name: 'Okta',
    documented: ['https://developer.okta.com/docs/api/openapi/okta-oauth/guides/overview/'],
    entry: { issuer: okta, preset: 'okta', audiences: ['api://default'] },
    key: rsa,
    published: {
      [`${okta}/.well-known/openid-configuration`]: { body: { issuer: okta, jwks_uri: `${okta}/v1/keys` } },
      [`${okta}/v1/keys`]: { body: keySetOf(rsa, { alg: 'RS256', use: 'sig' }) },
    },
    accepted: {
      'of a person': {
        header: {},
        payload: oktaToken,
        kind: 'account',
        clientId: '0oa1client',
        scopes: ['openid', 'orders:read'],
      },
    },
    refused: {
      'ID token': {
        header: {},
        payload: { ...without(oktaToken, 'cid', 'uid', 'scp'), aud: '0oa1client', jti: 'ID.1', at_hash: 'h' },
        reason: /aud/,
      },
      'ID token for the API': { header: {}, payload: without(oktaToken, 'cid', 'uid', 'scp'), reason: /cid/ },
    },
  },
  {
    name: 'Amazon Cognito',
    documented: [
      'https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html',
    ],
    entry: {
      issuer: cognito,
      preset: 'cognito',
      audiences: ['1example23456789'],
      roles: { claim: ['cognito:groups'], scopes: { admin: ['orders:write'] } },
    },
    key: rsa,
    published: {
      [`${cognito}/.well-known/openid-configuration`]: {
        body: { issuer: cognito, jwks_uri: `${cognito}/.well-known/jwks.json` },
      },
      [`${cognito}/.well-known/jwks.json`]: { body: keySetOf(rsa, { alg: 'RS256', use: 'sig' }) },
    },
    accepted: {
      'of a person': {
        header: {},
        payload: cognitoToken,
        kind: 'account',
        clientId: '1example23456789',
        scopes: ['openid', 'orders/read', 'orders:write'],
      },
    },
    refused: {
      'ID token': {
        header: {},
        payload: { ...without(cognitoToken, 'client_id', 'scope'), aud: '1example23456789', token_use: 'id' },
        reason: /token_use/,
      },
    },
  },
  {
    name: 'Google',
    documented: [
      'https://developers.google.com/identity/gsi/web/guides/verify-google-id-token',
      'https://developers.google.com/identity/openid-connect/openid-connect',
    ],
    entry: { issuer: google, preset: 'google', audiences: [googleClient] },
    key: rsa,
    published: {
      [`${google}/.well-known/openid-configuration`]: { body: { issuer: google, jwks_uri: certificates } },
      [certificates]: { body: keySetOf(rsa, { use: 'sig', alg: 'RS256' }) },
    },
    accepted: {
      'of a person, which is an ID token for the backend': {
        header: jwt,
        payload: googleToken,
        kind: 'account',
        clientId: '407408718192.apps.googleusercontent.com',
        scopes: [],
      },
      'of a service account': {
        header: jwt,
        payload: {
          ...without(googleToken, 'hd'),
          azp: '100123',
          sub: '100123',
          email: 'x@orders.iam.gserviceaccount.com',
        },
        kind: 'application',
        clientId: '100123',
        scopes: [],
      },
    },
    refused: {
      'ID token for another client': {
        header: jwt,
        payload: { ...googleToken, aud: '407408718192.apps.googleusercontent.com' },
        reason: /aud/,
      },
      'ID token of the issuer without its scheme': {
        header: jwt,
        payload: { ...googleToken, iss: 'accounts.google.com' },
        reason: /iss/,
      },
      'security event': {
        header: { typ: 'secevent+jwt' },
        payload: { ...without(googleToken, 'exp'), events: {} },
        reason: /typ/,
      },
    },
  },
  {
    name: 'Firebase Authentication',
    documented: ['https://firebase.google.com/docs/auth/admin/verify-id-tokens'],
    entry: {
      issuer: firebase,
      preset: 'firebase',
      audiences: ['orders-1234'],
      roles: { claim: ['roles'], scopes: { clerk: ['orders:write'] } },
    },
    key: rsa,
    published: {
      [`${firebase}/.well-known/openid-configuration`]: { body: { issuer: firebase, jwks_uri: firebaseKeys } },
      [firebaseKeys]: { body: keySetOf(rsa, { alg: 'RS256', use: 'sig' }) },
    },
    accepted: {
      'of a person, which is an ID token for the project': {
        header: jwt,
        payload: firebaseToken,
        kind: 'account',
        clientId: null,
        scopes: ['orders:write'],
      },
    },
    refused: {
      'session cookie': {
        header: jwt,
        payload: { ...firebaseToken, iss: 'https://session.firebase.google.com/orders-1234' },
        reason: /iss/,
      },
      'ID token of another project': { header: jwt, payload: { ...firebaseToken, aud: 'others-1' }, reason: /aud/ },
      'ID token of Google': { header: jwt, payload: without(firebaseToken, 'firebase'), reason: /firebase/ },
    },
  },
  {
    name: 'Supabase',
    documented: [
      'https://supabase.com/docs/guides/auth/jwt-fields',
      'https://supabase.com/docs/guides/auth/signing-keys',
    ],
    entry: {
      issuer: supabase,
      jwksUri: `${supabase}/.well-known/jwks.json`,
      preset: 'supabase',
      audiences: ['authenticated'],
      roles: { claim: ['app_metadata', 'roles'], scopes: { clerk: ['orders:write'] } },
    },
    key: es256,
    published: {
      [`${supabase}/.well-known/jwks.json`]: {
        body: keySetOf(es256, { alg: 'ES256', ext: true, key_ops: ['verify'], use: 'sig' }),
      },
    },
    accepted: {
      'of a person': {
        header: jwt,
        payload: supabaseToken,
        kind: 'account',
        clientId: null,
        scopes: ['orders:write'],
      },
      'of a person, through an application of its OAuth server': {
        header: jwt,
        payload: { ...without(supabaseToken, 'app_metadata'), client_id: 'b1f0a2c4-0000-4000-8000-000000000000' },
        kind: 'account',
        clientId: 'b1f0a2c4-0000-4000-8000-000000000000',
        scopes: [],
      },
    },
    refused: {
      'ID token': {
        header: jwt,
        payload: { ...without(supabaseToken, 'session_id'), aud: 'b1f0a2c4', nonce: 'n' },
        reason: /aud/,
      },
      'ID token for the same audience': {
        header: jwt,
        payload: without(supabaseToken, 'session_id'),
        reason: /session_id/,
      },
      'anonymous key of the project': {
        header: jwt,
        payload: { iss: 'supabase', ref: 'abcdefghijklmnopqrst', role: 'anon', ...lifetime },
        reason: /iss/,
      },
    },
  },
  {
    name: 'Clerk',
    documented: ['https://clerk.com/docs/guides/sessions/session-tokens'],
    entry: {
      issuer: clerk,
      jwksUri: `${clerk}/.well-known/jwks.json`,
      preset: 'clerk',
      audiences: ['https://app.example.com'],
      roles: { claim: ['o', 'rol'], scopes: { admin: ['orders:write'] } },
    },
    key: rsa,
    published: { [`${clerk}/.well-known/jwks.json`]: { body: keySetOf(rsa, { use: 'sig', alg: 'RS256' }) } },
    accepted: {
      'of a session': {
        header: { ...jwt, cat: 'cl_B7d4PD111AAA' },
        payload: clerkToken,
        kind: 'account',
        clientId: 'https://app.example.com',
        scopes: ['orders:write'],
      },
    },
    refused: {
      'ID token': {
        header: jwt,
        payload: { ...without(clerkToken, 'azp', 'sid', 'o', 'v'), aud: 'an-oauth-client', at_hash: 'h', nonce: 'n' },
        reason: /aud/,
      },
      'ID token for the same audience': {
        header: jwt,
        payload: { ...without(clerkToken, 'azp', 'sid', 'o', 'v'), aud: 'https://app.example.com' },
        reason: /sid/,
      },
      'token of a page of another origin': {
        header: jwt,
        payload: { ...clerkToken, azp: 'https://evil.example' },
        reason: /aud/,
      },
      'token without an origin': { header: jwt, payload: without(clerkToken, 'azp'), reason: /aud/ },
    },
  },
];
