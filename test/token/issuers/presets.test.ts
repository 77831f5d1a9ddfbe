import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { IssuerOptions } from '../../../src/token/issuers/options.ts';
import { localKeys } from '../../../src/issuer/key-source.ts';
import type { PresetName } from '../../../src/token/issuers/presets.ts';
import { assertRefused, keySet, makeKey, now, sign, verifierOf } from '../../support/tokens.ts';

type Claims = Readonly<Record<string, unknown>>;

/** A token from the issuer's documentation: header without `alg` and `kid`, and payload. */
interface Example {
  readonly header: Claims;
  readonly payload: Claims;
}

interface Accepted extends Example {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly kind: 'account' | 'application';
}

interface Product {
  readonly settings: Partial<IssuerOptions> & Pick<IssuerOptions, 'issuer' | 'audience'>;
  readonly accepted: Readonly<Record<string, Accepted>>;
  readonly refused: Readonly<Record<string, Example & { readonly reason: RegExp }>>;
}

const key = makeKey('RS256');
const lifetime = { iat: now, exp: now + 600 };
const jwt = { typ: 'JWT' };

const auth0 = 'https://tenant.auth0.com/';
const auth0Token = {
  iss: auth0,
  sub: 'auth0|123456',
  aud: ['https://example.com/health-api', `${auth0}userinfo`],
  azp: 'my_client_id',
  ...lifetime,
  scope: 'openid profile read:patients',
};
const { azp: _, ...auth0Standard } = { ...auth0Token, client_id: 'my_client_id', jti: '73WakrfVbNJBaAmhQtEeDv' };
const auth0IdToken = {
  iss: auth0,
  sub: 'auth0|123456',
  aud: 'my_client_id',
  ...lifetime,
  nickname: 'ada',
  email: 'ada@example.com',
  sid: 'a-session',
  nonce: 'n',
};

const tenant = 'aaaabbbb-0000-cccc-1111-dddd2222eeee';
const entra = `https://login.microsoftonline.com/${tenant}/v2.0`;
const api = '00001111-aaaa-2222-bbbb-3333cccc4444';
const entraToken = {
  aud: api,
  iss: entra,
  ...lifetime,
  nbf: now,
  aio: 'AXQAi/8IAAAA',
  azp: '11112222-bbbb-3333-cccc-4444dddd5555',
  azpacr: '0',
  name: 'Ada',
  oid: 'aaaaaaaa-0000-1111-2222-bbbbbbbbbbbb',
  preferred_username: 'ada@contoso.com',
  rh: '0.AAA.',
  scp: 'Orders.Read Orders.Write',
  roles: ['Orders.Admin'],
  sub: 'a-pairwise-subject',
  tid: tenant,
  uti: 'fqiBqXLPj0eQa82S-IYFAA',
  ver: '2.0',
};
const { scp: _scp, ...entraApplication } = { ...entraToken, sub: entraToken.oid, idtyp: 'app' };
const entraV1 = `https://sts.windows.net/${tenant}/`;
const { azp: __, ...entraV1Token } = {
  ...entraToken,
  iss: entraV1,
  appid: 'the-v1-client',
  ver: '1.0',
  aud: 'api://x',
};
// The application is its own API, so the ID token has the same audience as an access token.
const entraIdToken = {
  aud: api,
  iss: entra,
  ...lifetime,
  nbf: now,
  name: 'Ada',
  nonce: '678910',
  oid: entraToken.oid,
  preferred_username: 'ada@contoso.com',
  rh: '0.AAA.',
  roles: ['Orders.Admin'],
  sub: 'a-pairwise-subject',
  tid: tenant,
  uti: 'fqiBqXLPj0eQa82S-IYFAA',
  ver: '2.0',
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
  auth_time: now - 60,
  sub: 'ada@example.com',
};
const { uid: _uid, ...oktaApplication } = { ...oktaToken, sub: '0oa1client', scp: ['orders:read'] };
const oktaIdToken = {
  sub: '00u1person',
  name: 'Ada',
  ver: 1,
  iss: okta,
  aud: '0oa1client',
  ...lifetime,
  jti: 'ID.radCQMOQUmyvcTBmmIL0J6BaS60apUEiC7-vI7pOmkw',
  amr: ['pwd'],
  idp: '00o1',
  preferred_username: 'ada@example.com',
  auth_time: now - 60,
  at_hash: 'fPlsvVszI29LU2UhDyJ9vg',
};

const keycloak = 'https://login.example.com/realms/shop';
const keycloakToken = {
  ...lifetime,
  auth_time: now - 60,
  jti: 'onrtac:312ee6a1-0000-4000-8000-000000000000',
  iss: keycloak,
  aud: ['orders-api', 'account'],
  sub: '248289dc-0000-4000-8000-000000000000',
  typ: 'Bearer',
  azp: 'web-shop',
  sid: 'f5b2a1c4-0000-4000-8000-000000000000',
  acr: '1',
  realm_access: { roles: ['offline_access', 'clerk'] },
  resource_access: { 'orders-api': { roles: ['reader'] } },
  scope: 'openid profile email',
  preferred_username: 'ada',
};
const keycloakService = {
  ...keycloakToken,
  azp: 'batch',
  client_id: 'batch',
  clientHost: '10.0.0.7',
  preferred_username: 'service-account-batch',
};
const keycloakIdToken = {
  ...lifetime,
  jti: '8a3b7c1d-0000-4000-8000-000000000000',
  iss: keycloak,
  aud: 'web-shop',
  sub: keycloakToken.sub,
  typ: 'ID',
  azp: 'web-shop',
  sid: keycloakToken.sid,
  at_hash: 'fPlsvVszI29LU2UhDyJ9vg',
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
  auth_time: now - 60,
  ...lifetime,
  jti: 'cccccccc-0000-4000-8000-000000000000',
  username: 'ada',
};
const cognitoIdToken = {
  sub: cognitoToken.sub,
  'cognito:groups': ['admin'],
  email: 'ada@example.com',
  iss: cognito,
  'cognito:username': 'ada',
  origin_jti: cognitoToken.origin_jti,
  aud: '1example23456789',
  event_id: cognitoToken.event_id,
  token_use: 'id',
  auth_time: now - 60,
  ...lifetime,
  jti: 'dddddddd-0000-4000-8000-000000000000',
};

const products = {
  auth0: {
    settings: { issuer: auth0, audience: ['https://example.com/health-api'] },
    accepted: {
      "with the issuer's own profile": {
        header: jwt,
        payload: auth0Token,
        clientId: 'my_client_id',
        scopes: ['openid', 'profile', 'read:patients'],
        kind: 'account',
      },
      'with permissions': {
        header: jwt,
        payload: { ...auth0Token, scope: 'openid', permissions: ['read:patients', 'edit:patients'] },
        clientId: 'my_client_id',
        scopes: ['openid', 'read:patients', 'edit:patients'],
        kind: 'account',
      },
      'of the RFC 9068 profile': {
        header: { typ: 'at+jwt' },
        payload: auth0Standard,
        clientId: 'my_client_id',
        scopes: ['openid', 'profile', 'read:patients'],
        kind: 'account',
      },
      'of an application alone': {
        header: jwt,
        payload: {
          ...auth0Token,
          sub: 'my_client_id@clients',
          aud: 'https://example.com/health-api',
          scope: 'read:patients',
          gty: 'client-credentials',
        },
        clientId: 'my_client_id',
        scopes: ['read:patients'],
        kind: 'application',
      },
    },
    refused: {
      'ID token': { header: jwt, payload: auth0IdToken, reason: /aud/ },
      'ID token for the API itself': {
        header: jwt,
        payload: { ...auth0IdToken, aud: 'https://example.com/health-api' },
        reason: /nonce/,
      },
      'ID token without nonce for the API itself': {
        header: jwt,
        payload: { ...auth0IdToken, aud: 'https://example.com/health-api', nonce: undefined },
        reason: /client_id or azp/,
      },
    },
  },
  entra: {
    settings: { issuer: entra, audience: [api] },
    accepted: {
      'of a person (v2)': {
        header: jwt,
        payload: entraToken,
        clientId: entraToken.azp,
        scopes: ['Orders.Read', 'Orders.Write'],
        kind: 'account',
      },
      'of an application alone (idtyp)': {
        header: jwt,
        payload: entraApplication,
        clientId: entraToken.azp,
        scopes: [],
        kind: 'application',
      },
      'of an application alone, by its missing scp': {
        header: jwt,
        payload: { ...entraApplication, idtyp: undefined },
        clientId: entraToken.azp,
        scopes: [],
        kind: 'application',
      },
    },
    refused: {
      'ID token for the same audience': { header: jwt, payload: entraIdToken, reason: /nonce/ },
      'ID token without nonce for the same audience': {
        header: jwt,
        payload: { ...entraIdToken, nonce: undefined },
        reason: /azp or appid/,
      },
      'token of another tenant': {
        header: jwt,
        payload: { ...entraToken, iss: entra.replace('aaaa', 'ffff') },
        reason: /iss/,
      },
    },
  },
  okta: {
    settings: { issuer: okta, audience: ['api://default'] },
    accepted: {
      'of a person': {
        header: {},
        payload: oktaToken,
        clientId: '0oa1client',
        scopes: ['openid', 'orders:read'],
        kind: 'account',
      },
      'with its own type': {
        header: { typ: 'application/okta-internal-at+jwt' },
        payload: oktaToken,
        clientId: '0oa1client',
        scopes: ['openid', 'orders:read'],
        kind: 'account',
      },
      'of an application alone': {
        header: {},
        payload: oktaApplication,
        clientId: '0oa1client',
        scopes: ['orders:read'],
        kind: 'application',
      },
    },
    refused: {
      'ID token': { header: {}, payload: oktaIdToken, reason: /aud/ },
      'ID token for the API itself': {
        header: {},
        payload: { ...oktaIdToken, aud: 'api://default' },
        reason: /at_hash/,
      },
      'ID token without at_hash for the API itself': {
        header: {},
        payload: { ...oktaIdToken, aud: 'api://default', at_hash: undefined },
        reason: /cid/,
      },
      'DPoP proof': { header: { typ: 'dpop+jwt' }, payload: oktaToken, reason: /typ/ },
    },
  },
  keycloak: {
    settings: {
      issuer: keycloak,
      audience: ['orders-api'],
      roles: [
        { claim: ['realm_access', 'roles'], scopes: { clerk: ['orders:write'] } },
        { claim: ['resource_access', 'orders-api', 'roles'], scopes: { reader: ['orders:read'] } },
      ],
    },
    accepted: {
      'of a person, with roles through the table': {
        header: jwt,
        payload: keycloakToken,
        clientId: 'web-shop',
        scopes: ['openid', 'profile', 'email', 'orders:write', 'orders:read'],
        kind: 'account',
      },
      'typed as RFC 9068 asks': {
        header: { typ: 'at+jwt' },
        payload: { ...keycloakToken, realm_access: undefined, resource_access: undefined },
        clientId: 'web-shop',
        scopes: ['openid', 'profile', 'email'],
        kind: 'account',
      },
      'of an older release, with a nonce': {
        header: jwt,
        payload: { ...keycloakToken, nonce: 'n', realm_access: undefined, resource_access: undefined },
        clientId: 'web-shop',
        scopes: ['openid', 'profile', 'email'],
        kind: 'account',
      },
      'of a service account': {
        header: jwt,
        payload: { ...keycloakService, realm_access: undefined },
        clientId: 'batch',
        scopes: ['openid', 'profile', 'email', 'orders:read'],
        kind: 'application',
      },
    },
    refused: {
      'ID token': { header: jwt, payload: keycloakIdToken, reason: /aud/ },
      'ID token for the API itself': {
        header: jwt,
        payload: { ...keycloakIdToken, aud: 'orders-api' },
        reason: /typ/,
      },
      'refresh token': { header: jwt, payload: { ...keycloakToken, typ: 'Refresh' }, reason: /typ/ },
      'logout token': {
        header: jwt,
        payload: { ...keycloakToken, typ: 'Logout', events: { x: {} } },
        reason: /typ|events/,
      },
      'token without the claim typ': { header: jwt, payload: { ...keycloakToken, typ: undefined }, reason: /typ/ },
    },
  },
  cognito: {
    settings: { issuer: cognito, audience: ['1example23456789'] },
    accepted: {
      'of a person, without aud': {
        header: {},
        payload: cognitoToken,
        clientId: '1example23456789',
        scopes: ['openid', 'orders/read'],
        kind: 'account',
      },
      'of an application alone': {
        header: {},
        payload: { ...cognitoToken, sub: '1example23456789', username: undefined, scope: 'orders/read' },
        clientId: '1example23456789',
        scopes: ['orders/read'],
        kind: 'application',
      },
    },
    refused: {
      'ID token': { header: {}, payload: cognitoIdToken, reason: /token_use/ },
      'token of another client': { header: {}, payload: { ...cognitoToken, client_id: 'another' }, reason: /aud/ },
      'token bound to another resource': {
        header: {},
        payload: { ...cognitoToken, aud: 'https://other.example' },
        reason: /aud/,
      },
      'token without token_use': {
        header: {},
        payload: { ...cognitoToken, token_use: undefined },
        reason: /token_use/,
      },
    },
  },
} satisfies Partial<Readonly<Record<PresetName, Product>>>;

const set = keySet(key);
const optionsOf = (preset: PresetName, settings: Product['settings']): IssuerOptions => ({
  preset,
  keys: localKeys(() => set),
  primary: true,
  ...settings,
});
const signed = ({ header, payload }: Example, signer = key) =>
  sign(signer, { header: { typ: undefined, ...header }, payload });

for (const [name, { settings, accepted, refused }] of Object.entries<Product>(products)) {
  // The names are the keys of `products`.
  const preset = name as PresetName;
  const verifier = verifierOf(optionsOf(preset, settings));
  for (const [what, example] of Object.entries(accepted)) {
    it(`A-8 ${preset}: an access token ${what} is accepted`, async () => {
      const principal = await verifier.verify(signed(example));
      const { kind, subject, clientId, scopes } = principal;
      assert.deepEqual(
        { kind, subject, clientId, scopes: [...scopes] },
        { kind: example.kind, subject: example.payload.sub, clientId: example.clientId, scopes: example.scopes },
      );
      if (principal.kind === 'account') assert.equal(principal.accountId, subject);
    });
    it(`A-15 ${preset}: roles and groups of a token ${what} give no scopes without a table`, async () => {
      const plain = verifierOf(optionsOf(preset, { ...settings, roles: [] }));
      const { scopes } = await plain.verify(signed(example));
      for (const role of ['admin', 'Orders.Admin', 'clerk', 'reader', 'orders:write']) assert.ok(!scopes.has(role));
    });
    it(`A-8 ${preset}: an access token ${what} is refused without the preset`, async () => {
      if (example.header['typ'] === 'at+jwt' && preset === 'auth0') return;
      const standard: IssuerOptions = { ...settings, algorithms: ['RS256'], keys: localKeys(() => set), primary: true };
      await assertRefused(verifierOf(standard), signed(example));
    });
  }
  for (const [what, example] of Object.entries(refused)) {
    it(`A-8 ${preset}: an ${what} is refused`, async () => {
      await assertRefused(verifier, signed(example), example.reason);
    });
  }
  it(`A-4 ${preset}: an algorithm that it does not sign with is refused`, async () => {
    const other = makeKey('EdDSA');
    const [example] = Object.values(accepted);
    assert.ok(example);
    if (preset !== 'keycloak') await assertRefused(verifier, signed(example, other), /alg/);
    else await assertRefused(verifier, signed(example, other), /no key/);
  });
}

it('A-8 entra: tokens of version 1 are of another issuer', async () => {
  const verifier = verifierOf(optionsOf('entra', { issuer: entraV1, audience: ['api://x'] }));
  const principal = await verifier.verify(signed({ header: { ...jwt, x5t: 'a-key' }, payload: entraV1Token }));
  assert.deepEqual([principal.clientId, [...principal.scopes]], ['the-v1-client', ['Orders.Read', 'Orders.Write']]);
});

it('A-7 the account may be in another claim than sub; a token without this claim has no account', async () => {
  const { settings } = products.entra;
  const verifier = verifierOf(optionsOf('entra', { ...settings, accountId: ['oid'] }));
  for (const [oid, accountId] of [
    ['an-object', 'an-object'],
    [undefined, null],
    [7, null],
    [['an-object'], null],
  ] as const) {
    const principal = await verifier.verify(signed({ header: jwt, payload: { ...entraToken, oid } }));
    assert.ok(principal.kind === 'account' && principal.accountId === accountId);
  }
  const application = await verifier.verify(signed({ header: jwt, payload: entraApplication }));
  assert.ok(!('accountId' in application));
});

it('A-8 auth0: the options of a preset can be overridden', async () => {
  const { settings } = products.auth0;
  const verifier = verifierOf(optionsOf('auth0', { ...settings, typ: ['at+jwt'], scopeClaims: ['scope'] }));
  await assertRefused(verifier, signed({ header: jwt, payload: auth0Token }), /typ/);
  const payload = { ...auth0Standard, permissions: ['edit:patients'] };
  const { scopes } = await verifier.verify(signed({ header: { typ: 'at+jwt' }, payload }));
  assert.ok(!scopes.has('edit:patients'));
});
