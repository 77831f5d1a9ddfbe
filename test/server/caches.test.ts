import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parse } from 'graphql';
import { pino } from 'pino';
import { createDecisions } from '../../src/auth/decide/decisions.ts';
import { anonymous, makePrincipal, type VerifiedPrincipal } from '../../src/principal.ts';
import { principalFor } from '../support/callers.ts';
import { createKnownOperations, formatError, operationSteps } from '../../src/api/operation/operation.ts';
import { createDocumentStore } from '../../src/apollo/document-store.ts';
import { createGuardedSchema } from '../../src/auth/schema.ts';
import { bodyReader } from '../../src/http/lane/body.ts';
import { acceptReader } from '../../src/http/lane/accept-types.ts';
import { createMetrics } from '../../src/observe/metrics.ts';
import { createShadowCounter } from '../../src/observe/shadow.ts';
import { caches, fixedStructures } from '../../src/server/caches.ts';
import { rememberRecent } from '../../src/token/credential/recent.ts';
import { memoryReplays } from '../../src/token/dpop/replays.ts';
import { createCallerHash } from '../../src/auth/recorded/hash.ts';
import { createCallers } from '../../src/server/replay/callers.ts';
import { createRequestRecorder } from '../../src/server/replay/recorder.ts';
import { createVariedClaims } from '../../src/server/replay/varied-claims.ts';
import { createRevocations } from '../../src/token/revocation/revocations.ts';
import { createUnknownKeyIds } from '../../src/issuer/unknown-key-ids.ts';
import { policy } from '../api/fixture.ts';
import { own, weigh } from '../bench/memory.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

async function heapUsed(): Promise<number> {
  await setImmediate(); // A WeakRef keeps its target alive until the current job ends.
  for (let turn = 0; turn < 3; turn += 1) collect();
  return process.memoryUsage().heapUsed;
}

/** By how much the heap may grow in addition, in bytes: compiled code, and data of Node.js itself. */
const slack = 8 * 1024 * 1024;

interface Flood {
  /** Adds the entry with this number, which differs from all others. */
  readonly add: (index: number) => unknown;
  /** How many entries are added. */
  readonly count: number;
  /** Returns how many entries the cache then has. */
  readonly entries: () => number | Promise<number>;
}

const start = 1_700_000_000_000;
const hash = createCallerHash(Buffer.alloc(32, 1));

/** Makes a string with its own memory, as from the network, and not a slice of another string. */
const fresh = (text: string): string => Buffer.from(text).toString();

/** Documents with few nodes and much text, with many nodes, with many comments, and with many escapes. */
const hostileDocuments = [
  (index: number) => `{q${index} a}#${'x'.repeat(200_000)}`,
  (index: number) => `{q${index} ${'abcdefghijklmnopq '.repeat(1_000)}}`,
  (index: number) => `{q${index} a}${'#\n'.repeat(10_000)}`,
  (index: number) => `{q${index} a(b: "${'x\\n'.repeat(10_000)}")}`,
  (index: number) => `{q${index} a(b: """${'\\"""'.repeat(5_000)}""")}`,
  (index: number) => `{q${index} a(b: ${'['.repeat(500)}${']'.repeat(500)})}`,
  (index: number) => `{q${index} ${'a'.repeat(20)} ${' '.repeat(100_000)}}`,
  (index: number) => `query Q${index} { a }`,
];

function documents(texts: readonly ((index: number) => string)[]): Flood {
  const store = createDocumentStore();
  return {
    add: (index) => {
      const textOf = texts[index % texts.length];
      return textOf && store.set(`${'k'.repeat(128)}${index}`, parse(fresh(textOf(index))));
    },
    count: 1_500,
    entries: () => store.entries,
  };
}

function knownDocuments(texts: readonly ((index: number) => string)[]): Flood {
  const known = createKnownOperations({
    steps: operationSteps(
      'single',
      policy,
      createGuardedSchema({
        modules: [{ name: 'one', typeDefs: 'type Query { a: Int @public }', resolvers: {} }],
      }),
    ),
    challenge: { realm: '', resourceMetadata: '' },
    formatError,
    reports: { onErrors() {} },
  });
  return {
    add(index) {
      const text = fresh(texts[index % texts.length]?.(index) ?? '');
      known.remember(text, parse(text));
      // Every second document is used again.
      if (index % 2 === 0) known.find(text, null);
    },
    count: 3_000,
    entries: () => known.entries,
  };
}

/**
 * How to flood each cache of the table. Operations in test/auth/plan/memory.test.ts and
 * test/auth/execute/memory.test.ts flood the caches of `auth`. A test below floods the token cache.
 */
const floods: Readonly<
  Record<
    Exclude<
      keyof typeof caches,
      'compiledSelections' | 'plans' | 'preparedQueries' | 'requiredScopes' | 'verifiedTokens'
    >,
    () => Flood
  >
> = {
  documents: () => documents(hostileDocuments),
  knownDocuments: () => knownDocuments(hostileDocuments),
  bodies() {
    const reader = bodyReader(JSON.parse);
    return {
      add(index) {
        // The escape makes the query a text of two bytes for each character.
        const padding = 'x'.repeat(index % 2 === 0 ? 2_000 : 3_000);
        const read = reader.read(Buffer.from(`{"query":"{ a } # \\u1234 ${padding} ${index}"}`));
        if (read) reader.remember(read);
      },
      count: 5_000,
      entries: () => reader.entries,
    };
  },
  acceptHeaders() {
    const reader = acceptReader();
    return {
      add: (index) => reader.typeOf(fresh(`${'text/plain, '.repeat(index % 2 === 0 ? 1 : 40)}x/${index}`)),
      count: 5_000,
      entries: () => reader.entries,
    };
  },
  decisions() {
    const decisions = createDecisions(10_000);
    const principals = Array.from({ length: 5_000 }, () => principalFor({ scopes: [] }));
    return {
      // Every tenth token uses all rules, the others use a few.
      add(index) {
        const principal = principals[index] ?? anonymous;
        for (let rule = 0; rule < 10_000; rule += index % 10 === 0 ? 1 : 3_000) decisions.set(principal, rule, 1);
      },
      count: principals.length,
      entries: () => decisions.entries,
    };
  },
  replayCounters() {
    const long = 'l'.repeat(3_000);
    const large = `${long} `.repeat(5);
    const { schema } = createGuardedSchema({
      modules: [{ name: 'one', typeDefs: `type Query { a: Int @public ${long}: Int @public }`, resolvers: {} }],
    });
    const recorder = createRequestRecorder({ schema, hash, shownClaims: [], now: () => start });
    const principals = Array.from({ length: 4 }, (_, at) =>
      makePrincipal({ ...principalFor({ scopes: [`s${at}`] }), clientId: `client ${at}` } as VerifiedPrincipal),
    );
    // A cache keeps this document, with all shapes of its operations.
    const operations = Array.from({ length: 3_000 }, (_, at) => `query K${at} { ...F }`);
    const known = parse(`${operations.join(' ')} fragment F on Query { ${large} }`, { noLocation: true });
    return {
      add(index) {
        // These documents have one shape, and one counter.
        const equal = parse(fresh(`query Equal { a${index}: a ${large} }`), { noLocation: true });
        recorder.check.check({ document: equal, principal: anonymous });
        recorder.check.check({ document: known, principal: anonymous, operationName: `K${index % 3_000}` });
        const size = index % 16 === 0 ? 800 : 5;
        const document = parse(
          fresh(`query Q${index} { ${Array.from({ length: size }, (_, at) => `a${at}: a`).join(' ')} }`),
        );
        recorder.check.check({ document, principal: principals[index % 5] ?? anonymous });
      },
      count: 7_000,
      entries: () => recorder.entries,
    };
  },
  replayCallers() {
    const callers = createCallers(hash, () => false);
    const claims = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`claim ${at}`, 'x'.repeat(200)]));
    /** The cache of tokens keeps principals. */
    const kept: VerifiedPrincipal[] = [];
    return {
      add(index) {
        const own = { ...(index % 2 === 0 && claims), own: String(index) };
        const principal = principalFor({ claims: own }) as VerifiedPrincipal;
        kept.push(principal);
        callers.of(principal, start);
      },
      count: 4_000,
      entries: () => callers.entries,
    };
  },
  replayClaims() {
    const claims = createVariedClaims([]);
    return {
      add: (index) => claims.isHidden([`claim ${index % 300}`], fresh(`${'x'.repeat(250)}${Math.floor(index / 600)}`)),
      count: 60_000,
      entries: () => claims.entries,
    };
  },
  denialSeries() {
    const metrics = createMetrics();
    return {
      add: (index) =>
        metrics.denied({
          mode: 'enforce',
          coordinate: 'Query.secret',
          clientId: fresh(`${'\u0001'.repeat(index % 2 === 0 ? 200 : 20_000)}${index}`),
          code: 'FORBIDDEN',
        }),
      count: 5_000,
      entries: async () => (await metrics.read()).match(/^claimgate_denials_total\{/gm)?.length ?? 0,
    };
  },
  shadowPairs() {
    let lines = 0;
    const counter = createShadowCounter(pino({ level: 'warn' }, { write: () => (lines += 1) }));
    return {
      add: (index) =>
        counter.add({
          coordinate: 'Query.secret',
          rule: 'Query.secret',
          clientId: fresh(`${'x'.repeat(index % 2 === 0 ? 200 : 20_000)}${index}`),
        }),
      count: 5_000,
      entries() {
        counter.flush();
        return lines;
      },
    };
  },
  recentHeaders() {
    let made = 0;
    const headerOf = (index: number) => fresh(`Bearer ${'a'.repeat(1_900)}${index.toString(16).padStart(40, 'b')}`);
    const remembered = rememberRecent((header) => {
      made += 1;
      return header.slice(7);
    });
    const count = 5_000;
    return {
      add: (index) => remembered(headerOf(index)),
      count,
      entries() {
        made = 0;
        for (let index = count - 1; index >= 0; index -= 1) remembered(headerOf(index));
        return count - made;
      },
    };
  },
  memoryReplays() {
    const replays = memoryReplays({ clock: () => start });
    let taken = 0;
    return {
      add: (index) =>
        replays.add(fresh(String(index).padStart(43, 'x')), start + 300_000).then(
          () => (taken += 1),
          () => {},
        ),
      count: 101_000,
      entries: () => taken,
    };
  },
  unknownKeyIds() {
    const unknown = createUnknownKeyIds({ clock: () => start, firstWaitMs: 60_000, maxWaitMs: 600_000 });
    return {
      add: (index) => unknown.missed(fresh(`${'k'.repeat(8_000)}${index}`)),
      count: 3_000,
      entries: () => unknown.size,
    };
  },
  revocations() {
    const revocations = createRevocations({ clock: () => start });
    const kinds = ['grant', 'token', 'session', 'account'] as const;
    return {
      add: (index) =>
        revocations.add([
          {
            kind: kinds[index % 4] ?? 'token',
            issuer: 'https://issuer.example',
            id: fresh(String(index).padStart(43, 'x')),
            issuedUntil: Number.MAX_SAFE_INTEGER,
            expiresAt: start + 86_400_000,
            revokedAt: start + index,
          },
        ]),
      count: caches.revocations.entries + 50_000,
      entries: () => revocations.size,
    };
  },
};

describe('E-9 every cache that lives longer than a request has a bound, and keeps it', () => {
  it('E-9 every row of the table has a bound in entries and in bytes, and describes its content', () => {
    for (const [name, { entries, bytes, holds }] of Object.entries(caches)) {
      assert.ok(Number.isSafeInteger(entries) && entries > 0 && entries <= 1_000_000, name);
      assert.ok(Number.isSafeInteger(bytes) && bytes > 0 && bytes <= 256 * 1024 * 1024, name);
      assert.ok(holds !== '', name);
    }
    for (const [name, why] of Object.entries(fixedStructures)) assert.ok(name !== '' && why !== '');
  });

  for (const [name, flood] of Object.entries(floods)) {
    const bound = caches[name as keyof typeof floods];
    it(`E-9 a flood of ${name} leaves no more than ${bound.entries} entries and ${bound.bytes / 2 ** 20} MiB`, async (test) => {
      const { add, count, entries } = flood();
      const before = await heapUsed();
      for (let index = 0; index < count; index += 1) await add(index);
      const grown = (await heapUsed()) - before;
      const left = await entries();
      test.diagnostic(`${left} entries, ${(grown / 2 ** 20).toFixed(1)} MiB`);
      // Keys without their own entry may share one entry.
      assert.ok(left > 0 && left <= bound.entries + 1, `${left} entries`);
      assert.ok(grown <= bound.bytes + slack, `${grown} bytes`);
    });
  }

  it('E-9 a flood of verified tokens leaves no more than the stated bytes', async (test) => {
    // Tests smaller bounds of the same kind. test/token/cache/size.test.ts tests the default bounds with 100,000
    // tokens.
    const bytes = 4 * 1024 * 1024;
    const { entries, reckoned, grown } = await weigh(8_000, own, { maxBytes: bytes });
    test.diagnostic(`${entries} entries, ${(grown / 2 ** 20).toFixed(1)} MiB`);
    assert.ok(entries < 8_000 && reckoned <= bytes && grown <= bytes + slack / 2, `${grown} bytes`);
  });

  it('E-9 a document of any kind takes no more than the store estimates', async (test) => {
    for (const [kind, textOf] of hostileDocuments.entries()) {
      const flood = createDocumentStore({ maxEntries: 10_000, maxBytes: 2 ** 40 });
      const before = await heapUsed();
      for (let index = 0; index < 25; index += 1) await flood.set(`${index}`, parse(fresh(textOf(index))));
      const grown = (await heapUsed()) - before;
      test.diagnostic(`${kind}: ${(flood.bytes / grown).toFixed(2)}`);
      if (grown > 500_000) assert.ok(grown <= flood.bytes, `${kind}: ${grown} of ${flood.bytes}`);
    }
  });

  it('E-9 a document that was parsed without locations is not stored, because its text is not known', async () => {
    const store = createDocumentStore();
    await store.set('a', parse('{ a }', { noLocation: true }));
    await store.set('b', parse('{ a }'));
    assert.equal(await store.get('a'), undefined);
    assert.ok(await store.get('b'));
    assert.equal(store.entries, 1);
  });

  it('E-9 if a revocation was removed, the tokens that it may concern are refused, and newer ones are not', () => {
    const minute = 60_000;
    const revocations = createRevocations({ clock: () => start, maxEntries: 128 });
    for (let index = 0; index < 129; index += 1) {
      revocations.add([
        {
          kind: 'token',
          issuer: 'https://issuer.example',
          id: `t${index}`,
          issuedUntil: Number.MAX_SAFE_INTEGER,
          expiresAt: start + 1_000 * minute,
          revokedAt: start + index * minute,
        },
      ]);
    }
    assert.equal(revocations.size, 127);
    const isRevoked = (tokenId: string, issuedAt: number) =>
      revocations.isRevoked({
        principal: { issuer: 'https://issuer.example', subject: 'ada' },
        tokenId,
        grantId: null,
        sessionId: null,
        issuedAt: issuedAt / 1_000,
      });
    assert.ok(isRevoked('t0', start), 'forgotten');
    assert.ok(isRevoked('t1', start + minute), 'forgotten');
    assert.ok(isRevoked('t2', start + 90 * minute), 'remembered');
    assert.ok(isRevoked('another', start + 6 * minute), 'what cannot be judged is refused');
    assert.ok(!isRevoked('another', start + 7 * minute));
  });
});
