import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readConfig } from '../../src/config.ts';
import { foreign, foreignFaults } from '../../src/server/foreign.ts';
import { makeKey } from '../support/tokens.ts';
import { run, temporaryFolder } from '../support/process.ts';

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

  /** Reads a file with these issuers, as the server does. */
  const read = async (issuers: unknown, environment: Readonly<Record<string, string>> = {}) => {
    files += 1;
    const path = join(folder.path, `${files}.mjs`);
    await writeFile(path, `export default ${JSON.stringify({ issuers })}`);
    const { config, faults } = await readConfig({ ...environment, CLAIMGATE_CONFIG: path }, folder.path);
    return { config, path, faults: [...faults, ...foreignFaults(config)] };
  };

  const inOrder: Readonly<Record<string, object>> = {
    'with nothing but what is needed': {},
    'with everything': {
      preset: 'entra',
      algorithms: ['RS256'],
      typ: ['JWT', null],
      scopeClaims: ['scp'],
      roles: { claim: ['roles'], scopes: { 'Orders.Admin': ['orders:write'] } },
      clockTolerance: 30,
      keys: { jwks: { keys: [publicJwk] } },
    },
    'with two tables': {
      roles: [
        { claim: ['a', 'b'], scopes: { c: ['d'] } },
        { claim: ['e'], scopes: {} },
      ],
    },
  };
  for (const [what, change] of Object.entries(inOrder)) {
    it(`accepts one ${what}`, async () => {
      const { config, faults } = await read([{ ...good, ...change }]);
      assert.deepEqual(faults, []);
      const [issuer] = foreign(config).issuers;
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
    [{ preset: 'azure' }, /no preset "azure"; expected one of auth0, cognito, entra, keycloak, okta/],
    [{ preset: 7 }, /preset: expected/],
    [{ typ: ['JWT', 7] }, /typ: expected/],
    [{ roles: { claim: 'roles', scopes: {} } }, /roles: expected/],
    [{ roles: { claim: ['roles'], scopes: { admin: 'a' } } }, /roles: expected/],
    [{ roles: { claim: ['roles'], scopes: { admin: ['a b'] } } }, /roles: "admin" must give scope tokens/],
    [{ clockTolerance: 301 }, /clockTolerance must be 0 to 300/],
    [{ clockTolerance: '5' }, /clockTolerance: expected/],
    [{ accountId: ['oid'] }, /accountId: only the primary issuer/],
    [{ keys: {} }, /keys: expected/],
    [{ keys: { jwks: { keys: [] } } }, /at least one key/],
    [{ keys: { jwks: { keys: [{ kty: 'oct', k: 'c2VjcmV0', kid: 's' }] } } }, /kid "s"\) is symmetric/],
    [{ keys: { jwks: { keys: [privateKey.export({ format: 'jwk' })] } } }, /is private/],
    [{ audience: ['x'] }, /there is no such key audience; expected issuer, preset, audiences/],
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
  for (const issuer of ['http://login.example.com', 'login.example.com', 'https://a@b.example', `${name}?tenant=1`]) {
    it(`refuses ${issuer}`, async () => {
      const { faults } = await read([{ ...good, issuer }]);
      assert.match(faults[0] ?? '', new RegExp(`issuer "${issuer.replace('?', '\\?')}": must`));
    });
  }

  it('refuses one that is given twice, and one that is ourselves', async () => {
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
      foreign(config).issuers.map(({ issuer, primary, preset }) => [issuer, primary, preset]),
      [
        [name, true, 'entra'],
        ['https://partner.example.com', false, undefined],
      ],
    );
    const alone = await read([other], { CLAIMGATE_ISSUER: name });
    assert.deepEqual(
      foreign(alone.config).issuers.map(({ issuer, primary, audience }) => [issuer, primary, audience]),
      [
        [name, true, ['http://localhost:4000/graphql']],
        ['https://partner.example.com', false, good.audiences],
      ],
    );
  });

  it('stops the server, which tells their faults with all others', async () => {
    const { path } = await read([
      { ...good, algorithms: ['HS256'] },
      { ...good, issuer: 'http://far.example' },
    ]);
    const cwd = await temporaryFolder();
    const env = { CLAIMGATE_CONFIG: path, DATABASE_URL: 'postgres://x', LOG_LEVEL: 'loud', PORT: '0' };
    const server = run([new URL('../../src/main.ts', import.meta.url).pathname], { cwd: cwd.path, env });
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
