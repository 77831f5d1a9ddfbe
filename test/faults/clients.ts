import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import type { Random } from '../fuzz/random.ts';
import { codeForm, exchange, postForm, query, refresh, requestCode, type TokenPayload } from '../support/client.ts';
import { Person } from '../support/person.ts';
import type { Account } from '../support/server.ts';
import type { Acknowledged, Ledger, SingleUse } from './ledger.ts';

/** What the clients use. */
export interface Site {
  readonly url: string;
  readonly ledger: Ledger;
  readonly accounts: readonly Account[];
  /** Whether the clients continue. */
  readonly running: () => boolean;
}

const scope = 'openid offline_access profile grants audit';

/** The default lifetime of a code, in milliseconds. */
const codeLifetime = 60_000;

/**
 * Runs one client after another until the end. Each client signs a person in, exchanges the code, sends queries, and
 * refreshes. If a request gets no answer, the client sometimes sends it again. Failures are recorded and never thrown.
 * @param random - of this worker only
 * @param every - the shortest time between two sign-ins, in milliseconds; 0: no pause
 * @param codesEach - how many codes one signed-in browser fetches
 */
export async function work(site: Site, random: Random, every: number, codesEach: number): Promise<void> {
  while (site.running()) {
    const next = Date.now() + every;
    const person = new Person();
    const account = random.pick(site.accounts);
    for (let count = 0; count < codesEach && site.running(); count += 1) await live(site, random, account, person);
    await sleep(Math.max(next - Date.now(), 20));
  }
}

async function live(site: Site, random: Random, account: Account, person: Person): Promise<void> {
  const { ledger, url } = site;
  const requested = await requestCode(url, { account, person, scope }).catch(() => undefined);
  if (!requested?.input.code) {
    ledger.count('sign-in: failed');
    return;
  }
  ledger.count('sign-in: code');
  const { input } = requested;
  const code = ledger.received({
    kind: 'code',
    secret: input.code,
    account: account.email,
    expiresAt: Date.now() + codeLifetime / 2,
    input,
  });
  let tokens = await use(site, code, random);
  for (let left = random.below(4); tokens && left > 0 && site.running(); left -= 1) {
    for (let asked = random.below(4); asked > 0; asked -= 1) await ask(site, tokens);
    tokens = await renew(site, tokens, random);
  }
  if (tokens) await ask(site, tokens);
}

/**
 * Uses a refresh token.
 * @returns the new tokens
 */
export async function renew(
  site: Site,
  { refreshToken }: Acknowledged,
  random?: Random,
): Promise<Acknowledged | undefined> {
  const item = site.ledger.singleUse(refreshToken);
  return item && use(site, item, random);
}

/**
 * Uses a code or a refresh token. If no answer comes, it tries again half of the time.
 * @param random - chooses the transport, and whether to try again. Without it: the mutation, once
 */
export async function use(site: Site, item: SingleUse, random?: Random): Promise<Acknowledged | undefined> {
  const { ledger, url } = site;
  const tokens = await redeem(ledger, item, () => send(url, item, random?.below(2) === 1));
  if (tokens || !random || item.uses.at(-1)?.outcome !== 'lost' || random.below(2) === 1) return tokens;
  await sleep(random.below(4_000));
  // If the server processed the first request, this is a second use, which may end the grant.
  if (item.grant !== undefined) ledger.ending({ grant: item.grant }, 'used again', Date.now());
  ledger.count(`${item.kind}: tried again`);
  return use(site, item);
}

async function send(url: string, { input, secret }: SingleUse, byForm: boolean): Promise<TokenPayload> {
  if (!byForm) return input ? exchange(url, input) : refresh(url, { refreshToken: secret });
  const form = input ? codeForm(input) : { grant_type: 'refresh_token', client_id: 'claimgate', refresh_token: secret };
  return fromForm(await postForm(url, '/oauth/token', form));
}

/** Sends the request, and records the outcome. */
async function redeem(
  ledger: Ledger,
  item: SingleUse,
  send: () => Promise<TokenPayload>,
): Promise<Acknowledged | undefined> {
  let payload: TokenPayload;
  try {
    payload = await send();
  } catch {
    ledger.used(item, 'lost', Date.now());
    return undefined;
  }
  const { accessToken, refreshToken, error, errorDescription } = payload;
  if (typeof accessToken !== 'string' || typeof refreshToken !== 'string') {
    // Only `invalid_grant` says that the server refused the grant. With any other error the outcome is unknown.
    ledger.used(item, error === 'invalid_grant' ? 'refused' : 'lost', Date.now());
    if (error !== 'invalid_grant') ledger.count(`not decided: ${error} ${errorDescription ?? ''}`);
    return undefined;
  }
  const { exp = 0, grant_id: grant, scope: scopes } = decodeJwt<{ grant_id: string; scope: string }>(accessToken);
  const tokens: Acknowledged = {
    accessToken,
    refreshToken,
    account: item.account,
    grant,
    scopes: scopes.split(' '),
    receivedAt: Date.now(),
    expiresAt: exp * 1_000,
  };
  ledger.received({ kind: 'refresh token', secret: refreshToken, account: item.account, grant, expiresAt: Infinity });
  ledger.acknowledged(tokens);
  ledger.used(item, 'tokens', Date.now());
  return tokens;
}

/**
 * Reads an answer of the token endpoint, with the member names of the mutation.
 * @throws Error if the server failed
 */
function fromForm({ status, body }: { status: number; body: Record<string, unknown> }): TokenPayload {
  if (status >= 500) throw new Error(`status ${status}`);
  const { access_token: accessToken, refresh_token: refreshToken, error, error_description: errorDescription } = body;
  return { accessToken, refreshToken, error, errorDescription };
}

async function ask({ url, ledger }: Site, { accessToken }: Acknowledged): Promise<void> {
  const status = await statusOf(url, accessToken);
  ledger.count(`query: ${status ?? 'no answer'}`);
}

/** Returns the status of a query with an access token; `null` if no answer came. */
export async function statusOf(url: string, token: string): Promise<number | null> {
  return query(url, '{ viewer { subject } }', { token }).then(
    ({ status }) => status,
    () => null,
  );
}
