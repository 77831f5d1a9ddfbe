// The APIs for the cases whose subject is the caller: proofs, keys, revocations, step-up, and the reasons of denials.
import { randomBytes } from 'node:crypto';
import {
  createGuardedApi,
  createProofChecker,
  createRevocations,
  type GuardedApi,
  type GuardedApiOptions,
  memoryReplays,
  type Revocation,
  remoteKeys,
} from 'claimgate';
import { defaultTypeResolver } from 'graphql';

interface CallerApis {
  readonly apis: Readonly<Record<'callers' | 'nonced' | 'keys' | 'hanging', GuardedApi>>;
  /** What the policy was asked since the test last cleared this list. */
  readonly runs: string[];
  /** Revokes a token or an account of the first issuer. */
  revoke(kind: Revocation['kind'], id: string): void;
}

const typeDefs = `
  type Query {
    hello: String @public
    viewer: String @public
    secret: String @auth(scope: "secret")
    recent: String @auth(maxAge: 60)
    strong: String @auth(acr: ["gold", "silver"])
    owned(user: ID): String @auth(scope: "of", owner: "$user")
    asked: String @auth(scope: "of", policy: "never")
    even(n: Int): String @auth(policy: "even")
    pets: [Pet] @public
    tools: [Tool] @public
  }
  union Pet = Cat | Dog | Fish
  type Cat @auth(scope: "cats") { name: String }
  type Dog { name: String }
  type Fish @auth(scope: "fish", mode: SHADOW) { name: String }
  union Tool = Hammer | Saw
  type Hammer @auth(scope: "hammers") { name: String }
  type Saw { name: String }
`;

/** The functions `isTypeOf` of the author. A truthy value counts as true in graphql-js. */
const isTypeOf = {
  Cat: (value) => 'meows' in value && 'yes',
  Dog: (value) => 'barks' in value,
  Fish: async (value) => ('swims' in value ? 1 : null),
};

/**
 * Throws if a type has an `isTypeOf` that its author did not write. The kit binds the functions of an author, so their
 * results are compared.
 */
function checkOwn(info, union) {
  for (const { name, isTypeOf: found } of info.schema.getPossibleTypes(union)) {
    const own = isTypeOf[name];
    const isOwn =
      found === undefined ? own === undefined : String(found({ meows: true })) === String(own?.({ meows: true }));
    if (!isOwn) throw new Error(`${name} has an isTypeOf of another author`);
  }
}

const resolvers = {
  Query: {
    hello: () => 'hello',
    viewer: (_source, _args, { principal }) => (principal.kind === 'anonymous' ? null : principal.subject),
    ...Object.fromEntries(['secret', 'recent', 'strong', 'owned', 'asked', 'even'].map((name) => [name, () => name])),
    pets: () => [
      { meows: true, name: 'Tom' },
      { barks: true, name: 'Rex' },
      { swims: true, name: 'Nemo' },
    ],
    tools: () => [{ name: 'Hammer' }, { name: 'Saw' }],
  },
  ...Object.fromEntries(Object.entries(isTypeOf).map(([name, own]) => [name, { __isTypeOf: own }])),
  Pet: {
    __resolveType(value, context, info, union) {
      checkOwn(info, union);
      return defaultTypeResolver(value, context, info, union);
    },
  },
  Tool: {
    __resolveType(value, _context, info, union) {
      checkOwn(info, union);
      return value.name;
    },
  },
};

/**
 * Makes the APIs.
 * @param issuer - the issuer of the callers
 * @param changing - an issuer that changes its keys. Below its path `/hangs` it does not answer
 */
export function makeCallers({ issuer, changing, audience, resourceMetadata, realm }): CallerApis {
  const runs: string[] = [];
  const revocations = createRevocations();
  const apiOf = (options: Partial<GuardedApiOptions>) =>
    createGuardedApi({
      url: audience,
      realm,
      resourceMetadata,
      issuers: [{ issuer, algorithms: ['ES256'] }],
      modules: [{ name: 'callers', typeDefs, resolvers }],
      policies: {
        never: (requests) => requests.map(() => false),
        even(requests) {
          runs.push(`policy even: ${requests.length}`);
          return requests.map(({ args }) => Number(args['n']) % 2 === 0);
        },
      },
      ...options,
    } as GuardedApiOptions);
  const keysOf = (options: Parameters<typeof remoteKeys>[0]) => ({
    issuers: [{ issuer: options.issuer, algorithms: ['ES256'], keys: remoteKeys(options) }],
  });
  return {
    apis: {
      callers: apiOf({ proofs: createProofChecker({ replays: memoryReplays() }), revocations }),
      nonced: apiOf({ proofs: createProofChecker({ replays: memoryReplays(), nonce: { secret: randomBytes(32) } }) }),
      keys: apiOf(keysOf({ issuer: changing, unknownKeyCooldownSeconds: 0.5 })),
      hanging: apiOf(keysOf({ issuer: `${changing}/hangs`, timeLimitSeconds: 0.3 })),
    },
    runs,
    revoke(kind, id) {
      const now = Date.now();
      revocations.add([{ kind, issuer, id, issuedUntil: now, expiresAt: now + 3_600_000 }]);
    },
  };
}
