import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { ApolloServer } from '@apollo/server';
import { graphql } from 'graphql';
import { planPlugin } from '../../src/apollo/plan.ts';
import type * as ours from '../../src/principal.ts';
import { anonymous, principalOf } from '../../src/principal.ts';
import { root, run, temporaryFolder } from '../support/process.ts';
import { guard, holder } from '../support/modules.ts';

const guarded = guard('type Query { x: Int @auth } type Mutation { y: Int @auth }', { Query: { x: () => 1 } });
const { schema } = guarded;
const lookAlike = { ...holder(), secret: 'of the caller' };
const warns =
  /principal that this copy of Claimgate's verifier did not make; expected .*second copy .*npm ls claimgate/;
const says =
  /^The context has a principal that this copy of Claimgate's verifier did not make\. The warning \w+ of the process says what to do\.$/;

async function inProduction<T>(run: () => Promise<T>): Promise<T> {
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    return await run();
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
}

it('a principal looks like an object literal with its members, after decisions about it too', async () => {
  const principal = holder();
  await graphql({ schema, source: '{ x }', contextValue: { principal } });
  assert.equal(Object.getPrototypeOf(principal), Object.prototype);
  assert.ok(Object.isFrozen(principal));
  assert.deepEqual(Reflect.ownKeys(principal), Reflect.ownKeys({ ...principal }));
  assert.deepStrictEqual(principal, { ...principal });
  assert.equal(inspect(principal), inspect({ ...principal }));
});

describe('G-11 a context with a principal that the verifier did not make', () => {
  it('G-11 is anonymous in production, and one warning names the copies that are loaded', async (t) => {
    const folder = await temporaryFolder();
    t.after(() => folder.remove());
    const copy = join(folder.path, 'principal.ts');
    await copyFile(new URL('../../src/principal.ts', import.meta.url), copy);
    const other: typeof ours = await import(pathToFileURL(copy).href);
    const principal = other.makePrincipal({ ...(holder() as Parameters<typeof other.makePrincipal>[0]) });
    assert.equal(other.principalOf({ principal }), principal);

    const warnings: Error[] = [];
    const record = (warning: Error): void => void warnings.push(warning);
    process.on('warning', record);
    const emitted = once(process, 'warning');
    for (const source of ['{ x }', '{ x }', 'mutation { y }']) {
      const { errors } = await inProduction(() => graphql({ schema, source, contextValue: { principal } }));
      assert.equal(errors?.[0]?.extensions['code'], 'UNAUTHENTICATED');
    }
    await emitted;
    await new Promise(setImmediate);
    process.off('warning', record);
    const foreign = warnings.filter((warning) => 'code' in warning && warning.code === 'CLAIMGATE_FOREIGN_PRINCIPAL');
    assert.equal(foreign.length, 1);
    const [warning] = foreign;
    assert.match(warning?.message ?? '', warns);
    const detail = warning && 'detail' in warning ? String(warning.detail) : '';
    assert.ok(detail.includes(pathToFileURL(copy).href), detail);
    assert.ok(detail.includes('/src/principal.ts'), detail);
  });

  for (const [name, principal] of Object.entries({
    'a look-alike': lookAlike,
    'a look-alike of anonymous': { kind: 'anonymous' },
    'a string': 'ada',
    false: false,
    'a function': () => lookAlike,
  })) {
    it(`G-11 is an error outside production: ${name}`, async () => {
      for (const source of ['{ x }', 'mutation { y }']) {
        const { data, errors } = await graphql({ schema, source, contextValue: { principal } });
        assert.deepEqual(Object.values(data ?? {}), [null]);
        assert.match(errors?.[0]?.message ?? '', says);
        assert.doesNotMatch(JSON.stringify(errors), /of the caller|alice|file:/);
      }
    });
  }

  it('G-11 is an error through Apollo Server, which goes on', async () => {
    const plugins = [planPlugin(guarded, { realm: 'test', resourceMetadata: 'https://api.example/metadata' })];
    const apollo = new ApolloServer({ schema, plugins, stopOnTerminationSignals: false, logger: quiet });
    const response = await apollo.executeOperation({ query: '{ x }' }, { contextValue: { principal: lookAlike } });
    assert.equal(response.body.kind, 'single');
    const [error] = response.body.kind === 'single' ? (response.body.singleResult.errors ?? []) : [];
    assert.match(error?.message ?? '', says);
    const next = await apollo.executeOperation({ query: '{ x }' }, { contextValue: { principal: holder() } });
    assert.equal(next.body.kind === 'single' && next.body.singleResult.data?.['x'], 1);
    await apollo.stop();
  });

  it('is an error that names the forgotten await, if the context or the principal is a promise', async () => {
    const promise = Promise.resolve({ principal: anonymous });
    for (const contextValue of [promise, { principal: promise }]) {
      const { errors } = await graphql({ schema, source: '{ x }', contextValue });
      assert.match(errors?.[0]?.message ?? '', /^The context or its principal is a promise: await the function/);
      const answer = await inProduction(() => graphql({ schema, source: '{ x }', contextValue }));
      assert.equal(answer.errors?.[0]?.extensions['code'], 'UNAUTHENTICATED');
    }
  });

  it('G-11 no principal, or null, is anonymous everywhere', () => {
    for (const context of [
      undefined,
      null,
      'x',
      {},
      { principal: null },
      { principal: undefined },
      { principal: anonymous },
    ]) {
      assert.equal(principalOf(context), anonymous);
    }
  });
});

describe('a context without a principal', () => {
  it('causes one warning, if a caller was denied as anonymous', async () => {
    const warnings: Error[] = [];
    const record = (warning: Error): void => {
      if ('code' in warning && warning.code === 'CLAIMGATE_NO_PRINCIPAL') warnings.push(warning);
    };
    process.on('warning', record);
    const challenge = { realm: 'test', resourceMetadata: 'https://api.example/metadata' };
    const plugins = [planPlugin(guarded, challenge)];
    const apollo = new ApolloServer({ schema, plugins, stopOnTerminationSignals: false, logger: quiet });
    const settled = () => new Promise(setImmediate);

    for (const contextValue of [{ principal: null }, { principal: anonymous }]) {
      await graphql({ schema, source: '{ x }', contextValue });
      await apollo.executeOperation({ query: '{ x }' }, { contextValue });
    }
    await graphql({ schema, source: '{ __typename }', contextValue: {} });
    await settled();
    assert.equal(warnings.length, 0);

    for (const contextValue of [{}, { user: 'ada' }]) {
      const { body } = await apollo.executeOperation({ query: '{ x }' }, { contextValue });
      assert.match(JSON.stringify(body), /UNAUTHENTICATED/);
      assert.doesNotMatch(JSON.stringify(body), /createContext/);
    }
    await graphql({ schema, source: '{ x }' });
    await graphql({ schema, source: 'mutation { y }', contextValue: {} });
    await settled();
    process.off('warning', record);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]?.message ?? '', /no member principal, .* `context: \(\{ req \}\) => caller\(req\)`/);
    await apollo.stop();
  });

  for (const [name, code] of Object.entries({
    'in the check of an operation': `createOperationCheck(guarded, challenge)({ document: parse('{ x }'), contextValue: {} })`,
    'in the guard': `const { errors } = graphqlSync({ schema: guarded.schema, source: '{ x }', contextValue: {} }); throw errors[0]`,
  })) {
    it(`causes the warning ${name}`, async () => {
      const program = `
        import { graphqlSync, parse } from 'graphql';
        import { createGuardedSchema } from './src/auth/schema.ts';
        import { createOperationCheck } from './src/request/operation.ts';
        const guarded = createGuardedSchema({ modules: [{ name: 'a', typeDefs: 'type Query { x: Int @auth }' }] });
        const challenge = { realm: 'test', resourceMetadata: 'https://api.example/metadata' };
        try { ${code} } catch { /* denied */ }`;
      const started = run(['--input-type=module', '--eval', program], { cwd: root });
      assert.equal(await started.ended, 0, started.output());
      assert.match(started.output(), /CLAIMGATE_NO_PRINCIPAL/);
    });
  }
});

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
