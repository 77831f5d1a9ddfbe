import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import { dose } from '../../support/dose.ts';
import { own, type PayloadOf, plain, weigh } from '../../bench/memory.ts';

/** Enough tokens that other growth of the heap is small in comparison. */
const count = dose('token/cache/size.test.ts');

/**
 * Measures the cache, up to three times while the ratio is out of bounds. The process may allocate or free other memory
 * during a measurement.
 * @returns estimated bytes for each byte of heap growth
 */
async function ratioOf(t: TestContext, payload: PayloadOf, most = Infinity): Promise<number> {
  let ratio = 0;
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    ratio = await ratioOnce(t, payload);
    if (ratio >= 1 && ratio <= most) break;
  }
  return ratio;
}

async function ratioOnce(t: TestContext, payload: PayloadOf): Promise<number> {
  const { entries, reckoned, grown } = await weigh(count, payload, { maxEntries: Infinity, maxBytes: Infinity });
  assert.equal(entries, count);
  const each = (bytes: number) => (bytes / count).toFixed(0);
  t.diagnostic(`${each(grown)} bytes each, reckoned at ${each(reckoned)}: ${(reckoned / grown).toFixed(2)}`);
  return reckoned / grown;
}

const roles = (count: number) => Array.from({ length: count }, (_, index) => `a role of somebody, number ${index}`);

const members = (count: number, nameOf: (member: number) => string) =>
  Object.fromEntries(Array.from({ length: count }, (_, member) => [nameOf(member), member]));

describe('the estimated size of a token is at least its real size, and at most a quarter more', () => {
  const ordinary: Readonly<Record<string, PayloadOf>> = {
    'of few claims': plain,
    'of our own': own,
    'of Keycloak': (index) => ({
      ...own(index),
      typ: 'Bearer',
      azp: 'a-client',
      realm_access: { roles: roles(6) },
      resource_access: { account: { roles: roles(3) } },
      preferred_username: `somebody-${index}`,
      email: `somebody-${index}@example.com`,
      email_verified: true,
    }),
    'of claims that only its issuer has': (index) => ({
      ...plain(index),
      ...members(20, (at) => `https://example.com/claims/number-${at}`),
      'https://example.com/settings': members(20, (at) => `setting-${at}`),
    }),
    'with many scopes': (index) => ({
      ...plain(index),
      scope: roles(40).join('.').replaceAll(' ', ':').replaceAll('.', ' '),
    }),
    'with a long text': (index) => ({ ...plain(index), name: 'x'.repeat(2_000) }),
    'with a long text in Greek': (index) => ({ ...plain(index), name: 'ξ'.repeat(2_000) }),
  };
  for (const [name, payload] of Object.entries(ordinary)) {
    it(`a token ${name}`, async (t) => {
      const ratio = await ratioOf(t, payload, 1.25);
      assert.ok(ratio >= 1 && ratio <= 1.25, String(ratio));
    });
  }
});

describe('the estimated size of a token is at least its real size, for any content', () => {
  const strange: Readonly<Record<string, PayloadOf>> = {
    'claims of names that no other has': (index) => ({
      ...plain(index),
      ...members(20, (at) => `claim-${index}-${at}`),
    }),
    'claims in an order of their own': (index) => {
      const claims = Object.entries(own(index));
      return Object.fromEntries(claims.toSorted(([a], [b]) => (hashOf(a, index) < hashOf(b, index) ? -1 : 1)));
    },
    'a hundred claims': (index) => ({ ...plain(index), ...members(100, (at) => `claim-${at}`) }),
    'numbers as names, close together': (index) => ({ ...plain(index), groups: members(40, (at) => String(at * 10)) }),
    'numbers as names, far apart': (index) => ({ ...plain(index), groups: members(40, (at) => String(at * 50)) }),
    'small objects': (index) => ({ ...plain(index), groups: Array.from({ length: 50 }, () => ({ a: 1 })) }),
    'one number as a name, far out': (index) => ({ ...plain(index), groups: { 1000: true } }),
    'one number as a name, farther out': (index) => ({ ...plain(index), groups: { [4_000_000 + index]: true } }),
    'empty objects': (index) => ({ ...plain(index), groups: Array.from({ length: 50 }, () => ({})) }),
    'empty arrays': (index) => ({ ...plain(index), groups: Array.from({ length: 50 }, () => []) }),
    'deep objects': (index) => ({ ...plain(index), groups: JSON.parse('{"a":'.repeat(30) + '1' + '}'.repeat(30)) }),
    'big numbers': (index) => ({ ...plain(index), groups: Array.from({ length: 50 }, (_, at) => 2 ** 40 + at) }),
    'numbers with fractions': (index) => ({ ...plain(index), groups: members(20, (at) => `f${at}`), iat: 1.5 }),
  };
  for (const [name, payload] of Object.entries(strange)) {
    it(name, async (t) => {
      assert.ok((await ratioOf(t, payload)) >= 1);
    });
  }
});

/** Returns a text that depends on both arguments. */
function hashOf(text: string, seed: number): string {
  return hash('sha256', `${seed} ${text}`);
}

it('100,000 of our own tokens are cached within the default bounds, and take no more than estimated', async (t) => {
  const { entries, reckoned, grown } = await weigh(99_500, own, {});
  t.diagnostic(`${(grown / 2 ** 20).toFixed(1)} MiB, reckoned at ${(reckoned / 2 ** 20).toFixed(1)} MiB`);
  assert.equal(entries, 99_500);
  assert.ok(grown <= reckoned && reckoned <= 128 * 2 ** 20);
});
