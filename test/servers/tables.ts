import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type AuthCase, nameOf, statusOf } from '../conformance/auth/case.ts';
import { authCases } from '../conformance/auth/cases.ts';
import { nameOf as tokenNameOf, type TokenCase } from '../conformance/token/case.ts';
import { tokenCases } from '../conformance/token/cases.ts';
import { type PublishedIssuer, publish } from '../conformance/token/issuer.ts';
import { keySet, otherKeySet, otherSettings, type World } from '../conformance/token/world.ts';
import { run, until, type RunningProcess } from '../support/process.ts';
import { assertUntold } from '../support/tokens.ts';
import { type Answer, ask, bearer, bodyOf } from './ask.ts';
import { type Attacked, attackTests, mercuriusTests, type Urls } from './attacks.ts';
import { authorizationOf } from './authorization.ts';
import { callerTests } from './callers.ts';
import { type ChangingIssuer, startChangingIssuer } from './changing-issuer.ts';
import type { ServerProject } from './install.ts';
import { keyTests } from './keys.ts';
import { proofTests } from './proofs.ts';

const audience = 'https://api.example/graphql';
const algorithms = 'ES256 ES384 ES512 RS256 RS384 RS512 PS256 PS384 PS512 EdDSA Ed25519'.split(' ');

/** A server that serves the tables. */
interface TableServer {
  readonly name: string;
  readonly kind: 'express' | 'yoga' | 'mercurius';
  /** The option `jit` of Mercurius. */
  readonly jit?: number;
  /**
   * Exception of E-1: the server coerces the variables before its hooks. If that exhausts the stack, it refuses the
   * operation itself, without a code. The guide says so.
   */
  readonly coercesFirst?: true;
}

const servers: readonly TableServer[] = [
  { name: 'Apollo Server on Express', kind: 'express' },
  { name: 'GraphQL Yoga', kind: 'yoga' },
  { name: 'Mercurius', kind: 'mercurius', coercesFirst: true },
  { name: 'Mercurius with jit', kind: 'mercurius', jit: 1, coercesFirst: true },
];

/** In the small dose, one case of so many runs. */
const sampleEvery = 12;

/** The tests of the tables of cases A, B and E, on each server, with the installed kit. */
export function tableTests({ project, isFull }: { project: () => ServerProject; isFull: boolean }): void {
  const chosen = <T>(rows: readonly T[], offset = 0): readonly T[] =>
    isFull ? rows : rows.filter((_row, index) => index % sampleEvery === offset);

  // The server with jit is the same server with one more option.
  const served = servers.filter(({ kind, jit }) => isFull || kind !== 'mercurius' || jit !== undefined);
  for (const { name, kind, jit, coercesFirst } of served) {
    describe(`the tables of cases, on ${name}`, () => {
      let own: PublishedIssuer;
      let other: PublishedIssuer;
      let changing: ChangingIssuer;
      let server: RunningProcess;
      let urls: Urls;
      before(async () => {
        [own, other, changing] = await Promise.all([publish(keySet), publish(otherKeySet), startChangingIssuer()]);
        const issuers = { issuer: own.issuer, other: other.issuer, changing: changing.issuer };
        const options = { ...issuers, otherSettings, audience, algorithms, jit };
        const args = ['--disable-warning=ExperimentalWarning', 'tables/serve.ts', kind, JSON.stringify(options)];
        server = run(args, { cwd: project().path, env: { NODE_ENV: 'production' } });
        const printed = () => /^\{"control".*\}$/m.exec(server.output())?.[0];
        await until(() => printed() !== undefined).catch(() => assert.fail(server.output()));
        urls = JSON.parse(printed() ?? '{}') as Urls;
      });
      after(async () => {
        await server.stop();
        await Promise.all([own.stop(), other.stop(), changing.stop()]);
      });

      const present = (): World => {
        const now = Math.floor(Date.now() / 1000);
        return { issuer: own.issuer, other: other.issuer, audience, now };
      };
      const runs = async () => JSON.parse((await ask(urls.control, { method: 'GET' })).text) as readonly string[];

      for (const [id, cases] of Map.groupBy(chosen(authCases), ({ id }) => id)) {
        it(`${id} every row, on ${name}`, async () => {
          for (const authCase of cases) {
            if (unsendable(authCase)) continue;
            for (const method of methodsOf(authCase)) {
              const { document: query, operationName, variables, caller } = authCase;
              const headers = authorizationOf(caller, present());
              // Mercurius compiles a document the second time.
              for (let time = jit === undefined ? 1 : 0; time < 2; time += 1) {
                await runs();
                const answer = await ask(urls.world, { method, query, operationName, variables, headers });
                assertOutcome(authCase, answer, await runs(), `${nameOf(authCase)}, ${method}`);
              }
            }
          }
        });
      }

      for (const [id, cases] of Map.groupBy(chosen(tokenCases, 1), ({ id }) => id)) {
        it(`${id} every token, on ${name}`, async () => {
          for (const tokenCase of cases) await assertVerdict(tokenCase, urls.viewer, present());
          for (const tokenCase of cases) {
            if (tokenCase.verdict.is === 'refused') assertUntold(tokenCase.make(present()), server.output());
          }
        });
      }

      const attacked: Attacked = {
        name,
        turns: isFull ? 40 : 4,
        urls: () => urls,
        runs,
        authorization: (caller = {}) => authorizationOf(caller, present()),
        refusals: coercesFirst ? /Maximum call stack size exceeded|"code":"LIMIT_EXCEEDED"/ : /"code":"LIMIT_EXCEEDED"/,
        hasEnded: () => server.child.exitCode !== null,
      };
      attackTests(attacked);
      if (kind === 'mercurius') mercuriusTests(attacked);
      callerTests(attacked);
      proofTests(attacked);
      keyTests({ name, urls: attacked.urls, changing: () => changing, requests: isFull ? 1_000 : 200 });
    });
  }
}

/** Whether a case has no request: a subscription, which has transports of its own, or a scope that no token can have. */
function unsendable({ document, caller }: AuthCase): boolean {
  // Scopes are separated by spaces (RFC 6749 §3.3).
  const hasNoToken = caller?.scopes?.some((scope) => scope === '' || scope.includes(' ')) ?? false;
  return document.startsWith('subscription') || hasNoToken;
}

/** Node answers 431 if the headers and the URL have more than 16 KiB. */
const mostUrlBytes = 14_000;

function methodsOf({ document, variables }: AuthCase): readonly ('POST' | 'GET')[] {
  const isLong = encodeURIComponent(document + JSON.stringify(variables ?? {})).length > mostUrlBytes;
  return document.startsWith('mutation') || isLong ? ['POST'] : ['POST', 'GET'];
}

function coordinatesOf(answer: Answer): readonly unknown[] {
  return (bodyOf(answer).errors ?? []).map(({ extensions }) => extensions?.['coordinate'] ?? extensions?.['code']);
}

function assertOutcome({ outcome }: AuthCase, answer: Answer, runs: readonly string[], name: string): void {
  const shown = `${name}: ${answer.status} ${answer.text}`;
  const { data, errors } = bodyOf(answer);
  if (outcome.is === 'answered') {
    assert.deepEqual(data, outcome.data, shown);
    assert.deepEqual(coordinatesOf(answer), outcome.denied, shown);
    assert.equal(answer.status, 200, shown);
    for (const coordinate of outcome.unrun ?? outcome.denied) assert.ok(!runs.includes(coordinate), shown);
    return;
  }
  assert.deepEqual(runs, [], shown);
  if (outcome.is === 'refused') {
    assert.equal(answer.status, statusOf[outcome.code], shown);
    assert.equal(data, undefined, shown);
    const [error] = errors ?? [];
    assert.equal(error?.extensions?.['code'], outcome.code, shown);
    const denials = (error?.extensions?.['denials'] ?? [error?.extensions]) as { coordinate: string }[];
    assert.deepEqual(denials.map(({ coordinate }) => coordinate).toSorted(), outcome.denied.toSorted(), shown);
    assert.match(answer.headers['www-authenticate'] ?? '', /^Bearer realm="table", resource_metadata="/, shown);
  } else {
    assert.ok(
      Object.values(data ?? {}).every((value) => value === null),
      shown,
    );
    for (const coordinate of outcome.denied) assert.ok(coordinatesOf(answer).includes(coordinate), shown);
  }
}

async function assertVerdict(tokenCase: TokenCase, url: string, world: World): Promise<void> {
  const { verdict, make } = tokenCase;
  const name = tokenNameOf(tokenCase);
  const token = make(world);
  const isOversized = verdict.is === 'refused' && verdict.answer?.code === null;
  const query = '{ viewer { subject scopes } }';
  const sent = ask(url, { query, headers: bearer(token), isAlone: isOversized });
  if (verdict.is === 'refused' && verdict.answer === null) {
    return assert.rejects(sent, { code: 'ERR_INVALID_CHAR' });
  }
  // Node answers a header that is too long by itself, and then ends the connection.
  const answer = await sent.catch((error: NodeJS.ErrnoException) => error.code ?? String(error));
  if (typeof answer === 'string') {
    assert.ok(isOversized, `${name}: ${answer}`);
    return assert.match(answer, /^(?:ECONNRESET|EPIPE)$/);
  }
  const shown = `${name}: ${answer.status} ${answer.text}`;
  if (verdict.is === 'accepted') {
    assert.equal(answer.status, 200, shown);
    const { subject, scopes } = verdict;
    return assert.deepEqual(bodyOf(answer).data, { viewer: { subject, scopes } }, shown);
  }
  assertUntold(token, JSON.stringify(answer));
  assert.equal(answer.status, verdict.answer?.status, shown);
  if (verdict.answer?.code === null) return;
  const { data, errors = [] } = bodyOf(answer);
  assert.equal(data, undefined, shown);
  assert.deepEqual(
    errors.map(({ extensions }) => extensions?.['code']),
    [verdict.answer?.code],
    shown,
  );
  if (verdict.answer?.code === verdict.code) assert.match(errors[0]?.message ?? '', verdict.reason, shown);
  assert.match(answer.headers['www-authenticate'] ?? '', /^Bearer realm="table", .*error="\w+"/, shown);
  assert.equal(answer.headers['cache-control'], 'no-store', shown);
}
