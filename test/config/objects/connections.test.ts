import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readServerConfig } from '../../../src/server/configuration.ts';
import { type ConnectionEntry, connectionFaults } from '../../../src/config/objects/connections.ts';
import { temporaryFolder } from '../../support/process.ts';

const entry: ConnectionEntry = {
  name: 'login',
  issuer: 'https://login.example',
  clientId: 'claimgate',
  clientSecret: 'a secret',
  redirectUris: ['https://app.example/callback'],
};

/** Returns the faults of a file with these connections. */
async function faultsOf(connections: unknown): Promise<string[]> {
  const folder = await temporaryFolder();
  try {
    const text = JSON.stringify(connections);
    await writeFile(join(folder.path, 'claimgate.config.mjs'), `export default { connections: ${text} }`);
    return (await readServerConfig({}, folder.path)).faults.map((fault) => fault.replace(/^.*?\.mjs: /, ''));
  } finally {
    await folder.remove();
  }
}

describe('connections in the file', () => {
  it('the required keys are enough', async () => {
    assert.deepEqual(await faultsOf([entry]), []);
  });

  it('every key may be set', async () => {
    const whole: ConnectionEntry = {
      ...entry,
      tokenEndpointAuthMethod: 'client_secret_post',
      redirectUris: ['https://app.example/callback', 'http://127.0.0.1:5555/callback', 'com.example.app:/callback'],
      scopes: ['openid', 'offline_access'],
      authorizationResponseIss: false,
      idTokenAlgorithms: ['RS256', 'EdDSA'],
      resource: 'https://api.example/',
      authorizationParameters: { prompt: 'consent' },
    };
    assert.deepEqual(await faultsOf([whole]), []);
  });

  const wrong: Partial<Record<keyof ConnectionEntry, unknown[]>> = {
    name: [undefined, '', 'a b', 1],
    issuer: [
      undefined,
      'http://login.example',
      'login.example',
      'https://login.example?a=b',
      'https://u:p@login.example',
    ],
    metadata: [7, 'http://login.example/metadata', 'https://u:p@login.example/metadata', 'https://login.example/#a'],
    clientId: [undefined, '', 'ä'],
    clientSecret: [undefined, '', 7],
    tokenEndpointAuthMethod: ['none', 'private_key_jwt'],
    redirectUris: [
      undefined,
      [],
      'https://app.example/',
      ['http://app.example/'],
      ['https://app.example/#a'],
      ['javascript:alert(1)'],
      ['/callback'],
      ['data:text/html,a'],
    ],
    scopes: [[], ['email'], ['openid', 'a b']],
    authorizationResponseIss: ['yes'],
    idTokenAlgorithms: [[], ['none'], ['HS256'], ['RS256', 'none']],
    resource: ['api', 'https://api.example/#a'],
    authorizationParameters: [{ state: 'a' }, { redirect_uri: 'a' }, { request_uri: 'a' }, { prompt: 1 }, 'prompt'],
  };
  for (const [key, values] of Object.entries(wrong)) {
    it(`a wrong ${key} is reported without a secret`, async () => {
      for (const value of values) {
        const [fault = '', ...others] = await faultsOf([{ ...entry, [key]: value }]);
        assert.deepEqual(others, []);
        assert.match(fault, new RegExp(`^connections\\[0\\].*\\.${key}: expected `), JSON.stringify(value));
        assert.ok(!fault.includes(entry.clientSecret));
      }
    });
  }

  it('an unknown key is reported, and a value that is not an array or an object', async () => {
    assert.match(
      (await faultsOf([{ ...entry, secret: 'x' }]))[0] ?? '',
      /there is no such key secret; expected name, issuer/,
    );
    assert.deepEqual(await faultsOf({}), ['connections: expected an array of connections']);
    assert.deepEqual(await faultsOf([null]), ['connections[0]: expected an object']);
  });
});

describe('connections together', () => {
  const other: ConnectionEntry = { ...entry, name: 'other', issuer: 'https://other.example' };
  const faults = (...connections: ConnectionEntry[]) => [...connectionFaults(connections, 'https://api.example')];

  it('may share a redirect URI if their issuers send iss', () => {
    assert.deepEqual(faults(entry, other), []);
    assert.deepEqual(faults(entry, { ...other, authorizationResponseIss: true }), []);
  });

  it('RFC 9207: may not share one if an issuer is known to send no iss', () => {
    const [fault = '', ...others] = faults(entry, { ...other, authorizationResponseIss: false });
    assert.deepEqual(others, []);
    assert.match(fault, /^connection "other"\.redirectUris: .*https:\/\/app\.example\/callback is shared$/);
  });

  it('have different names, and none has this server as its issuer', () => {
    assert.match(faults(entry, entry)[0] ?? '', /^connection "login": expected another name/);
    assert.match(faults({ ...entry, issuer: 'https://api.example' })[0] ?? '', /^connection "login"\.issuer: /);
  });
});

describe('the connection to CLAIMGATE_ISSUER', () => {
  const environment = {
    CLAIMGATE_ISSUER: 'https://login.example',
    CLAIMGATE_CLIENT_ID: 'claimgate',
    CLAIMGATE_CLIENT_SECRET: 'a secret',
    CLAIMGATE_REDIRECT_URIS: 'https://app.example/callback, http://localhost:3000/callback',
  };
  const read = async (changes: Record<string, string | undefined> = {}) => {
    const folder = await temporaryFolder();
    try {
      return await readServerConfig({ ...environment, ...changes }, folder.path);
    } finally {
      await folder.remove();
    }
  };

  it('is named default', async () => {
    const { config, faults } = await read();
    assert.deepEqual(faults, []);
    assert.deepEqual(config.connections, [
      {
        ...entry,
        name: 'default',
        redirectUris: ['https://app.example/callback', 'http://localhost:3000/callback'],
      },
    ]);
  });

  it('does not exist without its variables, and some of them without the others are a fault', async () => {
    for (const name of Object.keys(environment)) {
      const { faults } = await read({ [name]: undefined });
      assert.equal(faults.length, 1);
      assert.match(faults[0] ?? '', /expected all of them, and CLAIMGATE_ISSUER, or none/);
    }
    const { config } = await read(Object.fromEntries(Object.keys(environment).map((name) => [name, undefined])));
    assert.deepEqual(config.connections, []);
  });

  it('a wrong redirect URI is reported', async () => {
    const { faults } = await read({ CLAIMGATE_REDIRECT_URIS: 'http://app.example/callback' });
    assert.match(
      faults.join('\n'),
      /^CLAIMGATE_REDIRECT_URIS=http:\/\/app\.example\/callback: expected the redirect URIs/,
    );
  });
});
