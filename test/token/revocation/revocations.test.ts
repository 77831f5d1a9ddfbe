import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ClaimgateError } from '../../../src/errors.ts';
import type { Revocation, RevocationFeed } from '../../../src/token/ports.ts';
import { createRevocations } from '../../../src/token/revocation/revocations.ts';

const issuer = 'https://issuer.example';
const start = 1_700_000_000_000;

function revocation(changes: Partial<Revocation> = {}): Revocation {
  return { kind: 'grant', issuer, id: 'g', issuedUntil: start, expiresAt: start + 600_000, ...changes };
}

interface Named {
  readonly issuer: string;
  readonly subject: string;
  readonly tokenId: string;
  readonly grantId: string | null;
  readonly sessionId: string | null;
}

function token(changes: Partial<Named> = {}, issuedAt = start) {
  const claims = { issuer, subject: 'ada', tokenId: 't', grantId: 'g', sessionId: 's', ...changes };
  const { issuer: iss, subject, ...own } = claims;
  return { principal: { issuer: iss, subject }, ...own, issuedAt: issuedAt / 1000 };
}

/** Makes a feed that returns these rows, two at a time, and counts its calls. */
function feedOf(rows: Revocation[] = []) {
  const state = { rows, asked: 0, down: false };
  const feed: RevocationFeed = {
    async since(cursor) {
      state.asked += 1;
      if (state.down) throw new Error('the database is away');
      const from = Number(cursor ?? 0);
      const revocations = state.rows.slice(from, from + 2);
      return { revocations, cursor: String(from + revocations.length) };
    },
  };
  return { state, feed };
}

describe('A-11 a revocation', () => {
  const kinds = { grant: 'g', token: 't', session: 's', account: 'ada' } as const;
  for (const [kind, id] of Object.entries(kinds) as [Revocation['kind'], string][]) {
    it(`concerns every token that names the ${kind}, and no other`, () => {
      const revocations = createRevocations({ clock: () => start });
      revocations.add([revocation({ kind, id })]);
      assert.ok(revocations.isRevoked(token()));
      const others = { subject: 'eve', tokenId: 'u', grantId: 'h', sessionId: 'r' };
      assert.ok(!revocations.isRevoked(token(others)));
      assert.ok(!revocations.isRevoked(token({ issuer: 'https://other.example' })));
      // An identifier in another claim does not match.
      const elsewhere = { subject: id, tokenId: id, grantId: id, sessionId: id };
      const own = { grant: 'grantId', token: 'tokenId', session: 'sessionId', account: 'subject' }[kind];
      assert.ok(!revocations.isRevoked(token({ ...elsewhere, [own]: 'another' })));
    });
  }

  it('concerns tokens issued until its time, including the same second', () => {
    const revocations = createRevocations({ clock: () => start });
    revocations.add([revocation({ kind: 'account', id: 'ada', issuedUntil: start + 400 })]);
    assert.ok(revocations.isRevoked(token({}, start - 1000)));
    assert.ok(revocations.isRevoked(token({}, start)));
    assert.ok(!revocations.isRevoked(token({}, start + 1000)));
  });

  it('keeps its range when it is repeated with an earlier time', () => {
    const revocations = createRevocations({ clock: () => start });
    revocations.add([revocation({ issuedUntil: start + 5000 }), revocation({ issuedUntil: start - 5000 })]);
    assert.ok(revocations.isRevoked(token({}, start + 5000)));
  });

  it('a token without grant and session is found by its account and itself', () => {
    const revocations = createRevocations({ clock: () => start });
    revocations.add([revocation({ id: 'null' }), revocation({ kind: 'session', id: 'null' })]);
    assert.ok(!revocations.isRevoked(token({ grantId: null, sessionId: null })));
  });
});

describe('A-11 the feed of revocations', () => {
  it('is read to its end, and then only new revocations are read', async () => {
    const { state, feed } = feedOf(['a', 'b', 'c', 'd', 'e'].map((id) => revocation({ id })));
    const revocations = createRevocations({ feed, clock: () => start });
    await revocations.refresh();
    assert.equal(revocations.size, 5);
    const asked = state.asked;
    await revocations.refresh();
    assert.equal(state.asked, asked + 1);
    state.rows.push(revocation({ id: 'g' }));
    assert.ok(!revocations.isRevoked(token()));
    await revocations.refresh();
    assert.ok(revocations.isRevoked(token()));
  });

  it('is read once for all parallel callers', async () => {
    const { state, feed } = feedOf();
    const revocations = createRevocations({ feed, clock: () => start });
    await Promise.all([revocations.refresh(), revocations.refresh(), revocations.refresh()]);
    assert.equal(state.asked, 1);
  });

  it('fails closed before it was read and when it fails for longer than the limit, and recovers', async () => {
    const { state, feed } = feedOf();
    let time = start;
    const revocations = createRevocations({ feed, clock: () => time, staleAfterSeconds: 30 });
    const unavailable = (error: unknown) => error instanceof ClaimgateError && error.code === 'REVOCATIONS_UNAVAILABLE';
    assert.throws(() => revocations.isRevoked(token()), unavailable);
    await revocations.refresh();
    state.down = true;
    time += 30_000;
    await assert.rejects(revocations.refresh());
    assert.ok(!revocations.isRevoked(token()));
    time += 1;
    assert.throws(() => revocations.isRevoked(token()), unavailable);
    state.down = false;
    await revocations.refresh();
    assert.ok(!revocations.isRevoked(token()));
  });

  it('that hangs is aborted and read again, so that it recovers without a restart', async () => {
    let time = start;
    let asked = 0;
    const feed: RevocationFeed = {
      since: () => {
        asked += 1;
        return asked === 1 ? new Promise(() => {}) : Promise.resolve({ revocations: [], cursor: '0' });
      },
    };
    const revocations = createRevocations({ feed, clock: () => time });
    void revocations.refresh();
    time += 10_000;
    await revocations.refresh();
    assert.equal(asked, 2);
    assert.ok(!revocations.isRevoked(token()));
  });

  it('ages also if the clock was set back', async () => {
    const { state, feed } = feedOf();
    let time = start;
    const revocations = createRevocations({ feed, clock: () => time });
    await revocations.refresh();
    state.down = true;
    time -= 3_600_000;
    assert.ok(!revocations.isRevoked(token()));
    time += 30_001;
    assert.throws(() => revocations.isRevoked(token()));
  });
});

it('A-11 expired revocations are removed: of 100,000 an hour for three hours, those of one lifetime remain', async () => {
  let time = start;
  const revocations = createRevocations({ clock: () => time });
  let most = 0;
  for (let minute = 0; minute < 180; minute += 1) {
    time += 60_000;
    const ids = Array.from({ length: 1_667 }, (_, index) => `${minute}-${index}`);
    revocations.add(ids.map((id) => revocation({ id, expiresAt: time + 600_000 })));
    await revocations.refresh();
    most = Math.max(most, revocations.size);
  }
  assert.ok(most <= 1_667 * 11, `${most} were kept`);
});
