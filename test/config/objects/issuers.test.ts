import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readServerConfig } from '../../../src/server/configuration.ts';
import { foreignAuthority, foreignFaults } from '../../../src/server/foreign/foreign.ts';
import { makeKey } from '../../support/tokens.ts';
import { run, temporaryFolder } from '../../support/process.ts';
import { program } from '../../support/program.ts';

const { publicJwk, privateKey } = makeKey();
const name = 'https://login.example.com';
const good = { issuer: name, audiences: ['https://api.example.com/graphql'] };

describe('the issuers of the configuration file', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let files = 0;
  before(async () => {
    folder = await temporaryFolder();
  });
  after(() => folder.remove());

  /** Reads a file with these issuers, like the server does. */
  const read = async (issuers: unknown, environment: Readonly<Record<string, string>> = {}) => {
    files += 1;
    const path = join(folder.path, `${files}.mjs`);
    await writeFile(path, `export default ${JSON.stringify({ issuers })}`);
    const { config, faults } = await readServerConfig({ ...environment, CLAIMGATE_CONFIG: path }, folder.path);
    return { config, path, faults: [...faults, ...foreignFaults(config)] };
  };

  const inOrder: Readonly<Record<string, object>> = {
    'with only the required keys': {},
    'with everything': {
      preset: 'entra',
      algorithms: ['RS256'],
      typ: ['JWT', null],
      scopeClaims: ['scp'],
      roles: { claim: ['roles'], scopes: { 'Orders.Admin': ['orders:write'] } },
      clockToleranceSeconds: 30,
      keys: { jwks: { keys: [publicJwk] } },
    },
    'with keys at another address': { jwksUri: 'https://keys.example.com/jwks' },
    'with metadata at another address': { metadata: 'https://login.example.com/adfs/.well-known/openid-configuration' },
    'with its own claims': {
      clientIdClaims: ['applicationId'],
      tokenIdClaims: [],
      requiredClaims: { tty: ['at'] },
      forbiddenClaims: ['azp'],
      roles: { claim: ['roles'], member: 'name', scopes: {} },
    },
    'with two tables': {
      roles: [
        { claim: ['a', 'b'], scopes: { c: ['d'] } },
        { claim: ['e'], scopes: {} },
      ],
    },
  };
  for (const [what, change] of Object.entries(inOrder)) {
    it(`accepts an issuer ${what}`, async () => {
      const { config, faults } = await read([{ ...good, ...change }]);
      assert.deepEqual(faults, []);
      const [issuer] = foreignAuthority(config).issuers;
      assert.equal(issuer?.issuer, name);
      assert.equal(issuer?.primary, false);
    });
  }

  const faulty: readonly (readonly [object, RegExp])[] = [
    [{ audiences: undefined }, /audiences: expected an array of audiences, at least one/],
    [{ audiences: [] }, /audiences: expected an array of audiences, at least one/],
    [{ audiences: 'https://api.example.com' }, /audiences: expected/],
    [{ audiences: [''] }, /audience must name/],
    [{ algorithms: ['ES256', 'HS256'] }, /algorithm "HS256" cannot be accepted/],
    [{ algorithms: ['none'] }, /algorithm "none" cannot be accepted/],
    [{ algorithms: 'ES256' }, /algorithms: expected an array/],
    [{ algorithms: [] }, /algorithms must name/],
    [
      { preset: 'azure' },
      /no preset "azure"; expected one of auth0, clerk, cognito, entra, firebase, google, keycloak, logto, okta/,
    ],
    [{ preset: 7 }, /preset: expected/],
    [{ typ: ['JWT', 7] }, /typ: expected/],
    [{ roles: { claim: 'roles', scopes: {} } }, /roles: expected/],
    [{ roles: { claim: ['roles'], scopes: { admin: 'a' } } }, /roles: expected/],
    [{ roles: { claim: ['roles'], scopes: { admin: ['a b'] } } }, /roles: "admin" must give scope tokens/],
    [{ clockToleranceSeconds: 301 }, /clockToleranceSeconds must be 0 to 300/],
    [{ clockToleranceSeconds: '5' }, /clockToleranceSeconds: expected/],
    [{ accountId: ['oid'] }, /accountId: only the primary issuer/],
    [{ keys: {} }, /keys: expected/],
    [{ keys: { jwks: { keys: [] } } }, /at least one key/],
    [{ keys: { jwks: { keys: [{ kty: 'oct', k: 'c2VjcmV0', kid: 's' }] } } }, /kid "s"\) is symmetric/],
    [{ keys: { jwks: { keys: [privateKey.export({ format: 'jwk' })] } } }, /is private/],
    [{ jwksUri: 7 }, /jwksUri: expected the URL/],
    [{ jwksUri: 'http://keys.example.com/' }, /jwksUri must be an https URL.*found http:\/\/keys/],
    [{ metadata: 'https://a:secret@b.example/' }, /metadata must be an https URL/],
    [{ metadata: 'https://b.example/', jwksUri: 'https://b.example/' }, /both jwksUri and metadata/],
    [{ jwksUri: 'https://b.example/', keys: { jwks: { keys: [publicJwk] } } }, /has keys beside/],
    [{ clientIdClaims: 'azp' }, /clientIdClaims: expected an array of claim names, \[\] for none/],
    [{ requiredClaims: { tty: 'at' } }, /requiredClaims: expected an object of arrays/],
    [{ forbiddenClaims: [7] }, /forbiddenClaims: expected/],
    [{ roles: { claim: ['roles'], member: 7, scopes: {} } }, /roles: expected/],
    [
      { roles: { claim: ['roles'], memeber: 'id', scopes: {} } },
      /roles: there is no such key memeber; expected member$/,
    ],
    [{ jwks_uri: 'https://keys.example.com/jwks' }, /no such key jwks_uri; expected jwksUri$/],
    [{ audience: ['x'] }, /there is no such key audience; expected audiences$/],
  ];
  for (const [change, fault] of faulty) {
    it(`refuses one with ${JSON.stringify(change).replace(/"d":"[^"]+"/, '"d":…')}, by its name`, async () => {
      const { faults } = await read([{ ...good, ...change }]);
      assert.equal(faults.length, 1, faults.join('\n'));
      assert.match(faults[0] ?? '', fault);
      assert.ok(faults[0]?.includes(`"${name}"`));
      assert.doesNotMatch(faults.join(), /c2VjcmV0/);
    });
  }

  for (const issuers of [{}, 'x', null, [7], [{}], [{ issuer: 7, audiences: ['x'] }]]) {
    it(`refuses ${JSON.stringify(issuers)}`, async () => {
      const { faults } = await read(issuers);
      assert.match(faults[0] ?? '', /issuers.*: expected/);
    });
  }
  for (const [issuer, printed = issuer] of [
    ['http://login.example.com'],
    ['login.example.com'],
    ['https://a@b.example', 'https://…@b.example'],
    [`${name}?tenant=1`, `${name}?tenant=…`],
  ] as const) {
    it(`refuses ${issuer}`, async () => {
      const { faults } = await read([{ ...good, issuer }]);
      assert.ok(faults[0]?.includes(`issuer "${printed}": must`), faults[0]);
    });
  }

  it('refuses an issuer that occurs twice, and this server itself', async () => {
    const { faults } = await read([good, good, { ...good, issuer: 'http://localhost:4000' }]);
    assert.deepEqual(faults, [
      `issuer "${name}": each may be given once only`,
      'issuer "http://localhost:4000": is the embedded authorization server, which needs no entry',
    ]);
  });

  it('takes CLAIMGATE_ISSUER as primary, with the settings of its entry; the others are not', async () => {
    const other = { ...good, issuer: 'https://partner.example.com' };
    const { config, faults } = await read([{ ...good, preset: 'entra', accountId: ['oid'] }, other], {
      CLAIMGATE_ISSUER: name,
    });
    assert.deepEqual(faults, []);
    assert.deepEqual(
      foreignAuthority(config).issuers.map(({ issuer, primary, preset }) => [issuer, primary, preset]),
      [
        [name, true, 'entra'],
        ['https://partner.example.com', false, undefined],
      ],
    );
    const alone = await read([other], { CLAIMGATE_ISSUER: name });
    assert.deepEqual(
      foreignAuthority(alone.config).issuers.map(({ issuer, primary, audience }) => [issuer, primary, audience]),
      [
        [name, true, ['http://localhost:4000/graphql']],
        ['https://partner.example.com', false, good.audiences],
      ],
    );
  });

  it('G-22 CLAIMGATE_ISSUER may be any name if its entry locates the keys, otherwise the fault names the variable', async () => {
    const adfs = 'http://adfs.example.com/adfs/services/trust';
    const metadata = 'https://adfs.example.com/adfs/.well-known/openid-configuration';
    const { config, faults } = await read([{ ...good, issuer: adfs, metadata }], { CLAIMGATE_ISSUER: adfs });
    assert.deepEqual(faults, []);
    assert.equal(foreignAuthority(config).issuers[0]?.primary, true);
    for (const issuer of [adfs, 'acme.com', 'http://login.example.com', 'login.example.com']) {
      const without = await read([], { CLAIMGATE_ISSUER: issuer });
      assert.equal(without.faults.length, 1);
      assert.match(
        without.faults[0] ?? '',
        /^CLAIMGATE_ISSUER: issuer ".*": must be an https URL .*set metadata or jwksUri/,
      );
    }
    const template = await read([], { CLAIMGATE_ISSUER: 'https://login.microsoftonline.com/common/v2.0' });
    assert.match(template.faults[0] ?? '', /^CLAIMGATE_ISSUER: .*several tenants/);
  });

  it('G-22 the connection of the environment uses the metadata of the entry for its issuer', async () => {
    const issuer = 'https://contoso.b2clogin.com/a/v2.0/';
    const metadata = 'https://contoso.b2clogin.com/contoso/policy/v2.0/.well-known/openid-configuration';
    const { config, faults } = await read([{ ...good, issuer, metadata, preset: 'entra' }], {
      CLAIMGATE_ISSUER: issuer,
      CLAIMGATE_CLIENT_ID: 'a',
      CLAIMGATE_CLIENT_SECRET: 'b',
      CLAIMGATE_REDIRECT_URIS: 'https://shop.example/back',
    });
    assert.deepEqual(faults, []);
    assert.equal(config.connections[0]?.metadata, metadata);
  });

  it('stops the server, which reports these faults together with all others', async () => {
    const { path } = await read([
      { ...good, algorithms: ['HS256'] },
      { ...good, issuer: 'http://far.example' },
    ]);
    const cwd = await temporaryFolder();
    const env = { CLAIMGATE_CONFIG: path, DATABASE_URL: 'postgres://x', LOG_LEVEL: 'loud', PORT: '0' };
    const server = run(program, { cwd: cwd.path, env });
    assert.equal(await server.ended, 1);
    await cwd.remove();
    for (const expected of [
      'PORT=0',
      `"${name}": algorithm "HS256"`,
      '"http://far.example": must be',
      'DATABASE_URL',
    ]) {
      assert.ok(server.output().includes(expected), `${expected} is missing in:\n${server.output()}`);
    }
  });
});
