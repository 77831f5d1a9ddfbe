import { authTime, jwt, keySetOf, lifetime, type RealIssuer, rsa, without } from './shape.ts';

const tenant = 'aaaabbbb-0000-cccc-1111-dddd2222eeee';
const api = '00001111-aaaa-2222-bbbb-3333cccc4444';
const client = '11112222-bbbb-3333-cccc-4444dddd5555';
/** Microsoft publishes no `alg`. The key ID equals the thumbprint of the certificate. */
const keys = keySetOf(rsa, {
  use: 'sig',
  x5t: 'rsa-1',
  x5c: ['MIIC'],
  issuer: `https://login.microsoftonline.com/{tenantid}/v2.0`,
});

const v2 = `https://login.microsoftonline.com/${tenant}/v2.0`;
const v2Token = {
  aud: api,
  iss: v2,
  ...lifetime,
  nbf: lifetime.iat,
  aio: 'AXQAi/8IAAAA',
  azp: client,
  azpacr: '0',
  name: 'Ada',
  oid: 'aaaaaaaa-0000-1111-2222-bbbbbbbbbbbb',
  preferred_username: 'ada@contoso.com',
  rh: '0.AAA.',
  scp: 'Orders.Read Orders.Write',
  sub: 'a-pairwise-subject',
  tid: tenant,
  uti: 'fqiBqXLPj0eQa82S-IYFAA',
  ver: '2.0',
};

const v1 = `https://sts.windows.net/${tenant}/`;
const v1Token = {
  aud: 'api://orders',
  iss: v1,
  ...lifetime,
  nbf: lifetime.iat,
  acr: '1',
  aio: 'AXQAi/8TAAAA',
  amr: ['pwd'],
  appid: client,
  appidacr: '0',
  ipaddr: '192.0.2.1',
  oid: v2Token.oid,
  rh: '0.AAA.',
  scp: 'Orders.Read',
  sub: 'a-pairwise-subject',
  tid: tenant,
  unique_name: 'ada@contoso.com',
  upn: 'ada@contoso.com',
  uti: 'fqiBqXLPj0eQa82S-IYFAB',
  ver: '1.0',
};

const b2c = `https://contoso.b2clogin.com/${tenant}/v2.0/`;
const b2cPolicy = 'https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_signin';
const b2cToken = {
  iss: b2c,
  ...lifetime,
  nbf: lifetime.iat,
  aud: api,
  sub: 'aaaaaaaa-0000-1111-2222-bbbbbbbbbbbb',
  name: 'Ada',
  tfp: 'B2C_1_signin',
  scp: 'read write',
  azp: client,
  ver: '1.0',
};

const adfs = 'http://adfs.contoso.com/adfs/services/trust';
const adfsToken = {
  aud: 'https://api.contoso.com',
  iss: adfs,
  ...lifetime,
  apptype: 'Public',
  appid: client,
  authmethod: 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport',
  auth_time: '2026-11-28T17:00:00.000Z',
  ver: '1.0',
  scp: 'openid orders',
  sub: 'MtcWxLwXlOs6rHQBNsb+hdu7dDpg1GxVHmP5gqwoRtw=',
};

const person = { header: { ...jwt, x5t: 'rsa-1' }, kind: 'account', clientId: client } as const;

export const microsoft: readonly RealIssuer[] = [
  {
    name: 'Microsoft Entra ID (v2)',
    documented: ['https://learn.microsoft.com/en-us/entra/identity-platform/access-token-claims-reference'],
    entry: { issuer: v2, preset: 'entra', audiences: [api] },
    key: rsa,
    published: {
      [`${v2}/.well-known/openid-configuration`]: {
        body: { issuer: v2, jwks_uri: `https://login.microsoftonline.com/${tenant}/discovery/v2.0/keys` },
      },
      [`https://login.microsoftonline.com/${tenant}/discovery/v2.0/keys`]: { body: keys },
    },
    accepted: {
      'of a person': { ...person, payload: v2Token, scopes: ['Orders.Read', 'Orders.Write'] },
      'of an application alone': {
        ...person,
        payload: { ...without(v2Token, 'scp', 'name', 'preferred_username'), roles: ['Orders.Admin'], idtyp: 'app' },
        kind: 'application',
        scopes: [],
      },
    },
    refused: {
      'ID token': {
        header: jwt,
        payload: { ...without(v2Token, 'azp', 'azpacr', 'scp'), nonce: '678910' },
        reason: /nonce/,
      },
      'ID token without nonce': { header: jwt, payload: without(v2Token, 'azp', 'azpacr', 'scp'), reason: /azp/ },
      'token of another tenant': {
        header: jwt,
        payload: { ...v2Token, iss: v2.replace('aaaa', 'ffff') },
        reason: /iss/,
      },
    },
  },
  {
    name: 'Microsoft Entra ID (v1)',
    documented: ['https://learn.microsoft.com/en-us/entra/identity-platform/access-token-claims-reference'],
    entry: { issuer: v1, preset: 'entra', audiences: ['api://orders'] },
    key: rsa,
    published: {
      [`${v1}.well-known/openid-configuration`]: {
        body: { issuer: v1, jwks_uri: 'https://login.microsoftonline.com/common/discovery/keys' },
      },
      'https://login.microsoftonline.com/common/discovery/keys': { body: keys },
    },
    accepted: { 'of a person': { ...person, payload: v1Token, scopes: ['Orders.Read'] } },
    refused: {
      'ID token': {
        header: jwt,
        payload: { ...without(v1Token, 'appid', 'appidacr', 'scp'), nonce: '1' },
        reason: /nonce/,
      },
      'ID token without nonce': { header: jwt, payload: without(v1Token, 'appid', 'appidacr', 'scp'), reason: /appid/ },
    },
  },
  {
    name: 'Azure AD B2C',
    documented: [
      'https://learn.microsoft.com/en-us/azure/active-directory-b2c/access-tokens',
      'https://learn.microsoft.com/en-us/azure/active-directory-b2c/tokens-overview',
    ],
    entry: {
      issuer: b2c,
      metadata: `${b2cPolicy}/v2.0/.well-known/openid-configuration`,
      preset: 'entra',
      tokenIdClaims: [],
      audiences: [api],
    },
    key: rsa,
    published: {
      [`${b2cPolicy}/v2.0/.well-known/openid-configuration`]: {
        body: { issuer: b2c, jwks_uri: `${b2cPolicy}/discovery/v2.0/keys` },
      },
      [`${b2cPolicy}/discovery/v2.0/keys`]: { body: keySetOf(rsa, { nbf: 1_493_763_266, use: 'sig' }) },
    },
    accepted: { 'of a person': { ...person, header: jwt, payload: b2cToken, scopes: ['read', 'write'] } },
    refused: {
      'ID token': {
        header: jwt,
        payload: { ...without(b2cToken, 'azp', 'scp'), nonce: 'n', auth_time: authTime },
        reason: /nonce/,
      },
      'ID token without nonce': { header: jwt, payload: without(b2cToken, 'azp', 'scp'), reason: /azp/ },
    },
  },
  {
    name: 'AD FS',
    documented: [
      'https://learn.microsoft.com/en-us/windows-server/identity/ad-fs/development/ad-fs-openid-connect-oauth-concepts',
      'https://learn.microsoft.com/en-us/windows-server/identity/ad-fs/overview/ad-fs-openid-connect-oauth-flows-scenarios',
    ],
    entry: {
      issuer: adfs,
      metadata: 'https://adfs.contoso.com/adfs/.well-known/openid-configuration',
      preset: 'entra',
      tokenIdClaims: [],
      audiences: ['https://api.contoso.com'],
    },
    key: rsa,
    published: {
      'https://adfs.contoso.com/adfs/.well-known/openid-configuration': {
        body: {
          issuer: 'https://adfs.contoso.com/adfs',
          jwks_uri: 'https://adfs.contoso.com/adfs/discovery/keys',
          access_token_issuer: adfs,
        },
      },
      'https://adfs.contoso.com/adfs/discovery/keys': {
        body: keySetOf(rsa, { use: 'sig', alg: 'RS256', x5t: 'rsa-1', x5c: ['MIIC'] }),
      },
    },
    accepted: { 'of a person': { ...person, payload: adfsToken, scopes: ['openid', 'orders'] } },
    refused: {
      'ID token': {
        header: jwt,
        payload: { ...without(adfsToken, 'appid', 'apptype', 'scp'), iss: 'https://adfs.contoso.com/adfs', nonce: 'n' },
        reason: /iss/,
      },
      'ID token of the same issuer': { header: jwt, payload: without(adfsToken, 'appid', 'scp'), reason: /appid/ },
    },
  },
];
