import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { defaultLimits } from '../../src/api/limits/limits.ts';
import { defaultStreamLimits } from '../../src/config/objects/streams.ts';
import { readServerConfig } from '../../src/server/configuration.ts';
import { defaultAttemptLimits } from '../../src/identity/attempts/limits.ts';
import { temporaryFolder } from '../support/process.ts';

describe('the configuration', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => {
    folder = await temporaryFolder();
  });
  after(() => folder.remove());

  it('has a default for everything', async () => {
    const { config, faults } = await readServerConfig({}, folder.path);
    assert.deepEqual(faults, []);
    assert.deepEqual(config, {
      port: 4000,
      host: '127.0.0.1',
      databaseUrl: 'file:data/claimgate.db',
      databaseSessionUrl: undefined,
      logLevel: 'info',
      publicUrl: 'http://localhost:4000',
      audience: 'http://localhost:4000/graphql',
      issuer: undefined,
      adminEmail: 'admin@localhost',
      adminPassword: undefined,
      allowedOrigins: [],
      allowedHeaders: [],
      maxBodyBytes: 262_144,
      trustedProxies: [],
      lane: true,
      acceptsTestIssuers: false,
      trustedDocuments: null,
      replay: null,
      metricsToken: undefined,
      registrationToken: undefined,
      encryptionKeys: undefined,
      modules: [],
      directives: {},
      identityApi: true,
      scopes: {},
      resources: [],
      issuers: [],
      connections: [],
      policies: {},
      denial: 'partial',
      dpop: {},
      introspection: 'open',
      registration: 'off',
      keys: { algorithm: 'ES256', rotateEverySeconds: 7_776_000, publishForSeconds: 86_400 },
      explorer: true,
      landingPage: 'sandbox',
      appearance: { productName: 'Claimgate', logo: null, accentColor: {}, supportLink: null },
      limits: { ...defaultLimits, introspectionCost: null },
      streams: defaultStreamLimits,
      attempts: defaultAttemptLimits,
      lifetimes: { code: 60, access: 600, refresh: 1_209_600, grace: 10 },
    });
  });

  it('derives public URL and audience from the other settings', async () => {
    const one = await readServerConfig({ PORT: '8080' }, folder.path);
    assert.equal(one.config.audience, 'http://localhost:8080/graphql');
    const other = await readServerConfig({ CLAIMGATE_PUBLIC_URL: 'https://api.example.com/' }, folder.path);
    assert.equal(other.config.publicUrl, 'https://api.example.com');
    assert.equal(other.config.audience, 'https://api.example.com/graphql');
  });

  const wrong: readonly (readonly [name: string, value: string])[] = [
    ['PORT', '0'],
    ['PORT', '65536'],
    ['PORT', '80a'],
    ['HOST', 'a b'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['DATABASE_URL', 'file:'],
    ['DATABASE_URL', 'file://host/x'],
    ['LOG_LEVEL', 'loud'],
    ['CLAIMGATE_PUBLIC_URL', 'http://api.example.com'],
    ['CLAIMGATE_PUBLIC_URL', 'https://api.example.com/path'],
    ['CLAIMGATE_PUBLIC_URL', 'https://api.example.com?'],
    ['CLAIMGATE_PUBLIC_URL', 'https://user@api.example.com'],
    ['CLAIMGATE_AUDIENCE', 'not a URI'],
    ['CLAIMGATE_AUDIENCE', 'https://api.example.com/#'],
    ['CLAIMGATE_ISSUER', 'https://login.example.com and more'],
    ['CLAIMGATE_ISSUER', 'https://login.example.com\u200b/a'],
    ['CLAIMGATE_ADMIN_EMAIL', 'nobody'],
    ['CLAIMGATE_CONFIG', '/does/not/exist.ts'],
    ['CLAIMGATE_METRICS_TOKEN', 'short'],
    ['CLAIMGATE_REGISTRATION_TOKEN', 'short'],
    ['CLAIMGATE_REGISTRATION_TOKEN', 'long enough, and no header could carry it'],
    ['CLAIMGATE_TRUSTED_PROXIES', 'proxy.example.com'],
    ['CLAIMGATE_TRUSTED_PROXIES', 'everybody'],
    ['CLAIMGATE_TRUSTED_PROXIES', '0.0.0.0/0'],
    ['CLAIMGATE_TRUSTED_PROXIES', '::/0'],
    ['CLAIMGATE_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['CLAIMGATE_TRUSTED_PROXIES', '10.0.0.0/8/8'],
    ['CLAIMGATE_TRUSTED_PROXIES', '10.0.0.0/'],
    ['CLAIMGATE_TRUSTED_PROXIES', '010.0.0.1'],
    ['CLAIMGATE_TRUSTED_PROXIES', '10.0.0.1,'],
    ['CLAIMGATE_TRUSTED_PROXIES', '10.0.0.1:443'],
    ['CLAIMGATE_ALLOWED_ORIGINS', '*'],
    ['CLAIMGATE_ALLOWED_ORIGINS', 'null'],
    ['CLAIMGATE_ALLOWED_ORIGINS', 'https://*.example.com'],
    ['CLAIMGATE_ALLOWED_ORIGINS', 'https://app.example.com/'],
    ['CLAIMGATE_ALLOWED_ORIGINS', 'https://app.example.com/path'],
    ['CLAIMGATE_ALLOWED_ORIGINS', 'https://App.example.com'],
    ['CLAIMGATE_ALLOWED_ORIGINS', 'https://app.example.com:443'],
    ['CLAIMGATE_ALLOWED_ORIGINS', 'http://app.example.com'],
    ['CLAIMGATE_ALLOWED_ORIGINS', 'app.example.com'],
    ['CLAIMGATE_ALLOWED_ORIGINS', 'https://a@app.example.com'],
    ['CLAIMGATE_ALLOWED_ORIGINS', 'file://'],
    ['CLAIMGATE_ALLOWED_ORIGINS', 'file://localhost'],
    ['CLAIMGATE_ALLOWED_ORIGINS', 'capacitor://localhost/'],
    ['CLAIMGATE_ALLOWED_ORIGINS', 'Capacitor://localhost'],
    ['CLAIMGATE_ALLOWED_ORIGINS', 'capacitor://*'],
    ['CLAIMGATE_ALLOWED_ORIGINS', 'capacitor:localhost'],
    ['CLAIMGATE_ALLOWED_ORIGINS', 'javascript://localhost'],
    ['CLAIMGATE_ALLOWED_ORIGINS', 'wss://app.example.com'],
    ['CLAIMGATE_ALLOWED_HEADERS', '*'],
    ['CLAIMGATE_ALLOWED_HEADERS', 'x-tenant,,x-team'],
    ['CLAIMGATE_ALLOWED_HEADERS', 'x tenant'],
    ['CLAIMGATE_MAX_BODY_BYTES', '1023'],
    ['CLAIMGATE_MAX_BODY_BYTES', '16777217'],
    ['CLAIMGATE_MAX_BODY_BYTES', '1e6'],
    ['CLAIMGATE_ALLOWED_ORIGINS', 'https://app.example.com,,https://b.example.com'],
    ['CLAIMGATE_NO_SUCH_THING', '1'],
  ];
  for (const [name, value] of wrong) {
    it(`refuses ${name}=${value}, by name and with what was expected`, async () => {
      const { faults } = await readServerConfig({ [name]: value }, folder.path);
      assert.equal(faults.length, 1);
      assert.match(faults[0] ?? '', new RegExp(`^${name}.*expected `));
    });
  }

  for (const [name, secret] of [
    ['CLAIMGATE_ADMIN_PASSWORD', 'too-short'],
    ['CLAIMGATE_KEY', 'c2hvcnQ='],
    ['DATABASE_URL', 'postgres://user:hunter2@[/x'],
  ] as const) {
    it(`never repeats ${name}`, async () => {
      const { faults } = await readServerConfig({ [name]: secret }, folder.path);
      assert.equal(faults.length, 1);
      assert.doesNotMatch(faults[0] ?? '', /too-short|c2hv|hunter2/);
    });
  }

  it('reads lists of proxies and of origins, with white space around the commas or without', async () => {
    const { config, faults } = await readServerConfig(
      {
        CLAIMGATE_TRUSTED_PROXIES: 'loopback, 10.0.0.0/8,2001:db8::1 ,fd00::/8',
        CLAIMGATE_ALLOWED_ORIGINS: 'https://app.example.com, http://localhost:3000,http://[::1]:8080',
        CLAIMGATE_ALLOWED_HEADERS: 'X-Tenant, x-team',
        CLAIMGATE_MAX_BODY_BYTES: '1048576',
      },
      folder.path,
    );
    assert.deepEqual(faults, []);
    assert.deepEqual(config.trustedProxies, ['loopback', '10.0.0.0/8', '2001:db8::1', 'fd00::/8']);
    assert.deepEqual(config.allowedOrigins, ['https://app.example.com', 'http://localhost:3000', 'http://[::1]:8080']);
    assert.deepEqual(config.allowedHeaders, ['x-tenant', 'x-team']);
    assert.equal(config.maxBodyBytes, 1_048_576);
  });

  it('refuses settings that have no effect with a foreign issuer', async () => {
    const environment = { CLAIMGATE_ISSUER: 'https://login.example.com', CLAIMGATE_ADMIN_EMAIL: 'ada@example.com' };
    const { faults } = await readServerConfig(environment, folder.path);
    assert.match(faults.join('\n'), /CLAIMGATE_ADMIN_EMAIL: expected to be unset/);
  });

  it('accepts settings of DPoP with and without a foreign issuer', async () => {
    const path = join(folder.path, 'dpop.mjs');
    await writeFile(path, 'export default { dpop: { nonce: true } }');
    for (const issuer of [{}, { CLAIMGATE_ISSUER: 'https://login.example.com' }]) {
      const { config, faults } = await readServerConfig({ CLAIMGATE_CONFIG: path, ...issuer }, folder.path);
      assert.deepEqual([faults, config.dpop], [[], { nonce: true }]);
    }
  });

  it('requires open registration or a token, and neither with a foreign issuer', async () => {
    const path = join(folder.path, 'open.mjs');
    await writeFile(path, "export default { registration: 'open' }");
    const CLAIMGATE_REGISTRATION_TOKEN = 'a'.repeat(32);
    const both = await readServerConfig({ CLAIMGATE_CONFIG: path, CLAIMGATE_REGISTRATION_TOKEN }, folder.path);
    assert.deepEqual(both.faults, [
      'CLAIMGATE_REGISTRATION_TOKEN: expected to be unset, since with registration=open no application needs it',
    ]);
    const CLAIMGATE_ISSUER = 'https://login.example.com';
    for (const environment of [{ CLAIMGATE_CONFIG: path }, { CLAIMGATE_REGISTRATION_TOKEN }]) {
      const { faults } = await readServerConfig({ CLAIMGATE_ISSUER, ...environment }, folder.path);
      assert.equal(faults.length, 1);
      assert.match(faults[0] ?? '', /since with CLAIMGATE_ISSUER nothing is registered here$/);
    }
  });

  it('reports every fault of environment and file together', async () => {
    const path = join(folder.path, 'all-wrong.mjs');
    await writeFile(
      path,
      `export default {
        modules: [{ name: 'a b', typeDefs: '' }, { name: 'x' }],
        scopes: { 'a b': { description: 'x' }, openid: { description: 'x' }, ok: {}, roles: { description: 'x', roles: 'r' } },
        lifetimes: { code: 0, coffee: 1, grace: 301 },
        policies: { canSee: true },
        denial: 'some',
        dpop: { nonce: 'yes', windowSeconds: '60', algorithms: 'ES256', coffee: 1 },
        introspection: 'closed',
        identityApi: { prefix: 'claimgate', suffix: 'x' },
        registration: true,
        attempts: { account: 0, address: '5', tea: 1 },
        streams: { total: 0, caller: '5', tea: 1 },
        limits: { depth: 0, cost: 1.5, width: 1, nesting: 201 },
        tea: 1,
      }`,
    );
    const { config, faults } = await readServerConfig({ CLAIMGATE_CONFIG: path, PORT: 'x' }, folder.path);
    for (const expected of [
      'PORT=x',
      'modules[0].name',
      'modules[1].typeDefs',
      'scopes["a b"]',
      'scopes.openid',
      'scopes["ok"].description',
      'scopes["roles"].roles',
      'lifetimes.code=0',
      'lifetimes.coffee',
      'lifetimes.grace=301',
      'policies["canSee"]: expected a function',
      'denial=some: expected partial or reject',
      'dpop.nonce: expected true or false',
      'dpop.window',
      'dpop.algorithms',
      'dpop.coffee: there is no such key',
      'introspection=closed: expected open, authenticated or off',
      'identityApi.suffix: there is no such key; expected prefix',
      'identityApi.prefix: expected up to 40 letters, digits and _, of which the first is a capital letter',
      'registration=true: expected off or open',
      'streams.total=0: expected a whole number from 1 to ',
      'streams.caller=5: expected a whole number',
      'streams.tea: there is no such limit; expected total, address, caller, operations',
      'attempts.account=0: expected a whole number from 1 to ',
      'attempts.address=5: expected a whole number',
      'attempts.tea: there is no such limit; expected account, ',
      'limits.depth=0: expected a whole number from 1 to 200',
      'limits.cost=1.5: expected a whole number from 1 to ',
      'limits.width: there is no such limit; expected tokens, lines, depth, ',
      'limits.nesting=201: expected a whole number from 1 to 200',
      'tea: there is no such key',
    ]) {
      assert.ok(
        faults.some((fault) => fault.includes(expected)),
        `${expected} is missing in:\n${faults.join('\n')}`,
      );
    }
    assert.equal(config.port, 4000);
    assert.deepEqual(config.modules, []);
  });

  it('G-13 names the nearest known key, also for the roles of a scope', async () => {
    const other = await temporaryFolder();
    const path = join(other.path, 'claimgate.config.mjs');
    await writeFile(
      path,
      `export default {
        modul: [], scope: {}, scopes: { pay: { description: 'Pay', role: ['clerk'] } }, limits: { alias: 5 }, streams: { callers: 5 }, attempts: { acount: 5 }, lifetimes: { acces: 60 },
        keys: { algoritm: 'ES256' }, dpop: { windows: 60 },
        resources: [{ audiences: 'https://api.example', audience: 'https://api.example', scopes: {} }],
        connections: [{ client_id: 'x' }],
      }`,
    );
    const { faults } = await readServerConfig({}, other.path);
    for (const [wrong, right] of [
      ['modul', 'modules'],
      ['scope', 'scopes'],
      ['key role', 'roles'],
      ['limits.alias', 'aliases'],
      ['streams.callers', 'caller'],
      ['attempts.acount', 'account'],
      ['lifetimes.acces', 'access'],
      ['keys.algoritm', 'algorithm'],
      ['dpop.windows', 'windowSeconds'],
      ['key audiences', 'audience'],
      ['key client_id', 'clientId'],
    ] as const) {
      const told = faults.find((fault) => [`${wrong}:`, `${wrong};`].some((text) => fault.includes(` ${text}`)));
      assert.ok(told?.endsWith(`; the nearest is ${right}`), `${wrong}: ${told}\n${faults.join('\n')}`);
    }
    await other.remove();
  });

  it('refuses the old name of a key, and names the new one', async () => {
    const path = join(folder.path, 'old-names.mjs');
    const issuer = "{ issuer: 'https://issuer.example', audiences: ['a'], clockTolerance: 5 }";
    await writeFile(
      path,
      `export default { dpop: { window: 60 }, issuers: [${issuer}], keys: { rotateEvery: 0, publishFor: 2 } }`,
    );
    const { faults } = await readServerConfig({ CLAIMGATE_CONFIG: path }, folder.path);
    for (const expected of [
      /: keys\.rotateEvery: it is now rotateEverySeconds, in seconds as before$/,
      /: keys\.publishFor: it is now publishForSeconds, in seconds as before$/,
      /: dpop\.window: it is now windowSeconds, in seconds as before$/,
      /: issuers\[0\] "https:\/\/issuer\.example": clockTolerance is now clockToleranceSeconds, in seconds as before$/,
    ]) {
      assert.ok(
        faults.some((fault) => expected.test(fault)),
        `${expected}\n${faults.join('\n')}`,
      );
    }
    assert.equal(faults.length, 4);
    const guide = await readFile(new URL('../../src/config/configuration.md', import.meta.url), 'utf8');
    for (const [old, now] of [
      ['dpop.window', 'dpop.windowSeconds'],
      ['issuers[].clockTolerance', 'issuers[].clockToleranceSeconds'],
      ['keys.rotateEvery', 'keys.rotateEverySeconds'],
      ['keys.publishFor', 'keys.publishForSeconds'],
    ]) {
      assert.ok(guide.includes(`\n| \`${old}\` | \`${now}\` |\n`), old);
    }
  });

  it('refuses undefined if it would replace a default', async () => {
    const path = join(folder.path, 'undefined.mjs');
    await writeFile(
      path,
      'const unset = undefined; export default { limits: { depth: unset }, streams: { total: unset }, attempts: { account: unset }, lifetimes: { access: unset }, keys: { algorithm: unset }, dpop: { nonce: unset }, denial: unset }',
    );
    const { faults } = await readServerConfig({ CLAIMGATE_CONFIG: path }, folder.path);
    assert.deepEqual(
      faults.map((fault) => / (\S+)=undefined: expected /.exec(fault)?.[1]),
      ['limits.depth', 'streams.total', 'attempts.account', 'lifetimes.access', 'keys.algorithm'],
    );
  });

  it('G-14 prints no secret and no invisible character of a wrong key or of a name', async () => {
    const path = join(folder.path, 'shown.mjs');
    await writeFile(
      path,
      `export default { connections: [{ name: 'https://u:hunter2@a.example' }], resources: [{ 'scopes\\u200b': {} }], dpop: { 'nonce\\u200b': true } }`,
    );
    const { faults } = await readServerConfig({ CLAIMGATE_CONFIG: path }, folder.path);
    assert.match(faults.join('\n'), /scopes\\u\{200b\}.*nonce\\u\{200b\}|nonce\\u\{200b\}/s);
    assert.doesNotMatch(faults.join('\n'), /hunter2|\u200b/);
  });

  it('finds claimgate.config.mjs in the working directory, and refuses a second configuration file', async () => {
    const other = await temporaryFolder();
    await writeFile(join(other.path, 'claimgate.config.mjs'), 'export default { lifetimes: { access: 60 } }');
    assert.equal((await readServerConfig({}, other.path)).config.lifetimes.access, 60);
    await writeFile(join(other.path, 'claimgate.config.js'), 'export default {}');
    assert.match((await readServerConfig({}, other.path)).faults.join('\n'), /expected one configuration file/);
    await other.remove();
  });

  it('names the file that cannot be loaded', async () => {
    const path = join(folder.path, 'broken.mjs');
    await writeFile(path, 'export default {');
    const { faults } = await readServerConfig({ CLAIMGATE_CONFIG: path }, folder.path);
    assert.match(faults[0] ?? '', /broken\.mjs:1: expected a module that can be loaded/);
  });
});
