import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { ClaimgateError, StartError } from '../src/errors.ts';
import { createDocumentStore, noncePlugin, planPlugin } from '../src/apollo.ts';
import {
  authDirectivesNamed,
  challenge,
  createContext,
  createExchange,
  createGuardedApi,
  createGuardedSchema,
  createOperationCheck,
  createProofChecker,
  createRevocations,
  createTokenCache,
  createVerifier,
  explainToken,
  localKeys,
  memoryReplays,
  remoteKeys,
  toGraphQLError,
} from '../src/index.ts';
import { issuerOf, makeKey } from './support/tokens.ts';

const none = async () => null;
const issuer = issuerOf([makeKey()], { issuer: 'https://issuer.example' });
const proofs = createProofChecker({ replays: memoryReplays() });
const verifier = createVerifier({ issuers: [issuer] });
const guarded = createGuardedSchema({ modules: [{ name: 'one', typeDefs: 'type Query { one: Int @public }' }] });
const realm = { realm: 'api', resourceMetadata: 'https://api.example/metadata', proofs };
const server = {
  issuer: 'https://issuer.example',
  tokenEndpoint: 'https://issuer.example/token',
  revocationEndpoint: 'https://issuer.example/revoke',
  idTokenSigningAlgorithms: ['ES256'],
};

/** A public function of the kit that takes only options. */
interface Row {
  readonly name: string;
  /** How `kit.md` names the function. Default: by its name. */
  readonly listed?: string;
  /** The start of each fault. Default: the name. */
  readonly place?: string;
  /** The start of the fault if the options are not an object. Default: the same. */
  readonly placeOfOthers?: string;
  /** Calls the function with options of any shape, as a program without types can do. */
  readonly call: (options: any) => unknown;
  /** Valid options. Each test changes some of them. */
  readonly valid: Readonly<Record<string, unknown>>;
  readonly required: readonly string[];
  /** Required options whose fault has its own text. */
  readonly alsoRequired?: readonly string[];
  /** Old names of options, and the text in the fault that names the new option. */
  readonly renamed: Readonly<Record<string, string>>;
  /** Wrong values of options, and the text in the fault that states what was found. */
  readonly wrong: readonly (readonly [option: string, value: unknown, fault: RegExp])[];
  /** A mistyped option, and the intended option. */
  readonly mistyped: readonly [string, string];
}

const inSeconds = (name: string) => `${name}, in seconds; it was in milliseconds`;

const rows: readonly Row[] = [
  {
    name: 'remoteKeys',
    call: remoteKeys,
    valid: {
      issuer: 'https://issuer.example',
      jwksUri: 'https://issuer.example/keys',
      fetch,
      clock: Date.now,
      refreshAfterSeconds: 0.5,
      maxAgeSeconds: 1,
      staleForSeconds: 1.5,
      timeLimitSeconds: 0.25,
      maxBytes: 1_000,
      cooldownSeconds: 0,
      unknownKeyCooldownSeconds: 0,
      metadataMaxAgeSeconds: 0,
      copies: { load: none, save: none },
      onEvent: () => {},
    },
    required: ['issuer'],
    renamed: {
      refreshAfter: inSeconds('refreshAfterSeconds'),
      maxAge: inSeconds('maxAgeSeconds'),
      staleFor: inSeconds('staleForSeconds'),
      timeLimit: inSeconds('timeLimitSeconds'),
      sizeLimit: 'maxBytes',
      cooldown: inSeconds('cooldownSeconds'),
      unknownCooldown: inSeconds('unknownKeyCooldownSeconds'),
      metadataMaxAge: inSeconds('metadataMaxAgeSeconds'),
    },
    wrong: [
      ['issuer', 5, /expected a string; found a number$/],
      ['jwksUri', 5, /jwksUri must be an https URL/],
      ['fetch', 'fetch', /expected a function; found a string$/],
      ['timeLimitSeconds', '5', /expected a number of seconds above 0 to 3600; found a string$/],
      ['timeLimitSeconds', 5_000, /expected a number of seconds above 0 to 3600; found 5000$/],
      ['cooldownSeconds', -1, /expected a number of seconds from 0; found -1$/],
      ['maxAgeSeconds', Number.NaN, /expected a number of seconds above 0; found NaN$/],
      ['maxBytes', null, /expected a number of bytes from 0; found null$/],
      ['copies', { load: none }, /expected a store of key sets, with the functions load and save; found an object$/],
      ['onEvent', Promise.resolve(), /expected a function; found a promise$/],
    ],
    mistyped: ['timeLimitSecond', 'timeLimitSeconds'],
  },
  {
    name: 'createTokenCache',
    call: createTokenCache,
    valid: { maxEntries: 10, maxBytes: 1_000 },
    required: [],
    renamed: { entries: 'maxEntries', bytes: 'maxBytes' },
    wrong: [
      ['maxEntries', '10', /expected a number of tokens from 0; found a string$/],
      ['maxBytes', -1, /expected a number of bytes from 0; found -1$/],
    ],
    mistyped: ['maxEntires', 'maxEntries'],
  },
  {
    name: 'createRevocations',
    call: createRevocations,
    valid: { feed: { since: none }, clock: Date.now, staleAfterSeconds: 0.5, maxEntries: 10 },
    required: [],
    renamed: { staleAfter: inSeconds('staleAfterSeconds'), entries: 'maxEntries' },
    wrong: [
      ['feed', none, /expected a feed of revocations, with the function since; found a function$/],
      ['clock', 5, /expected a function; found a number$/],
      ['staleAfterSeconds', 10n, /expected a number of seconds from 0; found a bigint$/],
      ['maxEntries', Number.NaN, /expected a number of revocations from 0; found NaN$/],
    ],
    mistyped: ['staleafter', 'staleAfterSeconds'],
  },
  {
    name: 'memoryReplays',
    call: memoryReplays,
    valid: { maxEntries: 10, clock: Date.now },
    required: [],
    renamed: { capacity: 'maxEntries' },
    wrong: [
      ['maxEntries', Number.NaN, /expected a number of proofs from 0; found NaN$/],
      ['clock', {}, /expected a function; found an object$/],
    ],
    mistyped: ['clok', 'clock'],
  },
  {
    name: 'createProofChecker',
    call: createProofChecker,
    valid: {
      replays: memoryReplays(),
      algorithms: ['ES256'],
      windowSeconds: 30,
      nonce: { secret: new Uint8Array(32), rotationSeconds: 60 },
      nonces: { current: () => 'nonce', accepts: () => true },
      clock: Date.now,
    },
    required: ['replays'],
    renamed: { window: 'windowSeconds, in seconds as before' },
    wrong: [
      ['replays', memoryReplays, /expected the result of memoryReplays, or another store, .*; found a function$/],
      ['algorithms', 'ES256', /expected an array of strings; found a string$/],
      ['windowSeconds', '30', /expected a number of seconds, 1 to 300; found a string$/],
      ['nonce', { secret: 'a secret' }, /nonce\.secret: expected a Uint8Array; found a string$/],
      ['nonce', { secret: new Uint8Array(32), rotation: 60 }, /nonce: rotation is now rotationSeconds, in seconds/],
      ['nonces', null, /expected nonces, with the functions current and accepts; found null$/],
    ],
    mistyped: ['replay', 'replays'],
  },
  {
    name: 'an issuer of createVerifier',
    place: 'issuer "https://issuer.example"',
    placeOfOthers: 'issuers[0]',
    listed: '`createVerifier`, each issuer',
    call: (issuer) => createVerifier({ issuers: [issuer] }),
    valid: {
      ...issuer,
      preset: 'auth0',
      typ: ['at+jwt', null],
      scopeClaims: ['scope'],
      roles: [{ claim: ['roles'], member: 'name', scopes: { admin: ['a'] } }],
      clientIdClaims: [],
      tokenIdClaims: [],
      requiredClaims: { tty: ['at'] },
      forbiddenClaims: ['nonce'],
      accountId: ['oid'],
      clockToleranceSeconds: 0.5,
    },
    required: ['issuer', 'keys', 'primary'],
    alsoRequired: ['audience', 'algorithms'],
    renamed: { clockTolerance: 'clockToleranceSeconds, in seconds as before' },
    wrong: [
      ['audience', 'https://api.example', /expected an array of strings; found a string$/],
      ['preset', {}, /expected a string; found an object$/],
      ['algorithms', 'ES256', /expected an array of strings; found a string$/],
      ['typ', 'JWT', /expected an array of strings, or null for none; found a string$/],
      ['roles', { claim: ['roles'], scopes: {} }, /expected an array of tables of roles/],
      [
        'roles',
        [{ claims: ['roles'], claim: ['roles'], scopes: {} }],
        /there is no such option claims; expected claim$/,
      ],
      ['requiredClaims', ['tty'], /expected an object of arrays of values by claim; found an array$/],
      ['accountId', 'sub', /expected an array of strings; found a string$/],
      ['clockToleranceSeconds', '5', /expected a number of seconds, 0 to 300; found a string$/],
      ['keys', { keys: [] }, /expected the result of remoteKeys or localKeys, .*; found an object$/],
      ['primary', 'yes', /expected true or false; found a string$/],
    ],
    mistyped: ['audiance', 'audience'],
  },
  {
    name: 'createVerifier',
    call: createVerifier,
    valid: {
      issuers: [issuer],
      clock: Date.now,
      cache: createTokenCache(),
      revocations: createRevocations(),
      proofs: createProofChecker({ replays: memoryReplays() }),
      onVerification: () => {},
    },
    required: ['issuers'],
    renamed: {},
    wrong: [
      ['issuers', issuer, /expected an array of issuers; found an object$/],
      ['clock', 5, /expected a function; found a number$/],
      ['cache', new Map(), /expected the result of createTokenCache, .*; found an object$/],
      ['revocations', [], /expected the result of createRevocations, with the function isRevoked; found an array$/],
      ['proofs', memoryReplays(), /expected the result of createProofChecker, .*; found an object$/],
      ['onVerification', true, /expected a function; found a boolean$/],
    ],
    mistyped: ['issuer', 'issuers'],
  },
  {
    name: 'explainToken',
    call: (options) => explainToken('a.b.c', options),
    valid: { issuers: [issuer], clock: Date.now, revocations: createRevocations(), scheme: 'DPoP' },
    required: ['issuers'],
    renamed: {},
    wrong: [
      ['issuers', null, /expected an array of issuers; found null$/],
      ['scheme', 'Basic', /expected "Bearer" or "DPoP"; found a string$/],
    ],
    mistyped: ['schema', 'scheme'],
  },
  {
    name: 'createDocumentStore',
    call: createDocumentStore,
    valid: { maxEntries: 10, maxBytes: 1_000 },
    required: [],
    renamed: { entries: 'maxEntries', bytes: 'maxBytes' },
    wrong: [
      ['maxEntries', -1, /expected a number of documents from 0; found -1$/],
      ['maxBytes', '5', /expected a number of bytes from 0; found a string$/],
    ],
    mistyped: ['byte', 'maxBytes'],
  },
  {
    name: 'createExchange',
    call: createExchange,
    valid: { server, fetchFor: () => fetch, timeoutSeconds: 0.5, onFailure: () => {} },
    required: ['server', 'fetchFor'],
    renamed: { timeout: 'timeoutSeconds, in seconds as before' },
    wrong: [
      [
        'server',
        { ...server, tokenEndpoint: '/token' },
        /server\.tokenEndpoint: expected an absolute URL; found a string$/,
      ],
      ['server', 'https://issuer.example', /expected an object; found a string$/],
      ['fetchFor', fetch('data:,'), /expected a function; found a promise$/],
      ['timeoutSeconds', 0, /expected a number of seconds above 0 to 3600; found 0$/],
      ['timeoutSeconds', 5_000, /expected a number of seconds above 0 to 3600; found 5000$/],
      ['onFailure', 'log', /expected a function; found a string$/],
    ],
    mistyped: ['timeoutSecs', 'timeoutSeconds'],
  },
  {
    name: 'createContext',
    call: createContext,
    valid: { ...realm, verifier, url: 'https://api.example/graphql', remedy: 'Get a new one.' },
    required: ['verifier', 'url', 'realm', 'resourceMetadata'],
    renamed: {},
    wrong: [
      [
        'verifier',
        createVerifier,
        /expected the result of createVerifier, with the function verify; found a function$/,
      ],
      ['url', '/graphql', /expected an absolute URL; found a string$/],
      ['realm', null, /expected a string; found null$/],
      ['resourceMetadata', new URL('https://api.example'), /expected a string; found an object$/],
      ['proofs', memoryReplays(), /expected the result of createProofChecker, .*; found an object$/],
      ['remedy', () => '', /expected a string; found a function$/],
    ],
    mistyped: ['resource_metadata', 'resourceMetadata'],
  },
  ...[
    { name: 'planPlugin', call: (options: any) => planPlugin(guarded, options) },
    { name: 'createOperationCheck', call: (options: any) => createOperationCheck(guarded, options) },
    { name: 'challenge', call: (options: any) => challenge(options, 'FORBIDDEN') },
    {
      name: 'toGraphQLError',
      call: (options: any) => toGraphQLError(new ClaimgateError('FORBIDDEN', 'no'), options),
    },
  ].map(
    (plan): Row => ({
      ...plan,
      valid: { ...realm, verifier, url: 'https://api.example/graphql' },
      required: ['realm', 'resourceMetadata'],
      renamed: {},
      wrong: [
        ['realm', 5, /expected a string; found a number$/],
        ['proofs', { nonce: none }, /expected the result of createProofChecker, .*; found an object$/],
      ],
      mistyped: ['relm', 'realm'],
    }),
  ),
  {
    name: 'challenge',
    call: (details) => challenge(realm, 'STEP_UP_REQUIRED', details),
    valid: { scheme: 'DPoP', scope: 'a b', acrValues: ['high'], maxAgeSeconds: 60, description: 'text' },
    required: [],
    renamed: { maxAge: 'maxAgeSeconds, in seconds as before' },
    wrong: [
      ['scheme', 'Basic', /expected "Bearer" or "DPoP"; found a string$/],
      ['scope', ['a'], /expected a string; found an array$/],
      ['acrValues', 'high', /expected an array of strings; found a string$/],
      ['maxAgeSeconds', '60', /expected a number of seconds from 0; found a string$/],
    ],
    mistyped: ['scopes', 'scope'],
  },
  {
    name: 'createGuardedSchema',
    call: createGuardedSchema,
    valid: {
      modules: [{ name: 'one', typeDefs: 'type Query { one: Int @public }' }],
      directives: { auth: 'claims' },
      scopes: new Set(['a']),
      policies: { open: () => [true] },
      onPolicyFault: () => {},
      policyTimeoutSeconds: 0.5,
      policyCalls: 1,
      operationPolicyCalls: 1,
      accountIdOf: String,
      typeOf: () => null,
      inputDepth: 5,
      denial: 'reject',
      hidesSchema: () => false,
      clock: Date.now,
      onDenial: () => {},
      onWarning: () => {},
      check: () => [],
      prepare: () => {},
    },
    required: [],
    alsoRequired: ['modules'],
    renamed: { policyTimeout: inSeconds('policyTimeoutSeconds') },
    wrong: [
      ['scopes', ['a'], /expected a Set of scopes; found an array$/],
      ['policies', { open: true }, /policies\["open"\]: expected a function; found a boolean$/],
      ['policyTimeoutSeconds', 5_000, /expected a number of seconds above 0 to 3600; found 5000$/],
      ['policyCalls', 0, /expected a number of calls from 1; found 0$/],
      ['operationPolicyCalls', '10', /expected a number of calls from 1; found a string$/],
      ['denial', 'none', /expected "partial" or "reject"; found a string$/],
      ['hidesSchema', true, /expected a function; found a boolean$/],
      ['onDenial', null, /expected a function; found null$/],
    ],
    mistyped: ['policytimeouts', 'policyTimeoutSeconds'],
  },
];

/** Returns the faults in the StartError that the function must throw. */
async function faultsOf({ call }: Row, options: unknown): Promise<readonly string[]> {
  let thrown: unknown;
  try {
    await call(options);
  } catch (error) {
    thrown = error;
  }
  assert.ok(thrown instanceof StartError, `expected a StartError, found ${String(thrown)}`);
  return thrown.faults;
}

for (const row of rows) {
  const {
    name,
    place = name,
    placeOfOthers = place,
    call,
    valid,
    required,
    alsoRequired = [],
    renamed,
    wrong,
    mistyped,
  } = row;
  describe(`the options of ${name}`, () => {
    it('are accepted, and so are undefined options and unknown options that are undefined', async () => {
      const optional = Object.keys(valid).filter((option) => ![...required, ...alsoRequired].includes(option));
      await call(valid);
      await call({ ...valid, ...Object.fromEntries(optional.map((option) => [option, undefined])) });
      call({
        ...valid,
        ...Object.fromEntries([...Object.keys(renamed), 'unknown'].map((option) => [option, undefined])),
      });
    });

    for (const [old, now] of Object.entries(renamed)) {
      it(`an old name is refused with the new one: ${old}`, async () => {
        assert.deepEqual(await faultsOf(row, { ...valid, [old]: 1 }), [`${place}: ${old} is now ${now}`]);
      });
    }

    for (const [option, value, fault] of wrong) {
      it(`a wrong value is refused: ${option}, ${typeof value}`, async () => {
        const [found, ...others] = await faultsOf(row, { ...valid, [option]: value });
        assert.deepEqual(others, []);
        assert.match(found ?? '', fault);
        assert.ok(found?.includes(option), found);
      });
    }

    it('an unknown name is refused with the nearest one', async () => {
      const [typo, meant] = mistyped;
      assert.deepEqual(await faultsOf(row, { ...valid, [typo]: 'a secret' }), [
        `${place}: there is no such option ${typo}; expected ${meant}`,
      ]);
    });

    it('a missing option is named', async () => {
      for (const option of required) {
        for (const options of [{ ...valid, [option]: undefined }, without(valid, option)]) {
          const faults = await faultsOf(row, options);
          assert.equal(faults.length, 1, faults.join('\n'));
          assert.ok(faults[0]?.includes(option), faults[0]);
          assert.match(faults[0] ?? '', /: expected .*; found nothing$/);
        }
      }
    });

    it('options of another kind are refused', async () => {
      for (const [options, kind] of [
        [null, 'null'],
        [[], 'an array'],
        [() => {}, 'a function'],
        ['x', 'a string'],
      ]) {
        assert.deepEqual(await faultsOf(row, options), [`${placeOfOthers}: expected an object; found ${String(kind)}`]);
      }
    });

    it('all faults are reported together', async () => {
      const wrongOnes = new Map(wrong.map(([option, value]) => [option, value]));
      const options = {
        ...valid,
        ...Object.fromEntries(wrongOnes),
        ...Object.fromEntries(Object.keys(renamed).map((old) => [old, 1])),
        [mistyped[0]]: 1,
      };
      assert.equal((await faultsOf(row, options)).length, wrongOnes.size + Object.keys(renamed).length + 1);
    });
  });
}

function without(options: Readonly<Record<string, unknown>>, option: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => name !== option));
}

it('faults of values are reported together with faults of names', () => {
  const faulty = { ...issuer, algorithms: ['none'], clockToleranceSeconds: 301, clockTolerance: 5, audiance: ['x'] };
  const other = { ...issuer, issuer: 'https://other.example', primary: false, audience: 'x' };
  assert.throws(
    () => createVerifier({ issuers: [faulty, other as never], clok: Date.now } as never),
    (error) => error instanceof StartError && error.faults.length === 6,
  );
});

it('options with inherited members are checked and read', () => {
  class Options {
    get maxEntries() {
      return 'many';
    }
  }
  assert.throws(() => createTokenCache(new Options() as never), /maxEntries: expected a number of tokens/);
});

it('the faults of all arguments are reported together, and no value that may be secret', () => {
  for (const [name, plan] of Object.entries({ planPlugin, createOperationCheck })) {
    assert.throws(
      () => plan(guarded.schema as never, { realm: 'api', resource: 'a secret' } as never),
      (error) =>
        error instanceof StartError &&
        error.faults[0] ===
          `${name}: expected the result of createGuardedSchema, with the function decideOperation; found an object` &&
        error.faults.length === 3 &&
        !error.message.includes('a secret'),
    );
  }
  assert.throws(
    () => noncePlugin('x' as never),
    /^StartError: noncePlugin: expected the result of createProofChecker, with the function nonce; found a string$/,
  );
});

it('functions that take one argument check it', () => {
  assert.throws(
    () => localKeys({ keys: [] } as never),
    /^StartError: localKeys: expected a function; found an object$/,
  );
  assert.throws(() => authDirectivesNamed({ auht: 'claims' } as never), /directives\.auht.*did you mean auth\?$/);
  assert.throws(() => authDirectivesNamed(null as never), StartError);
});

it('the guide of the kit lists every option that was renamed', async () => {
  const lines = (await readFile(new URL('../src/apollo/kit.md', import.meta.url), 'utf8')).split('\n');
  const expected = rows.flatMap(({ name, listed = `\`${name}\``, renamed }) =>
    Object.entries(renamed).map(([old, now]) => {
      const unit = now.includes('milliseconds') ? ', in milliseconds' : '';
      return `| ${listed} | \`${old}\`${unit} | \`${now.split(',')[0]}\` |`;
    }),
  );
  assert.deepEqual(
    expected.filter((line) => !lines.includes(line)),
    [],
  );
  assert.ok(lines.includes('| `createProofChecker` | `nonce.rotation` | `nonce.rotationSeconds` |'));
});

describe('the faults of a newcomer', () => {
  const faultsIn = (make: () => unknown): readonly string[] => {
    try {
      make();
    } catch (error) {
      if (error instanceof StartError) return error.faults;
      throw error;
    }
    return [];
  };

  it('a missing second argument is named', () => {
    for (const [name, make] of Object.entries({ planPlugin, createOperationCheck })) {
      const call = make as (guarded: unknown) => unknown;
      assert.deepEqual(
        faultsIn(() => call(guarded)),
        [
          `${name}: expected the options of the challenge as its second argument, such as ${name}(api, api.challenge) with the result of createGuardedApi; found nothing`,
        ],
      );
    }
  });

  it('typeDefs and resolvers are parts of a module', () => {
    const given: object = { typeDefs: 'type Query { x: Int @public }', resolvers: {} };
    const parts = (name: string) =>
      ['typeDefs', 'resolvers'].map(
        (part) =>
          `${name}: there is no such option ${part}; expected modules: [{ name, typeDefs, resolvers }], or an executable schema`,
      );
    assert.deepEqual(
      faultsIn(() => createGuardedSchema(given as never)),
      parts('createGuardedSchema'),
    );
    assert.deepEqual(
      faultsIn(() => createGuardedApi({ ...given, url: 'https://api.example', issuers: [] } as never)),
      parts('createGuardedApi'),
    );
  });

  it('a misspelled audience is one fault', () => {
    const { audience, ...others } = issuer;
    const [fault, ...rest] = faultsIn(() => createVerifier({ issuers: [{ ...others, audiance: audience } as never] }));
    assert.match(fault ?? '', /: there is no such option audiance; expected audience$/);
    assert.deepEqual(rest, []);
  });
});
