import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Connection } from '../../../src/exchange/connections/connection.ts';
import { purposeOfHandle } from '../../../src/exchange/connections/grants.ts';
import {
  type Connections,
  type ConnectionsOptions,
  createConnections,
} from '../../../src/exchange/connections/connections.ts';
import type { ExchangeFailure } from '../../../src/exchange/failure.ts';
import { idTokenAlgorithms } from '../../../src/exchange/connections/id-token.ts';
import type { TokenSet } from '../../../src/exchange/token-set.ts';
import {
  type HandleChanging,
  storedConnectionGrants,
  storedTransactions,
  sweepConnections,
} from '../../../src/store/connections/connections.ts';
import { resealConnectionGrants } from '../../../src/store/connections/reseal.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { createSealer } from '../../../src/store/connections/sealing.ts';
import type { Store } from '../../../src/store/tables.ts';
import { inTransaction } from '../../../src/store/transaction.ts';
import { onEachDatabase, type TestDatabase } from '../../support/databases.ts';
import { freePort } from '../../support/process.ts';
import { comeBack, type Fault, type RunningStranger, startStranger, strangerSecret } from '../../support/stranger.ts';

const redirectUri = 'https://app.example/callback';
const second = 1000;
const day = 24 * 60 * 60 * second;

let stranger: RunningStranger;
/** An issuer that sends no `iss`, and says so in its metadata. */
let silent: RunningStranger;

before(async () => {
  const redirectUris = [redirectUri, 'https://app.example/silent'];
  [stranger, silent] = await Promise.all([
    startStranger({ redirectUris }),
    startStranger({ redirectUris, sendsIss: false }),
  ]);
});
after(async () => {
  await Promise.all([stranger.stop(), silent.stop()]);
});

/** Makes a connection to the test issuer. The client ID selects how the client authenticates. */
function connection(changes: Partial<Connection> = {}): Connection {
  const clientId = changes.clientId ?? 'RS256-basic';
  return {
    name: 'stranger',
    issuer: stranger.issuer,
    clientId,
    clientSecret: strangerSecret,
    tokenEndpointAuthMethod: clientId.endsWith('post') ? 'client_secret_post' : 'client_secret_basic',
    redirectUris: [redirectUri],
    scopes: ['openid', 'email'],
    idTokenAlgorithms,
    authorizationParameters: {},
    ...changes,
  };
}

interface World {
  readonly connections: Connections;
  readonly failures: ExchangeFailure[];
  /** Ended connection grants: the connection's name, and the reason. */
  readonly ended: string[];
  readonly clock: { ahead: number };
}

onEachDatabase((kind) => {
  let database: TestDatabase;
  let store: Store;
  const key = randomBytes(32);

  before(async () => {
    database = await kind.create();
    store = await openDatabase(database.url);
  });
  after(async () => {
    await store.destroy();
    await database.drop();
  });

  /** Opens the exchange of one server. Several exchanges on one database act like several servers. */
  function open(changes: Partial<ConnectionsOptions> = {}): World {
    const failures: ExchangeFailure[] = [];
    const ended: string[] = [];
    const clock = { ahead: 0 };
    const changing: HandleChanging = async (kind, change, connectionOf) => {
      const changed = await inTransaction(store, change);
      const name = connectionOf(changed);
      if (name !== null && kind !== 'added' && kind !== 'rotated') ended.push(`${name} ${kind}`);
      return changed;
    };
    const connections = createConnections({
      connections: [connection()],
      transactions: storedTransactions(store),
      grants: storedConnectionGrants(store, changing),
      seal: createSealer([key]),
      fetch,
      timeoutSeconds: 1,
      handleLifetimeMs: 14 * day,
      now: () => Date.now() + clock.ahead,
      onFailure: (failure) => failures.push(failure),
      ...changes,
    });
    return { connections, failures, ended, clock };
  }

  /** Gives the issuer a fault until the end of the test. */
  async function withFault(t: TestContext, fault: Fault): Promise<void> {
    await stranger.break(fault);
    t.after(() => stranger.break('none'));
  }

  async function begin({ connections }: Pick<World, 'connections'>, name = 'stranger', uri = redirectUri) {
    const result = await connections.begin({ connection: name, redirectUri: uri, scope: null });
    assert.ok(result.ok, JSON.stringify(result));
    return result.begun;
  }

  /**
   * Begins an authorization, signs in, and returns.
   * @returns what the client sends next
   */
  async function prepare(world: Pick<World, 'connections'>, name = 'stranger', uri = redirectUri) {
    const { authorizationUrl, transaction } = await begin(world, name, uri);
    const { code, state, iss = null } = await comeBack(authorizationUrl);
    return { connection: name, transaction, code, state, iss };
  }

  async function signIn(world: Pick<World, 'connections'>): Promise<TokenSet & { refreshToken: string }> {
    const result = await world.connections.exchange(await prepare(world));
    assert.ok(result.ok && result.tokens.refreshToken !== null, JSON.stringify(result));
    return { ...result.tokens, refreshToken: result.tokens.refreshToken };
  }

  const refresh = ({ connections }: Pick<World, 'connections'>, refreshToken: string) =>
    connections.refresh({ connection: 'stranger', refreshToken, scope: null });

  async function tokenCalls(of = stranger): Promise<number> {
    return (await of.calls())['/token'] ?? 0;
  }

  describe('begin', () => {
    it('returns the URL of the authorization endpoint, with a new state, nonce and challenge each time', async () => {
      const world = open({
        connections: [connection({ authorizationParameters: { prompt: 'consent' }, resource: 'https://api.example/' })],
      });
      const [one, two] = [await begin(world), await begin(world)];
      const { origin, pathname, searchParams } = new URL(one.authorizationUrl);
      assert.equal(origin + pathname, `${stranger.issuer}/auth`);
      const { state, nonce, code_challenge: challenge, ...rest } = Object.fromEntries(searchParams);
      assert.deepEqual(rest, {
        client_id: 'RS256-basic',
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: 'openid email',
        code_challenge_method: 'S256',
        prompt: 'consent',
        resource: 'https://api.example/',
      });
      for (const secret of [state, nonce, challenge, one.transaction]) {
        assert.match(secret ?? '', /^[\w-]{43}$/);
        assert.ok(!two.authorizationUrl.includes(secret ?? ''));
      }
      assert.equal(one.expiresIn, 600);
      assert.ok(!one.authorizationUrl.includes(one.transaction));
    });

    it('stores neither the handle nor any value of the URL', async () => {
      const { transaction, authorizationUrl } = await begin(open());
      const stored = JSON.stringify(await store.selectFrom('authorization_transactions').selectAll().execute());
      const { searchParams } = new URL(authorizationUrl);
      for (const secret of [transaction, searchParams.get('state'), searchParams.get('nonce')]) {
        assert.ok(!stored.includes(secret ?? ''));
      }
    });

    it('refuses an unknown connection, a redirect URI that is not exactly a configured one, and more scopes', async () => {
      const { connections } = open();
      const cases: [Parameters<Connections['begin']>[0], string][] = [
        [{ connection: 'another', redirectUri, scope: null }, 'invalid_request'],
        [{ connection: stranger.issuer, redirectUri, scope: null }, 'invalid_request'],
        [{ connection: 'stranger', redirectUri: `${redirectUri}/`, scope: null }, 'invalid_request'],
        [{ connection: 'stranger', redirectUri: `${redirectUri}?a=b`, scope: null }, 'invalid_request'],
        [{ connection: 'stranger', redirectUri: 'https://evil.example/', scope: null }, 'invalid_request'],
        [{ connection: 'stranger', redirectUri, scope: ['openid', 'offline_access'] }, 'invalid_scope'],
        [{ connection: 'stranger', redirectUri, scope: ['email prompt'] }, 'invalid_scope'],
      ];
      for (const [request, code] of cases) {
        const result = await connections.begin(request);
        assert.equal(result.ok ? 'ok' : result.error.error, code, JSON.stringify(request));
      }
    });

    it('always requests openid, also if the caller names other scopes', async () => {
      const result = await open().connections.begin({ connection: 'stranger', redirectUri, scope: ['email'] });
      assert.equal(result.ok && new URL(result.begun.authorizationUrl).searchParams.get('scope'), 'openid email');
    });

    it('RFC 9207: a connection without iss needs a redirect URI that no other connection has', async () => {
      const names = ['stranger', 'silent'] as const;
      const [one, two] = names.map((name) => connection({ name, ...(name === 'silent' && { issuer: silent.issuer }) }));
      assert.ok(one && two);
      const shared = open({ connections: [one, two] });
      const result = await shared.connections.begin({ connection: 'silent', redirectUri, scope: null });
      assert.equal(result.ok ? 'ok' : result.error.error, 'invalid_request');
      assert.ok((await shared.connections.begin({ connection: 'stranger', redirectUri, scope: null })).ok);

      const own = open({ connections: [one, { ...two, redirectUris: ['https://app.example/silent'] }] });
      const response = await prepare(own, 'silent', 'https://app.example/silent');
      assert.equal(response.iss, null);
      assert.ok((await own.connections.exchange(response)).ok);
    });

    for (const fault of [
      'metadata of another issuer',
      'token endpoint on loopback elsewhere',
      'hanging metadata',
    ] as const) {
      it(`C-12 ${fault}: refused in bounded time, and works again afterwards`, async (t) => {
        await withFault(t, fault);
        const { connections, failures, clock } = open();
        const request = { connection: 'stranger', redirectUri, scope: null };
        const started = Date.now();
        const result = await connections.begin(request);
        assert.equal(result.ok ? 'ok' : result.error.error, 'temporarily_unavailable');
        assert.ok(Date.now() - started < 3 * second);
        assert.equal(failures.length, 1);
        await stranger.break('none');
        clock.ahead = 6 * second;
        assert.ok((await connections.begin(request)).ok);
      });
    }
  });

  describe('exchange', () => {
    for (const clientId of ['RS256-basic', 'RS256-post', 'PS256-basic', 'PS256-post', 'EdDSA-basic', 'EdDSA-post']) {
      it(`trades the code for tokens, as the client ${clientId}`, async () => {
        const world = open({ connections: [connection({ clientId })] });
        const result = await world.connections.exchange(await prepare(world));
        assert.ok(result.ok, JSON.stringify([result, world.failures]));
        assert.equal(result.tokens.tokenType, 'Bearer');
        assert.deepEqual(result.tokens.scope, ['openid', 'email']);
        assert.ok(result.tokens.idToken);
        assert.ok(!result.tokens.accessToken.includes('.'), 'opaque: this issuer knows nothing of RFC 9068');
      });
    }

    it('C-1 one of 50 parallel requests over two servers gets tokens, and the code is sent once', async () => {
      const servers = [open(), open()];
      const response = await prepare(open());
      // Each server fetches the metadata now, so that no server fetches it during the race.
      await Promise.all(servers.map((server) => begin(server)));
      const calls = await tokenCalls();
      const results = await Promise.all(
        Array.from({ length: 50 }, (_, index) => servers[index % 2]!.connections.exchange(response)),
      );
      assert.equal(results.filter(({ ok }) => ok).length, 1);
      assert.deepEqual(
        new Set(results.flatMap((result) => (result.ok ? [] : [result.error.error]))),
        new Set(['invalid_grant']),
      );
      assert.equal((await tokenCalls()) - calls, 1);
    });

    const wrong: [string, (response: { state: string; iss: string | null }) => object][] = [
      ['state', () => ({ state: 'A'.repeat(43) })],
      ['state, by one character', ({ state }) => ({ state: (state.startsWith('A') ? 'B' : 'A') + state.slice(1) })],
      ['iss', () => ({ iss: 'https://other.example' })],
      ['iss, by a slash', ({ iss }) => ({ iss: `${iss}/` })],
      ['iss: none', () => ({ iss: null })],
    ];
    for (const [what, change] of wrong) {
      it(`C-7 a wrong ${what} ends the exchange before the token endpoint is called`, async () => {
        const world = open();
        const response = await prepare(world);
        const calls = await tokenCalls();
        for (const attempt of [{ ...response, ...change(response) }, response]) {
          const result = await world.connections.exchange(attempt);
          assert.equal(result.ok ? 'ok' : result.error.error, 'invalid_grant');
        }
        assert.equal(await tokenCalls(), calls);
      });
    }

    it('a wrong iss is refused also if the metadata does not announce iss', async () => {
      const world = open({ connections: [connection({ issuer: silent.issuer })] });
      const result = await world.connections.exchange({ ...(await prepare(world)), iss: stranger.issuer });
      assert.equal(result.ok ? 'ok' : result.error.error, 'invalid_grant');
    });

    it('a transaction works for its connection only, and another connection cannot end it', async () => {
      const world = open({
        connections: [connection(), connection({ name: 'other', redirectUris: ['https://app.example/silent'] })],
      });
      const response = await prepare(world);
      const foreign = await world.connections.exchange({ ...response, connection: 'other' });
      assert.equal(foreign.ok ? 'ok' : foreign.error.error, 'invalid_grant');
      assert.ok((await world.connections.exchange(response)).ok);
    });

    it('a code of another sign-in is refused, because it has another verifier', async () => {
      const world = open();
      const [mine, stolen] = [await prepare(world), await prepare(world)];
      const result = await world.connections.exchange({ ...mine, code: stolen.code });
      assert.equal(result.ok ? 'ok' : result.error.error, 'invalid_grant');
    });

    it('a transaction is valid for ten minutes', async () => {
      const world = open();
      const response = await prepare(world);
      world.clock.ahead = 601 * second;
      const result = await world.connections.exchange(response);
      assert.equal(result.ok ? 'ok' : result.error.error, 'invalid_grant');
    });

    const forgeries: readonly Fault[] = [
      'another nonce',
      'no nonce',
      'another iss',
      'another aud',
      'another azp',
      'more audiences',
      'expired',
      'issued in the future',
      'another at_hash',
      'alg none',
      'signed with the client secret',
      'signed with an unpublished key',
      'typ of an access token',
      'no ID token',
    ];
    for (const fault of forgeries) {
      it(`C-7 an invalid ID token is refused, and no token is passed on: ${fault}`, async (t) => {
        const world = open();
        const response = await prepare(world);
        await withFault(t, fault);
        const result = await world.connections.exchange(response);
        assert.equal(result.ok ? 'ok' : result.error.error, fault.endsWith('nonce') ? 'invalid_grant' : 'server_error');
        assert.equal(world.failures.length, 1, JSON.stringify(world.failures));
      });
    }

    it('keys are fetched again for a key that is newer than the known ones', async () => {
      const lagging = withoutKeys(1);
      const world = open({ fetch: lagging });
      const response = await prepare(world);
      world.clock.ahead = 6 * second;
      const result = await world.connections.exchange(response);
      assert.ok(result.ok, JSON.stringify([result, world.failures]));
    });

    it('an algorithm that the connection does not list is refused', async () => {
      const world = open({ connections: [connection({ idTokenAlgorithms: ['ES256', 'PS256'] })] });
      const result = await world.connections.exchange(await prepare(world));
      assert.equal(result.ok ? 'ok' : result.error.error, 'server_error');
    });

    it('a wrong client secret is the fault of this server: the caller gets server_error, and the log has the reason', async () => {
      const world = open({ connections: [connection({ clientSecret: 'wrong' })] });
      const result = await world.connections.exchange(await prepare(world));
      assert.equal(result.ok ? 'ok' : result.error.error, 'server_error');
      assert.deepEqual(world.failures, [{ issuer: stranger.issuer, error: 'server_error', reason: 'invalid_client' }]);
    });

    for (const fault of ['status 500 that repeats the request', 'invalid_grant that repeats the request'] as const) {
      it(`C-8, C-11 only the code of the issuer's error is passed on and logged: ${fault}`, async (t) => {
        const world = open();
        const response = await prepare(world);
        await withFault(t, fault);
        const result = await world.connections.exchange(response);
        assert.equal(
          result.ok ? 'ok' : result.error.error,
          fault.startsWith('invalid') ? 'invalid_grant' : 'server_error',
        );
        const reported = JSON.stringify([result, world.failures]);
        const basic = Buffer.from(`RS256-basic:${strangerSecret}`).toString('base64');
        for (const secret of [response.code, strangerSecret, encodeURIComponent(strangerSecret), basic]) {
          assert.ok(!reported.includes(secret), reported);
        }
      });
    }

    it('C-12 the issuer is down: nothing is sent, and transaction and code are still valid afterwards', async () => {
      const away = await startStranger();
      const world = open({ connections: [connection({ issuer: away.issuer })] });
      try {
        const response = await prepare(world);
        const fetch = refusing(away.port, await freePort());
        const cut = open({ connections: [connection({ issuer: away.issuer })], fetch });
        const unsent = await cut.connections.exchange(response);
        assert.equal(unsent.ok ? 'ok' : unsent.error.error, 'temporarily_unavailable');
        assert.equal((await away.calls())['/token'], undefined);
        assert.ok((await world.connections.exchange(response)).ok);
      } finally {
        await away.stop();
      }
    });

    it('C-12 the token endpoint hangs: an error in bounded time, and the code is not sent again', async (t) => {
      const world = open();
      const response = await prepare(world);
      await withFault(t, 'hanging token endpoint');
      const calls = await tokenCalls();
      const started = Date.now();
      const result = await world.connections.exchange(response);
      assert.equal(result.ok ? 'ok' : result.error.error, 'temporarily_unavailable');
      assert.ok(Date.now() - started < 3 * second);
      await stranger.break('none');
      const again = await world.connections.exchange(response);
      assert.equal(again.ok ? 'ok' : again.error.error, 'invalid_grant');
      assert.equal((await tokenCalls()) - calls, 1);
    });
  });

  describe('refresh handles', () => {
    it('C-17 a foreign refresh token stays in the server, encrypted: the caller gets a handle, which the issuer does not know', async () => {
      const { refreshToken: handle } = await signIn(open());
      const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: handle });
      const authorization = `Basic ${Buffer.from(`RS256-basic:${encodeURIComponent(strangerSecret)}`).toString('base64')}`;
      const there = await fetch(`${stranger.issuer}/token`, { method: 'POST', body, headers: { authorization } });
      assert.equal(there.status, 400);
      const rows = await store.selectFrom('connection_grants').selectAll().execute();
      assert.ok(rows.every(({ sealed }) => sealed === null || sealed.startsWith('sealed:')));
      assert.ok(!JSON.stringify(rows).includes(handle));
    });

    it('C-17 without a key no caller gets a handle, and nothing is stored', async () => {
      const transactions = storedTransactions(store);
      const world = {
        connections: createConnections({ ...bare(), transactions, grants: storedConnectionGrants(store) }),
      };
      const count = async () => (await store.selectFrom('connection_grants').select('id_hash').execute()).length;
      const before = await count();
      const result = await world.connections.exchange(await prepare(world));
      assert.ok(result.ok);
      assert.equal(result.tokens.refreshToken, null);
      assert.equal(await count(), before);
    });

    it('returns new tokens and a new handle each time', async () => {
      const world = open();
      let { refreshToken: handle, accessToken } = await signIn(world);
      for (let round = 0; round < 3; round++) {
        const result = await refresh(world, handle);
        assert.ok(result.ok && result.tokens.refreshToken, JSON.stringify([result, world.failures]));
        assert.notEqual(result.tokens.accessToken, accessToken);
        assert.notEqual(result.tokens.refreshToken, handle);
        ({ accessToken, refreshToken: handle } = { ...result.tokens, refreshToken: result.tokens.refreshToken });
      }
    });

    it('C-1 one of 50 parallel uses over two servers gets tokens, and these can be renewed', async () => {
      const servers = [open(), open()];
      const { refreshToken: handle } = await signIn(servers[0]!);
      await begin(servers[1]!);
      const calls = await tokenCalls();
      const results = await Promise.all(Array.from({ length: 50 }, (_, index) => refresh(servers[index % 2]!, handle)));
      const [winner, ...others] = results.filter((result) => result.ok);
      assert.ok(winner?.tokens.refreshToken);
      assert.deepEqual(others, []);
      assert.equal((await tokenCalls()) - calls, 1);
      assert.ok((await refresh(servers[1]!, winner.tokens.refreshToken)).ok);
    });

    it('C-6 a second use within ten seconds is only refused; a later one ends the family, also at the issuer', async () => {
      const world = open();
      const { refreshToken: first } = await signIn(world);
      const renewed = await refresh(world, first);
      assert.ok(renewed.ok && renewed.tokens.refreshToken);
      const early = await refresh(world, first);
      assert.equal(early.ok ? 'ok' : early.error.error, 'invalid_grant');
      const next = await refresh(world, renewed.tokens.refreshToken);
      assert.ok(next.ok && next.tokens.refreshToken);
      const live = await stranger.liveRefreshTokens();

      world.clock.ahead = 11 * second;
      const late = await refresh(world, first);
      assert.equal(late.ok ? 'ok' : late.error.error, 'invalid_grant');
      const ended = await refresh(world, next.tokens.refreshToken);
      assert.equal(ended.ok ? 'ok' : ended.error.error, 'invalid_grant');
      assert.ok((await stranger.liveRefreshTokens()) < live);
      assert.deepEqual(world.ended, ['stranger reused']);
    });

    it('C-6 refresh cannot widen the scope', async () => {
      const world = open();
      const { refreshToken } = await signIn(world);
      const request = { connection: 'stranger', refreshToken };
      const wider = await world.connections.refresh({ ...request, scope: ['openid', 'offline_access'] });
      assert.equal(wider.ok ? 'ok' : wider.error.error, 'invalid_scope');
      const narrower = await world.connections.refresh({ ...request, scope: ['openid'] });
      assert.deepEqual(narrower.ok && narrower.tokens.scope, ['openid']);
    });

    it('C-6 a refresh requests only configured scopes, even if the issuer would grant more', async () => {
      const world = open();
      const { refreshToken } = await signIn(world);
      const calls = await tokenCalls();
      for (const scope of [['offline_access'], ['openid', 'email', 'profile'], ['EMAIL']]) {
        const wider = await world.connections.refresh({ connection: 'stranger', refreshToken, scope });
        assert.equal(wider.ok ? 'ok' : wider.error.error, 'invalid_scope');
      }
      assert.equal(await tokenCalls(), calls);
      assert.ok((await refresh(world, refreshToken)).ok);
    });

    for (const fault of ['status 503', 'hanging token endpoint'] as const) {
      it(`C-12 the issuer does not answer (${fault}): the handle stays valid`, async (t) => {
        const world = open();
        const { refreshToken } = await signIn(world);
        await withFault(t, fault);
        const failed = await refresh(world, refreshToken);
        assert.equal(failed.ok ? 'ok' : failed.error.error, 'temporarily_unavailable');
        await stranger.break('none');
        assert.ok((await refresh(world, refreshToken)).ok);
      });
    }

    it('a process that claimed a handle and died blocks it for at most 30 s', async () => {
      const world = open();
      const { refreshToken } = await signIn(world);
      const id = createHash('sha256').update(refreshToken).digest('base64url');
      const claim = await storedConnectionGrants(store).claim(id, 'stranger', Date.now(), Date.now() + 30 * second);
      assert.equal(claim.is, 'claimed');
      const busy = await refresh(world, refreshToken);
      assert.equal(busy.ok ? 'ok' : busy.error.error, 'temporarily_unavailable');
      world.clock.ahead = 31 * second;
      const result = await refresh(world, refreshToken);
      assert.ok(result.ok, JSON.stringify([result, world.failures]));
    });

    it('after a change of the encryption key, values of the old key are encrypted again and work; values of a lost key do not', async () => {
      const [first, second, lost] = [randomBytes(32), key, randomBytes(32)];
      const kept = await signIn(open({ seal: createSealer([first]) }));
      const gone = await signIn(open({ seal: createSealer([lost]) }));
      const both = createSealer([second, first]);
      assert.equal(await resealConnectionGrants(store, both, purposeOfHandle), 1);
      assert.equal(await resealConnectionGrants(store, both, purposeOfHandle), 0);
      const world = open({ seal: createSealer([second]) });
      assert.ok((await refresh(world, kept.refreshToken)).ok, JSON.stringify(world.failures));
      assert.equal((await refresh(world, gone.refreshToken)).ok, false);
    });

    it('if no key for its ID token is available, the new refresh token is stored and the handle stays valid', async () => {
      const { refreshToken } = await signIn(open());
      const failed = await refresh(open({ fetch: withoutKeys(Number.POSITIVE_INFINITY) }), refreshToken);
      assert.equal(failed.ok ? 'ok' : failed.error.error, 'server_error');
      assert.ok((await refresh(open(), refreshToken)).ok);
    });

    it('an ID token of another person ends the family', async (t) => {
      const world = open();
      const { refreshToken } = await signIn(world);
      await withFault(t, 'another sub');
      assert.equal((await refresh(world, refreshToken)).ok, false);
      await stranger.break('none');
      const after = await refresh(world, refreshToken);
      assert.equal(after.ok ? 'ok' : after.error.error, 'invalid_grant');
    });

    it('C-17 a text that is not a handle of this connection is refused: a foreign token, another connection, a transaction', async () => {
      const world = open({
        connections: [connection(), connection({ name: 'other', redirectUris: ['https://app.example/silent'] })],
      });
      const { refreshToken, accessToken } = await signIn(world);
      const { transaction } = await begin(world);
      const calls = await tokenCalls();
      const attempts: [string, string][] = [
        ['stranger', accessToken],
        ['stranger', transaction],
        ['stranger', ''],
        ['stranger', 'a'.repeat(20_000)],
        ['other', refreshToken],
      ];
      for (const [name, token] of attempts) {
        const result = await world.connections.refresh({ connection: name, refreshToken: token, scope: null });
        assert.equal(result.ok ? 'ok' : result.error.error, 'invalid_grant');
        assert.equal(await world.connections.revoke({ connection: name, token }), null);
      }
      assert.equal(await tokenCalls(), calls);
      assert.ok((await refresh(world, refreshToken)).ok, 'none of this touched it');
    });

    it('without the key that encrypted it, a handle gives server_error, which is logged', async () => {
      const { refreshToken } = await signIn(open());
      const world = open({ seal: createSealer([randomBytes(32)]) });
      const result = await refresh(world, refreshToken);
      assert.equal(result.ok ? 'ok' : result.error.error, 'server_error');
      assert.deepEqual(
        world.failures.map(({ reason }) => reason),
        ['handle-not-opened'],
      );
      assert.ok((await refresh(open(), refreshToken)).ok);
    });
  });

  describe('revoke', () => {
    it('ends the handle here and the refresh token at the issuer; a second time changes nothing', async () => {
      const world = open();
      const { refreshToken: token } = await signIn(world);
      const live = await stranger.liveRefreshTokens();
      for (let round = 0; round < 2; round++) {
        assert.equal(await world.connections.revoke({ connection: 'stranger', token }), null);
      }
      assert.ok((await stranger.liveRefreshTokens()) < live);
      const result = await refresh(world, token);
      assert.equal(result.ok ? 'ok' : result.error.error, 'invalid_grant');
    });

    it('F-5 an unknown or ended handle adds no audit event: each end is reported once', async () => {
      const world = open();
      const { refreshToken: token } = await signIn(world);
      const stranger = { connection: 'stranger' };
      for (let round = 0; round < 20; round++) {
        const unknown = randomBytes(32).toString('base64url');
        assert.equal(await world.connections.revoke({ ...stranger, token: unknown }), null);
      }
      assert.deepEqual(world.ended, []);
      const asked = Array.from({ length: 5 }, () => world.connections.revoke({ ...stranger, token }));
      assert.deepEqual(await Promise.all(asked), [null, null, null, null, null]);
      await world.connections.revoke({ ...stranger, token });
      assert.deepEqual(world.ended, ['stranger revoked']);
    });

    it('ends the handle while the issuer is not available', async () => {
      const { refreshToken: token } = await signIn(open());
      const world = open({ fetch: () => Promise.reject(new TypeError('fetch failed')) });
      assert.equal(await world.connections.revoke({ connection: 'stranger', token }), null);
      const result = await refresh(open(), token);
      assert.equal(result.ok ? 'ok' : result.error.error, 'invalid_grant');
    });

    it('during a refresh also ends the tokens of that refresh', async () => {
      const world = open();
      const { refreshToken: token } = await signIn(world);
      // The token is revoked before the issuer's answer to the refresh arrives.
      const slow = open({
        fetch: async (url, init) => {
          const answer = await fetch(url, init);
          if (url.endsWith('/token')) await world.connections.revoke({ connection: 'stranger', token });
          return answer;
        },
      });
      const result = await refresh(slow, token);
      assert.equal(result.ok ? 'ok' : result.error.error, 'invalid_grant');
      const rows = await store
        .selectFrom('connection_grants')
        .select('id_hash')
        .where('spent_at', 'is', null)
        .execute();
      assert.ok(!JSON.stringify(rows).includes(token));
    });

    it('refuses an unknown connection', async () => {
      const error = await open().connections.revoke({ connection: 'another', token: 'a' });
      assert.equal(error?.error, 'invalid_request');
    });
  });

  it('only expired rows are deleted', async () => {
    const world = open();
    const pending = await prepare(world);
    const { refreshToken } = await signIn(world);
    await sweepConnections(store, Date.now());
    assert.ok((await world.connections.exchange(pending)).ok);
    assert.ok((await refresh(world, refreshToken)).ok);
    await sweepConnections(store, Date.now() + 15 * day);
    assert.deepEqual(await store.selectFrom('authorization_transactions').selectAll().execute(), []);
    assert.deepEqual(await store.selectFrom('connection_grants').selectAll().execute(), []);
  });
});

/** Options of a server without an encryption key and without a database. */
function bare() {
  return { connections: [connection()], fetch, handleLifetimeMs: 14 * day };
}

/** A `fetch` that sends token requests for this port to a closed port. */
function refusing(port: number, closed: number): typeof fetch {
  return (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.port === String(port) && url.pathname === '/token') url.port = String(closed);
    return fetch(url, init);
  };
}

const otherKey = { ...generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }), kid: 'other' };

/** A `fetch` that returns a key set without the right key this many times. */
function withoutKeys(times: number): typeof fetch {
  let left = times;
  return (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    if (pathname !== '/jwks' || left === 0) return fetch(input, init);
    left -= 1;
    return Promise.resolve(Response.json({ keys: [otherKey] }));
  };
}
