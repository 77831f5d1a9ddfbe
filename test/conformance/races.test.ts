import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import {
  codeForm,
  exchange,
  postForm,
  query,
  refresh,
  registerApplication,
  requestCode,
  signInFor,
  type TokenPayload,
} from '../support/client.ts';
import { onEachDatabase } from '../support/databases.ts';
import { dose } from '../support/dose.ts';
import { Person } from '../support/person.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const rounds = dose('conformance/races.test.ts');
/** Whether the races also run over four processes. */
const isFull = rounds > 1;
const senders = 50;
/** Within this time, a second use of a code counts as a race: it is refused and revokes nothing. Milliseconds. */
const raceWindowMs = 2_000;

/**
 * Signs a DPoP proof (RFC 9449 §4.2).
 * @param accessToken - the token that the proof is sent with. Default: none
 */
async function proofOf(
  { privateKey, publicKey }: { privateKey: CryptoKey; publicKey: CryptoKey },
  htu: string,
  accessToken?: string,
): Promise<string> {
  const ath = accessToken === undefined ? {} : { ath: createHash('sha256').update(accessToken).digest('base64url') };
  const claims = { htm: 'POST', htu, jti: randomUUID(), iat: Math.floor(Date.now() / 1_000), ...ath };
  const header = { alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(publicKey) };
  return new SignJWT(claims).setProtectedHeader(header).sign(privateKey);
}

onEachDatabase((kind) => {
  for (const processes of isFull ? [2, 4] : [2]) {
    describe(`${processes} processes`, () => {
      const servers: TestServer[] = [];
      let shop: Awaited<ReturnType<typeof registerApplication>>;
      // One browser that stays signed in, so the server checks the password only once.
      const person = new Person();

      before(async () => {
        const first = await startTestServer({ database: kind });
        servers.push(first);
        while (servers.length < processes) servers.push(await startTestServer({ beside: first }));
        const { accessToken } = await signInFor(first.url, { scope: 'applications' });
        shop = await registerApplication(first.url, accessToken);
        const { clientId, redirectUri } = shop;
        await requestCode(first.url, { person, clientId, redirectUri, scope: 'profile' });
        // The exchange warms up each process, so that no process compiles code during the race.
        for (const { url } of servers) await exchange(url, (await requestCode(first.url, { person })).input);
      });
      after(async () => {
        for (const server of servers.toReversed()) await server.dispose();
      });

      const urlOf = (index: number) => servers[index % processes]?.url ?? '';

      /**
       * Sends one request to each process at the same time.
       * @returns the only answer with tokens
       */
      async function race(send: (url: string) => Promise<TokenPayload>): Promise<TokenPayload> {
        const answers = await Promise.all(Array.from({ length: senders }, (_, index) => send(urlOf(index))));
        const winners = answers.filter((answer) => 'accessToken' in answer);
        const errors = [...new Set(answers.map(({ error, errorDescription }) => `${error}: ${errorDescription}`))];
        assert.equal(winners.length, 1, errors.join('; '));
        const losers = answers.filter((answer) => answer.error === 'invalid_grant');
        assert.equal(losers.length, senders - 1);
        return winners[0] ?? {};
      }

      /**
       * Lets exchanges of a code race. If the machine is so slow that a request could come after the race window, it
       * would rightly revoke the tokens of the winner. Then another code is raced for.
       */
      async function winnerInTime(): Promise<TokenPayload> {
        for (let attempts = 1; attempts <= 10; attempts += 1) {
          const { input } = await requestCode(urlOf(0), { person });
          const begunAt = performance.now();
          const winner = await race((url) => exchange(url, input));
          if (performance.now() - begunAt < raceWindowMs) return winner;
        }
        return assert.fail(`the machine is too slow for ${senders} exchanges in ${raceWindowMs} ms`);
      }

      for (let round = 1; round <= rounds; round += 1) {
        it(`C-1 C-6 one of ${senders} parallel exchanges of a code, and then of its refresh token, gets tokens (round ${round})`, async () => {
          const { refreshToken } = await winnerInTime();
          const renewed = await race((url) => refresh(url, { refreshToken }));
          for (const { url } of servers) {
            assert.equal((await query(url, '{ viewer { subject } }', { token: renewed.accessToken })).status, 200);
          }
          assert.equal((await refresh(urlOf(1), { refreshToken: renewed.refreshToken })).error, undefined);
        });
      }

      for (let round = 1; round <= rounds; round += 1) {
        it(`C-1 one of ${senders} parallel consents to a pushed request gives a code (round ${round})`, async () => {
          const { clientId, clientSecret, redirectUri } = shop;
          const { status, body } = await postForm(
            urlOf(round),
            '/oauth/par',
            {
              client_id: clientId,
              response_type: 'code',
              redirect_uri: redirectUri,
              scope: 'profile',
              code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
              code_challenge_method: 'S256',
            },
            { clientId, clientSecret },
          );
          assert.equal(status, 201, JSON.stringify(body));
          const search = new URLSearchParams({ client_id: clientId, request_uri: body['request_uri'] });
          // The browser's person has allowed the application, so the request gets a code without a page.
          const answers = await Promise.all(
            Array.from({ length: senders }, async (_, index) => {
              const response = await person.get(`${urlOf(index)}/oauth/authorize?${search.toString()}`);
              const target = new URL(response.headers.get('location') ?? 'none:');
              return target.searchParams.get('code') ?? `${response.status} ${target.searchParams.get('error') ?? ''}`;
            }),
          );
          const codes = answers.filter((answer) => !/^[345]\d\d /.test(answer));
          assert.equal(codes.length, 1, JSON.stringify(answers));
        });

        it(`C-1 one of ${senders} parallel uses of a proof, at the token endpoint and the API, is accepted (round ${round})`, async () => {
          const key = await generateKeyPair('ES256');
          const { input } = await requestCode(urlOf(0), { person });
          // With two codes, two requests would get tokens if the proof did not prevent it.
          const inputs = [input];
          while (inputs.length < 2) inputs.push((await requestCode(urlOf(0), { person })).input);
          const atToken = await proofOf(key, `${urlOf(0)}/oauth/token`);
          const tokens = await Promise.all(
            Array.from({ length: senders }, async (_, index) => {
              const response = await fetch(`${urlOf(index)}/oauth/token`, {
                method: 'POST',
                headers: { dpop: atToken },
                body: new URLSearchParams(codeForm(inputs[index % inputs.length] ?? input)),
              });
              return (await response.json()) as Record<string, string>;
            }),
          );
          const bound = tokens.filter(({ access_token: token }) => token !== undefined);
          assert.equal(bound.length, 1, JSON.stringify(tokens.map(({ error }) => error)));
          const accessToken = bound[0]?.['access_token'] ?? '';
          const atApi = await proofOf(key, `${urlOf(0)}/graphql`, accessToken);
          const headers = { authorization: `DPoP ${accessToken}`, dpop: atApi };
          const statuses = await Promise.all(
            Array.from({ length: senders }, (_, index) =>
              query(urlOf(index), '{ viewer { subject } }', { headers }).then(({ status }) => status),
            ),
          );
          assert.equal(statuses.filter((status) => status === 200).length, 1, statuses.join(' '));
          assert.equal(statuses.filter((status) => status === 401).length, senders - 1);
        });
      }
    });
  }
});
