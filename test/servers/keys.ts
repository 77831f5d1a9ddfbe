import assert from 'node:assert/strict';
import { it } from 'node:test';
import { until } from '../support/process.ts';
import { makeKey, sign, type TestKey } from '../support/tokens.ts';
import { type Answer, ask, bearer, bodyOf } from './ask.ts';
import type { Urls } from './attacks.ts';
import type { ChangingIssuer } from './changing-issuer.ts';

/** A server whose issuer changes its keys. */
export interface KeyServer {
  readonly name: string;
  readonly urls: () => Urls;
  readonly changing: () => ChangingIssuer;
  /** How many tokens with an unknown key are sent. */
  readonly requests: number;
}

/** The option `unknownKeyCooldownSeconds` of the server. */
const cooldownMs = 500;
const audience = 'https://api.example/graphql';

/** The cases of A-12: the keys of an issuer, on a server with the installed kit. */
export function keyTests({ name, urls, changing, requests }: KeyServer): void {
  const [first, second] = [makeKey(), makeKey()];
  let tokens = 0;
  const send = async (key: TestKey, kid = key.kid): Promise<Answer> => {
    tokens += 1;
    const iat = Math.floor(Date.now() / 1_000);
    const claims = { iss: changing().issuer, sub: 'ada', aud: audience, client_id: 'web', jti: `key-token-${tokens}` };
    const token = sign(key, { header: { kid }, payload: { ...claims, iat, exp: iat + 600 } });
    return ask(urls().keys, { query: '{ viewer }', headers: bearer(token), isAlone: tokens <= 100 });
  };

  it(`A-12 100 first requests at the same time make one fetch of the keys, on ${name}`, async () => {
    changing().publish(first);
    const answers = await Promise.all(Array.from({ length: 100 }, () => send(first)));
    for (const answer of answers) assert.deepEqual(bodyOf(answer), { data: { viewer: 'ada' } });
    assert.equal(changing().fetches(), 1);
  });

  it(`A-12 ${requests} unknown keys make at most one fetch per cooldown, on ${name}`, async () => {
    const [began, before] = [performance.now(), changing().fetches()];
    const answers = await Promise.all(Array.from({ length: requests }, (_, index) => send(second, `kid-${index}`)));
    for (const answer of answers) {
      assert.equal(answer.status, 401, answer.text);
      assert.equal(bodyOf(answer).errors?.[0]?.extensions?.['code'], 'INVALID_TOKEN');
    }
    const most = 1 + Math.ceil((performance.now() - began) / cooldownMs);
    const fetched = changing().fetches() - before;
    assert.ok(fetched <= most, `${fetched} fetches, expected at most ${most}`);
  });

  it(`A-12 a new key of the issuer works without a restart, on ${name}`, async () => {
    changing().publish(first, second);
    await until(async () => (await send(second)).status === 200);
    assert.deepEqual(bodyOf(await send(second)), { data: { viewer: 'ada' } });
    assert.equal((await send(first)).status, 200);
    assert.equal((await send(makeKey())).status, 401);
  });

  it(`A-12 an issuer that hangs: 503 with Retry-After, and public fields go on, on ${name}`, async () => {
    const iat = Math.floor(Date.now() / 1_000);
    const claims = { iss: `${changing().issuer}/hangs`, sub: 'ada', aud: audience, client_id: 'web', jti: 'hangs' };
    const token = sign(first, { payload: { ...claims, iat, exp: iat + 600 } });
    const [answer, open] = await Promise.all([
      ask(urls().hanging, { query: '{ hello }', headers: bearer(token) }),
      ask(urls().hanging, { query: '{ hello }' }),
    ]);
    assert.equal(answer.status, 503, answer.text);
    assert.match(answer.headers['retry-after'] ?? '', /^\d+$/);
    assert.equal(answer.headers['www-authenticate'], undefined);
    assert.equal(bodyOf(answer).errors?.[0]?.extensions?.['code'], 'KEYS_UNAVAILABLE');
    assert.deepEqual(bodyOf(open), { data: { hello: 'hello' } });
  });
}
