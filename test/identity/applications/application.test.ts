import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Registration, requestedFields } from '../../../src/identity/applications/application.ts';
import { findApplications, registerApplication } from '../../../src/identity/applications/applications.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { onEachDatabase } from '../../support/databases.ts';

/** A registration with a value for every field. None of the values is a default. */
const registration: Required<Registration> = {
  name: 'Shop',
  tokenEndpointAuthMethod: 'private_key_jwt',
  applicationType: 'web',
  redirectUris: ['https://app.example/'],
  scopes: ['profile'],
  registeredBy: null,
  grantTypes: ['client_credentials'],
  keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'AA', use: 'sig' }],
  dpopBoundAccessTokens: true,
  requirePushedAuthorizationRequests: true,
  postLogoutRedirectUris: ['https://app.example/bye'],
  selfRegistered: 'token',
};

onEachDatabase((database) => {
  it('every field of an application is stored and read back', async (t) => {
    const { url, drop } = await database.create();
    const store = await openDatabase(url);
    t.after(async () => {
      await store.destroy();
      await drop();
    });
    const { application } = await registerApplication(store, registration, 1_000, 'shop');
    assert.deepEqual(application, { ...registration, id: 'shop', createdAt: 1_000 });
    assert.deepEqual(await findApplications(store, ['shop']), [application]);

    const { name, tokenEndpointAuthMethod, applicationType, redirectUris, scopes, registeredBy } = registration;
    const stated = { name, tokenEndpointAuthMethod, applicationType, redirectUris, scopes, registeredBy };
    const { application: usual } = await registerApplication(store, stated, 1_000, 'usual');
    assert.deepEqual(await findApplications(store, ['usual']), [usual]);
    assert.deepEqual(usual, {
      ...stated,
      id: 'usual',
      createdAt: 1_000,
      grantTypes: ['authorization_code', 'refresh_token'],
      keys: null,
      dpopBoundAccessTokens: false,
      requirePushedAuthorizationRequests: false,
      postLogoutRedirectUris: [],
      selfRegistered: null,
    });
  });
});

it('every requested field has its own name in the metadata of RFC 7591', () => {
  const names = requestedFields.map(({ metadata }) => metadata);
  assert.equal(new Set(names).size, names.length);
});
