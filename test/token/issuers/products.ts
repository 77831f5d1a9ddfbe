import { authTime, es384, jwt, keySetOf, lifetime, type RealIssuer, rsa, without } from './shape.ts';

const keycloak = 'https://login.example.com/realms/shop';
const keycloak25Token = {
  ...lifetime,
  auth_time: authTime,
  jti: '312ee6a1-0000-4000-8000-000000000000',
  iss: keycloak,
  aud: ['orders-api', 'account'],
  sub: '248289dc-0000-4000-8000-000000000000',
  typ: 'Bearer',
  azp: 'web-shop',
  sid: 'f5b2a1c4-0000-4000-8000-000000000000',
  acr: '1',
  'allowed-origins': ['https://shop.example.com'],
  realm_access: { roles: ['offline_access', 'clerk'] },
  resource_access: { account: { roles: ['manage-account'] } },
  scope: 'openid profile',
  preferred_username: 'ada',
};
/** Keycloak 26 encodes the kind of token and grant in the token's ID. */
const keycloak26Token = { ...keycloak25Token, jti: `onrtac:${keycloak25Token.jti}` };
const keycloakIdToken = (token: typeof keycloak25Token) => ({
  ...without(token, 'scope', 'realm_access', 'resource_access', 'allowed-origins'),
  typ: 'ID',
  at_hash: 'fPlsvVszI29LU2UhDyJ9vg',
});
const keycloakOf = (release: number, token: typeof keycloak25Token): RealIssuer => ({
  name: `Keycloak ${release}`,
  documented: [
    'https://www.keycloak.org/docs/latest/server_admin/',
    `https://github.com/keycloak/keycloak/blob/${release}.0.0/core/src/main/java/org/keycloak/representations/AccessToken.java`,
  ],
  entry: {
    issuer: keycloak,
    preset: 'keycloak',
    audiences: ['orders-api'],
    roles: { claim: ['realm_access', 'roles'], scopes: { clerk: ['orders:write'] } },
  },
  key: rsa,
  published: {
    [`${keycloak}/.well-known/openid-configuration`]: {
      body: { issuer: keycloak, jwks_uri: `${keycloak}/protocol/openid-connect/certs` },
    },
    [`${keycloak}/protocol/openid-connect/certs`]: {
      body: {
        keys: [
          ...keySetOf(rsa, { kid: 'for-encryption', use: 'enc', alg: 'RSA-OAEP' }).keys,
          ...keySetOf(rsa, { use: 'sig', alg: 'RS256', x5c: ['MIIC'], x5t: 'x', 'x5t#S256': 'y' }).keys,
        ],
      },
    },
  },
  accepted: {
    'of a person': {
      header: jwt,
      payload: token,
      kind: 'account',
      clientId: 'web-shop',
      scopes: ['openid', 'profile', 'orders:write'],
    },
  },
  refused: {
    'ID token': { header: jwt, payload: { ...keycloakIdToken(token), aud: 'web-shop' }, reason: /aud/ },
    'ID token for the API': { header: jwt, payload: without(keycloakIdToken(token), 'at_hash'), reason: /typ/ },
  },
});

const zitadel = 'https://shop-abcdef.zitadel.cloud';
const zitadelToken = {
  iss: zitadel,
  sub: '170848145649959169',
  aud: ['170848145649959170@shop', '170848145649959168'],
  ...lifetime,
  nbf: lifetime.iat,
  client_id: '170848145649959170@shop',
  jti: 'V2_260000000000000000-at_260000000000000001',
  'urn:zitadel:iam:org:project:roles': {
    clerk: { '170086774599581953': 'shop.zitadel.cloud' },
    driver: { '170086774599581953': 'shop.zitadel.cloud' },
  },
};
const logto = 'https://shop.logto.app/oidc';
const logtoToken = {
  jti: 'VMqAEeSBxFxgWdFB3DNZA',
  sub: 'yz123abc',
  ...lifetime,
  scope: 'read:orders',
  client_id: '7u3j2k1l',
  iss: logto,
  aud: 'https://api.example.com',
};
const fusionauthToken = {
  aud: '85a03867-dccf-4882-adde-1a79aeec50df',
  ...lifetime,
  iss: 'acme.com',
  sub: '00000000-0000-0001-0000-000000000000',
  jti: '3dd6434d-79a9-4d15-98b5-7b51dbb2cd31',
  authenticationType: 'PASSWORD',
  applicationId: '85a03867-dccf-4882-adde-1a79aeec50df',
  roles: ['clerk'],
  scope: 'offline_access',
  sid: '5c2a1a1b-0000-4000-8000-000000000000',
  auth_time: authTime,
  tid: 'f4e0d2b6-0000-4000-8000-000000000000',
  tty: 'at',
};
const spring = 'https://auth.example.com';
const springToken = {
  sub: 'ada',
  aud: 'orders-web',
  nbf: lifetime.iat,
  scope: ['openid', 'orders:read'],
  iss: spring,
  ...lifetime,
  jti: '0a4a1d2e-0000-4000-8000-000000000000',
};

export const products: readonly RealIssuer[] = [
  keycloakOf(25, keycloak25Token),
  keycloakOf(26, keycloak26Token),
  {
    name: 'Zitadel',
    documented: [
      'https://zitadel.com/docs/apis/openidoauth/claims',
      'https://zitadel.com/docs/guides/integrate/retrieve-user-roles',
    ],
    entry: {
      issuer: zitadel,
      preset: 'zitadel',
      audiences: ['170848145649959168'],
      roles: { claim: ['urn:zitadel:iam:org:project:roles'], scopes: { clerk: ['orders:write'] } },
    },
    key: rsa,
    published: {
      [`${zitadel}/.well-known/openid-configuration`]: {
        body: { issuer: zitadel, jwks_uri: `${zitadel}/oauth/v2/keys` },
      },
      [`${zitadel}/oauth/v2/keys`]: { body: keySetOf(rsa, { use: 'sig', alg: 'RS256' }) },
    },
    accepted: {
      'of a person': {
        header: jwt,
        payload: zitadelToken,
        kind: 'account',
        clientId: '170848145649959170@shop',
        scopes: ['orders:write'],
      },
    },
    refused: {
      'ID token, which is for the same audience': {
        header: jwt,
        payload: { ...without(zitadelToken, 'jti', 'nbf'), azp: zitadelToken.client_id, at_hash: 'h', sid: 'V1_1' },
        reason: /at_hash/,
      },
      'ID token without at_hash': {
        header: jwt,
        payload: { ...without(zitadelToken, 'jti', 'nbf'), azp: zitadelToken.client_id },
        reason: /jti/,
      },
    },
  },
  {
    name: 'Logto',
    documented: ['https://docs.logto.io/authorization/validate-access-tokens'],
    entry: { issuer: logto, preset: 'logto', audiences: ['https://api.example.com'] },
    key: es384,
    published: {
      [`${logto}/.well-known/openid-configuration`]: { body: { issuer: logto, jwks_uri: `${logto}/jwks` } },
      [`${logto}/jwks`]: { body: keySetOf(es384, { use: 'sig', alg: 'ES384' }), type: 'application/jwk-set+json' },
    },
    accepted: {
      'of a person': {
        header: { typ: 'at+jwt' },
        payload: logtoToken,
        kind: 'account',
        clientId: '7u3j2k1l',
        scopes: ['read:orders'],
      },
      'of an application alone': {
        header: { typ: 'at+jwt' },
        payload: { ...logtoToken, sub: '7u3j2k1l' },
        kind: 'application',
        clientId: '7u3j2k1l',
        scopes: ['read:orders'],
      },
    },
    refused: {
      'ID token': {
        header: {},
        payload: { ...without(logtoToken, 'jti', 'client_id', 'scope'), aud: '7u3j2k1l', at_hash: 'h' },
        reason: /typ/,
      },
    },
  },
  {
    name: 'FusionAuth',
    documented: ['https://fusionauth.io/docs/lifecycle/authenticate-users/oauth/tokens'],
    entry: {
      issuer: 'acme.com',
      jwksUri: 'https://auth.acme.com/.well-known/jwks.json',
      typ: ['JWT'],
      clientIdClaims: ['applicationId'],
      requiredClaims: { tty: ['at'] },
      audiences: ['85a03867-dccf-4882-adde-1a79aeec50df'],
      roles: { claim: ['roles'], scopes: { clerk: ['orders:write'] } },
    },
    key: rsa,
    published: {
      'https://auth.acme.com/.well-known/jwks.json': {
        body: keySetOf(rsa, { alg: 'RS256', use: 'sig', x5c: ['MIIC'], x5t: 'x', 'x5t#S256': 'y' }),
      },
    },
    accepted: {
      'of a person': {
        header: { ...jwt, gty: ['authorization_code'] },
        payload: fusionauthToken,
        kind: 'account',
        clientId: '85a03867-dccf-4882-adde-1a79aeec50df',
        scopes: ['offline_access', 'orders:write'],
      },
    },
    refused: {
      'ID token': { header: jwt, payload: { ...fusionauthToken, tty: 'id', at_hash: 'h', nonce: 'n' }, reason: /tty/ },
    },
  },
  {
    name: 'Spring Authorization Server',
    documented: [
      'https://docs.spring.io/spring-authorization-server/reference/core-model-components.html',
      'https://github.com/spring-projects/spring-authorization-server/blob/main/oauth2-authorization-server/src/main/java/org/springframework/security/oauth2/server/authorization/token/JwtGenerator.java',
    ],
    entry: {
      issuer: spring,
      typ: [null],
      clientIdClaims: ['aud'],
      forbiddenClaims: ['azp', 'sid'],
      audiences: ['orders-web'],
    },
    key: rsa,
    published: {
      [`${spring}/.well-known/openid-configuration`]: { body: { issuer: spring, jwks_uri: `${spring}/oauth2/jwks` } },
      [`${spring}/oauth2/jwks`]: { body: keySetOf(rsa, {}) },
    },
    accepted: {
      'of a person': {
        header: {},
        payload: springToken,
        kind: 'account',
        clientId: 'orders-web',
        scopes: ['openid', 'orders:read'],
      },
      'of an application alone': {
        header: {},
        payload: { ...springToken, sub: 'orders-web', scope: ['orders:read'] },
        kind: 'application',
        clientId: 'orders-web',
        scopes: ['orders:read'],
      },
    },
    refused: {
      'ID token': {
        header: {},
        payload: {
          ...without(springToken, 'scope', 'nbf'),
          azp: 'orders-web',
          auth_time: authTime,
          sid: 's',
          nonce: 'n',
        },
        reason: /nonce|azp/,
      },
      'ID token without nonce and sid': {
        header: {},
        payload: { ...without(springToken, 'scope', 'nbf'), azp: 'orders-web', auth_time: authTime },
        reason: /azp/,
      },
    },
  },
];
