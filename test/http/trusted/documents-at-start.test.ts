import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buildSchema } from 'graphql';
import { ownDocuments } from '../../../src/api/operation/operation.ts';
import type { Config } from '../../../src/config.ts';
import type { GuardedSchema } from '../../../src/auth/guarded-schema.ts';
import type { Logger } from '../../../src/observe/log.ts';
import { loadTrustedDocuments, type LoadedDocuments } from '../../../src/server/trusted/documents.ts';
import { manifestEntries } from '../../../src/protocol/documents/manifest.ts';
import { readServerConfig } from '../../../src/server/configuration.ts';
import { checkConfiguration } from '../../../src/server/start/check.ts';
import { manifestBounds } from '../../../src/server/trusted/read.ts';
import { until } from '../../support/process.ts';
import { StartError } from '../../../src/errors.ts';
import { anonymous, makePrincipal } from '../../../src/principal.ts';
import { sha256, texts } from './support.ts';

let folder: string;
let config: Config;
let guarded: GuardedSchema;
const query = '{ scopes { name } }';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trusted-'));
  ({ config } = await readServerConfig({}, folder));
  guarded = await checkConfiguration(config, []);
});
after(() => rm(folder, { recursive: true }));

/** Loads manifests that are written into the folder. */
async function load(files: Readonly<Record<string, string>>, more: object = {}) {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const manifests = Object.keys(files).map((name) => ({ name, path: join(folder, name) }));
  const trustedDocuments = { manifests, only: false, freeClients: [], maxAgeSeconds: 0, ...more };
  return loadTrustedDocuments({ ...config, trustedDocuments }, guarded);
}

async function loaded(...args: Parameters<typeof load>): Promise<LoadedDocuments> {
  const { trusted, faults } = await load(...args);
  assert.deepEqual(faults, []);
  assert.ok(trusted);
  return trusted;
}

describe('I17-6 manifests at start', () => {
  const cases: Readonly<Record<string, readonly [files: Readonly<Record<string, string>>, fault: RegExp]>> = {
    'no JSON': [{ 'a.json': '{' }, /^trustedDocuments: a\.json: expected a manifest of persisted operations/],
    'two equal members': [{ 'a.json': `{"a":"${query}","a":"${query}"}` }, /two equal members/],
    'another version': [
      { 'a.json': '{"format":"apollo-persisted-query-manifest","version":2,"operations":[]}' },
      /another format or version/,
    ],
    'a hash of another text': [
      { 'a.json': `{\n"${sha256('other')}": ${JSON.stringify(query)}\n}` },
      /^trustedDocuments: a\.json:2: \w{64}: expected the ID to be the SHA-256 hash of its document; the hash is/,
    ],
    'a hash in upper case': [{ 'a.json': `{"${sha256(query).toUpperCase()}":"${query}"}` }, /SHA-256 hash/],
    'one ID with two texts': [
      { 'a.json': `{"x":"${query}"}`, 'b.json': '{"x":"{ viewer { __typename } }"}' },
      /b\.json:1: x: expected one document for each ID; trustedDocuments: a\.json:1: x has another/,
    ],
    'a syntax error': [{ 'a.json': '{"x":"{ scopes { "}' }, /a\.json:1: x: Syntax Error.*\(line 1, column/],
    'a field that the schema does not have': [
      { 'a.json': '{"x":"{ nothing }"}' },
      /a\.json:1: x: Cannot query field "nothing"/,
    ],
    'only a fragment': [{ 'a.json': '{"x":"fragment F on Query { __typename }"}' }, /expected an operation/],
    'a limit': [
      { 'a.json': JSON.stringify({ x: `{ ${'a: __typename '.repeat(20_000)} }` }) },
      /a\.json:1: x: .*token/i,
    ],
    'a secret as a literal': [
      {
        'a.json': JSON.stringify({
          x: 'mutation { revokeToken(input: { clientId: "c", token: "t" }) { error { error } } }',
        }),
      },
      /a\.json:1: x: /,
    ],
    'a long ID': [{ 'a.json': JSON.stringify({ ['x'.repeat(257)]: query }) }, /at most 256 characters; found 257/],
    'a text that is no string': [{ 'a.json': '{"x":5}' }, /expected the text of a document; found a number/],
  };
  for (const [name, [files, fault]] of Object.entries(cases)) {
    it(`I17-6 ${name} is a fault with the manifest, the line and the ID`, async () => {
      const { trusted, faults } = await load(files);
      assert.equal(trusted, undefined);
      assert.equal(faults.length, 1, faults.join('\n'));
      assert.match(faults[0] ?? '', fault);
    });
  }

  it('I17-6 the same document in two manifests is no fault', async () => {
    const trusted = await loaded({
      'a.json': JSON.stringify({ [sha256(query)]: query }),
      'b.json': JSON.stringify({ [sha256(query)]: query, y: query }),
    });
    assert.equal(trusted.textOf(`sha256:${sha256(query)}`), query);
    assert.equal(trusted.textOf('y'), query);
    assert.equal(trusted.textOf('__proto__'), undefined);
  });

  it('I17-6 IDs that are numbers, have escapes, or are names of objects are found, with their lines', async () => {
    const trusted = await loaded({
      'a.json': `{"9":"${query}",\n"__proto__":"{ a: scopes { name } }",\n"7":"{ b: scopes { name } }",\n"\\u0078":"${query}"}`,
    });
    assert.equal(trusted.textOf('__proto__'), '{ a: scopes { name } }');
    assert.deepEqual([trusted.textOf('7'), trusted.textOf('x')], ['{ b: scopes { name } }', query]);
    assert.equal(trusted.textOf('constructor'), undefined);
    const wrong = await load({
      'a.json': `{"9":"${query}",\n"7":"{ nothing }",\n"\\u0078":"{ nothing }", "8": "a \\" b: \n\n",\n"5":5}`.replace(
        '\n\n',
        '\\n',
      ),
    });
    assert.match(wrong.faults.join(), /a\.json:4: expected the text of a document; found a number/);
    const apollo = {
      format: 'apollo-persisted-query-manifest',
      version: 1,
      operations: [{ name: 'id', id: 'name', body: '{' }],
    };
    const { faults } = await load({ 'a.json': JSON.stringify(apollo, null, 1) });
    assert.match(faults.join(), /a\.json:7: name: Syntax Error/);
  });

  it('I17-6 the time to read a manifest grows with its size only, and a pipe does not stop the start', async () => {
    const read = async (count: number) => {
      const entries = Array.from({ length: count }, (_, index) => `"${200_000 - index}": ${JSON.stringify(query)}`);
      const started = process.cpuUsage();
      const found = manifestEntries(`{${entries.join(',\n')}}`);
      assert.equal(found.find(({ id }) => id === '200000')?.line, 1);
      assert.equal(found.find(({ id }) => id === String(200_001 - count))?.line, count);
      return process.cpuUsage(started).user;
    };
    await read(1_000);
    // It took 20 s with a search for each entry.
    assert.ok((await read(20_000)) < 2_000_000);
    const path = join(folder, 'pipe.json');
    execFileSync('/usr/bin/env', ['mkfifo', path]);
    const trustedDocuments = {
      manifests: [{ name: 'pipe.json', path }],
      only: false,
      freeClients: [],
      maxAgeSeconds: 0,
    };
    const { faults } = await loadTrustedDocuments({ ...config, trustedDocuments }, guarded);
    assert.deepEqual(faults, ['trustedDocuments: pipe.json: expected a file; found something else']);
  });

  it('I17-6 a missing manifest, a folder, and too many documents or bytes are faults', async () => {
    const at = async (path: string) => {
      const trustedDocuments = { manifests: [{ name: 'given', path }], only: false, freeClients: [], maxAgeSeconds: 0 };
      return (await loadTrustedDocuments({ ...config, trustedDocuments }, guarded)).faults.join();
    };
    assert.match(
      await at(join(folder, 'none.json')),
      /^trustedDocuments: given: expected a manifest that can be read; found ENOENT$/,
    );
    assert.match(await at(folder), /expected a file; found something else/);
    const many = Array.from({ length: manifestBounds.documents + 1 }, (_, index) => [`d${index}`, query]);
    const { faults } = await load({ 'many.json': JSON.stringify(Object.fromEntries(many)) });
    assert.match(faults.join(), /expected at most 20000 documents in all manifests; found 20001/);
    const large = await load({ 'large.json': JSON.stringify({ x: ' '.repeat(manifestBounds.bytes) }) });
    assert.match(large.faults.join(), /at most 33554432 bytes/);
    await rm(join(folder, 'large.json'));
  });

  it('I17-6 the configuration names the option and what it expects', async () => {
    const given = { trustedDocuments: { manifests: [], onyl: true, freeClients: ['a'] } } as object;
    const { faults } = await readServerConfig({}, folder, given);
    assert.equal(faults.length, 3, faults.join('\n'));
    assert.match(faults.join('\n'), /trustedDocuments\.manifests: expected an array of 1 to 32 paths/);
    assert.match(faults.join('\n'), /onyl.*only/);
    assert.match(
      faults.join('\n'),
      /trustedDocuments\.freeClients: expected an array of client IDs, beside only: true/,
    );
  });

  it('I17-6 `claimgate check` reports the faults of manifests', async () => {
    const path = join(folder, 'wrong.json');
    await writeFile(path, '{"x":"{ nothing }"}');
    const trustedDocuments = {
      manifests: [{ name: 'wrong.json', path }],
      only: false,
      freeClients: [],
      maxAgeSeconds: 0,
    };
    await assert.rejects(checkConfiguration({ ...config, trustedDocuments }, []), (error) => {
      assert.ok(error instanceof StartError);
      assert.match(error.faults.join(), /wrong\.json:1: x: Cannot query field "nothing"/);
      return true;
    });
  });
});

describe('I17-6 documents that no token lets through', () => {
  it('I17-6 are named by a warning of the start and of `claimgate check`', async () => {
    const path = join(folder, 'denied.json');
    const denied = '{ acme globex }';
    const parts = ['{ acme }', denied, 'query ($x: Boolean!) { acme globex @include(if: $x) }'];
    await writeFile(path, JSON.stringify(Object.fromEntries(parts.map((text, index) => [`d${index}`, text])), null, 1));
    const tenant = (name: string) => `${name}: Int @auth(claims: [{ claim: "tenant", oneOf: ["${name}"] }])`;
    const { config, faults } = await readServerConfig({}, folder, {
      modules: [{ name: 'tenants', typeDefs: `type Query { ${tenant('acme')} ${tenant('globex')} }` }],
      trustedDocuments: 'denied.json',
    });
    const warnings: string[] = [];
    await checkConfiguration(config, faults, (warning) => warnings.push(warning));
    assert.deepEqual(
      warnings.filter((warning) => warning.startsWith('trustedDocuments')),
      [
        'trustedDocuments: denied.json:3: d1: no token lets this document through completely, because the rules of its fields contradict each other',
      ],
    );
  });
});

describe('I17-6 documents that belong to the server', () => {
  it('I17-6 a mutation of a module with the name of a token mutation is not one of them', async () => {
    const schema = buildSchema(`
      type Query { a: Int }
      type Mutation { revokeToken: OAuthError }
      type OAuthError { error: Int }
    `);
    const options = { schema, parseOptions: {}, texts: [], rulesField: undefined };
    const text = 'mutation { revokeToken { error } }';
    assert.equal(ownDocuments({ ...options, hasTokenMutations: false })(text), false);
    const isOwn = ownDocuments({ ...options, hasTokenMutations: true });
    assert.equal(isOwn(text), true);
    for (const other of [
      'mutation { revokeToken { error } b: revokeToken { error } }',
      'mutation A { revokeToken { error } } mutation A { revokeToken { error } b: revokeToken { error } }',
      'subscription { revokeToken { error } }',
      'query { revokeToken { error } }',
      'mutation { ...F } fragment F on Mutation { revokeToken { error } }',
      '{ __typename ... on Query { a } }',
      '{ __typename } query B { a }',
    ]) {
      assert.equal(isOwn(other), false, other);
    }
  });
});

describe('I17-6 trusted documents for each client', () => {
  const principal = (issuer: string, clientId: string | null) =>
    makePrincipal({
      kind: 'application',
      issuer,
      subject: 'tool',
      clientId,
      scopes: new Set<string>(),
      expiresAt: 0,
      claims: {},
    });

  it('I17-6 only a free client of the own issuer may send another document', async () => {
    const trusted = await loaded({ 'a.json': `{"x":"${query}"}` }, { only: true, freeClients: ['tool'] });
    const refused = (caller: unknown) =>
      trusted.refusalOf('{ __typename viewer { __typename } }', { principal: caller }) !== null;
    assert.equal(refused(principal(config.publicUrl, 'tool')), false);
    assert.equal(refused(principal(config.publicUrl, 'web')), true);
    assert.equal(refused(principal(config.publicUrl, null)), true);
    assert.equal(refused(principal('https://other.example', 'tool')), true);
    assert.equal(refused(anonymous), true);
    assert.equal(trusted.refusalOf(query, { principal: anonymous }), null);
  });
});

describe('I17-6 manifests that change', () => {
  const logs = () => {
    const lines: { level: string; fields: object; message: string }[] = [];
    const write = (level: string) => (fields: object, message: string) => void lines.push({ level, fields, message });
    return { lines, log: { error: write('error'), info: write('info') } as unknown as Logger };
  };
  const one = JSON.stringify({ one: query });
  const two = JSON.stringify({ two: texts.hello.replace('hello', 'scopes { name }') });

  it('I17-6 are read again after a write, an atomic rename, and a change of a link as in Kubernetes', async () => {
    for (const version of ['..1', '..2']) await mkdir(join(folder, version));
    await writeFile(join(folder, '..1/m.json'), one);
    await writeFile(join(folder, '..2/m.json'), two);
    await symlink('..1', join(folder, '..data'));
    await symlink('..data/m.json', join(folder, 'linked.json'));
    const changes: Readonly<Record<string, () => Promise<unknown>>> = {
      'written.json': () => writeFile(join(folder, 'written.json'), two),
      'renamed.json': async () => {
        await writeFile(join(folder, 'new.json'), two);
        await rename(join(folder, 'new.json'), join(folder, 'renamed.json'));
      },
      'linked.json': async () => {
        await symlink('..2', join(folder, '..new'));
        await rename(join(folder, '..new'), join(folder, '..data'));
      },
    };
    for (const [name, change] of Object.entries(changes)) {
      const path = join(folder, name);
      if (name !== 'linked.json') await writeFile(path, one);
      const trustedDocuments = { manifests: [{ name, path }], only: true, freeClients: [], maxAgeSeconds: 0 };
      const { trusted } = await loadTrustedDocuments({ ...config, trustedDocuments }, guarded);
      assert.ok(trusted);
      const { log, lines } = logs();
      const stop = trusted.watch(log, 20);
      assert.equal(trusted.textOf('one'), query);
      await change();
      // The server writes the line after it has looked at the new documents.
      await until(() => lines.some(({ level }) => level === 'info'), 15_000);
      assert.equal(typeof trusted.textOf('two'), 'string', name);
      assert.equal(trusted.textOf('one'), undefined, name);
      assert.notEqual(trusted.refusalOf(query, { principal: anonymous }), null);
      // While a file is being written, a part of it may be read. Then an error comes before.
      const levels = lines.map(({ level }) => level);
      assert.deepEqual(name === 'written.json' ? levels.slice(-1) : levels, ['info']);
      stop();
    }
  });

  it('I17-6 a manifest with a fault, or without a file, keeps the earlier documents and logs one error', async () => {
    const trusted = await loaded({ 'kept.json': one });
    const { log, lines } = logs();
    const stop = trusted.watch(log, 20);
    for (const [index, change] of [
      // While a file is being written, a part of it may be read, which would be a fault of its own.
      async () => {
        await writeFile(join(folder, 'faulty.json'), '{"two":"{ nothing }"}');
        await rename(join(folder, 'faulty.json'), join(folder, 'kept.json'));
      },
      () => rm(join(folder, 'kept.json')),
    ].entries()) {
      await change();
      await until(async () => lines.length > index, 15_000);
      await new Promise((resolve) => setTimeout(resolve, 150));
      assert.equal(lines.length, index + 1);
      assert.equal(lines[index]?.level, 'error');
      assert.match(JSON.stringify(lines[index]), /kept\.json/);
      assert.equal(trusted.textOf('one'), query);
    }
    await writeFile(join(folder, 'kept.json'), two);
    await until(async () => trusted.textOf('two') !== undefined, 15_000);
    stop();
  });
});
