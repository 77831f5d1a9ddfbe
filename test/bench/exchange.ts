import { parseArgs } from 'node:util';
import { calculatePKCECodeChallenge, randomPKCECodeVerifier } from 'openid-client';
import { exchangeMutation, registerApplication, requestCode, signInFor } from '../support/client.ts';
import { type DatabaseKind, databaseNamed, disposeOwn } from '../support/databases.ts';
import { approve, startIssuer } from '../support/issuer.ts';
import { Person } from '../support/person.ts';
import { startTestServer } from '../support/server.ts';
import { exchangeCost, inParallel } from './exchange-cost.ts';
import { integerOption } from '../support/options.ts';
import { show, spreadOf, table } from './spread.ts';

/** Rounds before the measurement. */
const warmUp = 2;
/** Codes in each round. */
const codes = 96;

interface Code {
  readonly code: string;
  readonly codeVerifier: string;
}

/** A server that exchanges codes. */
interface Contender {
  readonly name: string;
  readonly fresh: () => Promise<Code>;
  readonly trade: (code: Code) => Promise<Response>;
}

/** The result of one contender in one round. */
interface Round {
  /** Exchanges per second. */
  readonly rate: number;
  /** Latency of each exchange in milliseconds, ascending. */
  readonly latencies: readonly number[];
}

/** `node test/bench/exchange.ts` compares an exchange with a plain oidc-provider that stores everything in memory. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '9' },
      pairs: { type: 'string', default: '15' },
      // Only the processor time of the token endpoint and of the mutation.
      cost: { type: 'boolean', default: false },
    },
  });
  const rounds = integerOption('rounds', values.rounds, 1);
  const pairs = integerOption('pairs', values.pairs, 2);
  const stop: (() => Promise<unknown>)[] = [disposeOwn];
  const contenders: Contender[] = [];
  try {
    const sqlite = await ours(databaseNamed('SQLite'), stop);
    process.stdout.write(`${await costOf(sqlite, pairs)}\n\n`);
    if (values.cost) return;
    const bare = await startIssuer();
    stop.unshift(() => bare.stop());
    contenders.push({
      name: 'bare oidc-provider, in memory',
      fresh: async () => {
        const { url, codeVerifier } = await authorizationUrl(bare.issuer, '/auth', bare.clientId, bare.redirectUri);
        const callback = await approve(url, bare.redirectUri);
        return { code: callback.searchParams.get('code') ?? '', codeVerifier };
      },
      trade: (code) => atEndpoint(`${bare.issuer}/token`, bare.clientId, bare.clientSecret, bare.redirectUri, code),
    });
    contenders.push(...sqlite.contenders, ...(await ours(databaseNamed('PostgreSQL'), stop)).contenders);
    await compare(contenders, rounds);
  } finally {
    for (const end of stop) await end();
  }
}

/** A server of ours, at its token endpoint and by its mutation. */
interface Ours {
  readonly pid: number;
  readonly contenders: readonly [endpoint: Contender, mutation: Contender];
}

function costOf({ pid, contenders: [endpoint, mutation] }: Ours, pairs: number): Promise<string> {
  const way = ({ fresh, trade }: Contender) => ({
    async prepare() {
      const ready: Code[] = [];
      await inParallel(codes, async () => void ready.push(await fresh()));
      return () => inParallel(codes, async (index) => void (await exchanged(trade, ready[index])));
    },
  });
  return exchangeCost(pid, { endpoint: way(endpoint), mutation: way(mutation), codes }, pairs);
}

async function ours(database: DatabaseKind, stop: (() => Promise<unknown>)[]): Promise<Ours> {
  const server = await startTestServer({ database, env: { LOG_LEVEL: 'warn' } });
  stop.unshift(() => server.dispose());
  const { accessToken } = await signInFor(server.url, { scope: 'applications' });
  const { clientId, clientSecret, redirectUri } = await registerApplication(server.url, accessToken);
  // The person has allowed the application, so each further code takes one request.
  const person = new Person();
  await requestCode(server.url, { person, clientId, redirectUri, scope: 'openid profile' });
  const fresh = async (): Promise<Code> => {
    const { url, codeVerifier } = await authorizationUrl(server.url, '/oauth/authorize', clientId, redirectUri);
    const { headers } = await person.get(url.href);
    return { code: new URL(headers.get('location') ?? '').searchParams.get('code') ?? '', codeVerifier };
  };
  const { pid } = server.child;
  if (pid === undefined) throw new Error('the server has no process');
  const contenders: Ours['contenders'] = [
    {
      name: `Claimgate on ${database.name}, token endpoint`,
      fresh,
      trade: (code) => atEndpoint(`${server.url}/oauth/token`, clientId, clientSecret, redirectUri, code),
    },
    {
      name: `Claimgate on ${database.name}, mutation`,
      fresh,
      trade: (code) =>
        fetch(`${server.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            query: exchangeMutation,
            variables: { input: { client: { clientId, clientSecret, redirectUri, ...code } } },
          }),
        }),
    },
  ];
  return { pid, contenders };
}

async function authorizationUrl(issuer: string, path: string, clientId: string, redirectUri: string) {
  const codeVerifier = randomPKCECodeVerifier();
  const url = new URL(path, issuer);
  url.search = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid profile',
    code_challenge: await calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
  }).toString();
  return { url, codeVerifier };
}

function atEndpoint(
  url: string,
  clientId: string,
  clientSecret: string,
  redirectUri: string,
  { code, codeVerifier }: Code,
): Promise<Response> {
  const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64');
  return fetch(url, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      code_verifier: codeVerifier,
      redirect_uri: redirectUri,
    }),
  });
}

async function compare(contenders: readonly Contender[], rounds: number): Promise<void> {
  const measured = new Map<string, Round[]>(contenders.map(({ name }) => [name, []]));
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const contender of contenders) {
      const result = await measure(contender);
      if (round >= 0) measured.get(contender.name)?.push(result);
    }
  }
  const of = (name: string) => measured.get(name) ?? [];
  const [bare = '', ...rest] = contenders.map(({ name }) => name);
  const ratio = (name: string, to: string) =>
    show(spreadOf(of(name).map(({ rate }, round) => rate / (of(to)[round]?.rate ?? Number.NaN))), 2);
  const rows = [bare, ...rest].map((name) => {
    const latencies = of(name)
      .flatMap((round) => round.latencies)
      .toSorted((one, other) => one - other);
    const at = (share: number) => (latencies[Math.floor(share * (latencies.length - 1))] ?? Number.NaN).toFixed(1);
    return [
      name,
      show(spreadOf(of(name).map(({ rate }) => rate)), 0),
      `${at(0.5)} ms`,
      `${at(0.99)} ms`,
      name === bare ? '1' : ratio(name, bare),
      name.endsWith('mutation') ? ratio(name.replace('mutation', 'token endpoint'), name) : '',
    ];
  });
  const head = ['', 'exchanges a second', 'p50', 'p99', 'of the bare one', 'mutation ÷ token endpoint, in time'];
  process.stdout.write(`${table(head, rows)}\n`);
}

async function measure({ fresh, trade }: Contender): Promise<Round> {
  const ready: Code[] = [];
  await inParallel(codes, async () => void ready.push(await fresh()));
  const latencies: number[] = [];
  const from = performance.now();
  await inParallel(codes, async (index) => {
    latencies.push(await exchanged(trade, ready[index]));
  });
  const rate = codes / ((performance.now() - from) / 1_000);
  return { rate, latencies: latencies.toSorted((one, other) => one - other) };
}

/** Exchanges a code. @returns the duration in milliseconds. @throws if no tokens are issued */
async function exchanged(trade: Contender['trade'], code: Code | undefined): Promise<number> {
  if (!code) throw new Error('a code is missing');
  const begun = performance.now();
  const response = await trade(code);
  const answer = await response.text();
  const durationMs = performance.now() - begun;
  if (response.status !== 200 || !answer.includes('ccess')) throw new Error(`${response.status} ${answer}`);
  return durationMs;
}

await main();
