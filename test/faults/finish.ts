import { renew, type Site, statusOf, use } from './clients.ts';

/** How many final queries run at the same time. */
const width = 16;

/** Sends every acknowledged access token to every replica. */
export async function probeAll({ ledger }: Site, replicas: readonly string[]): Promise<void> {
  await inParallel(ledger.facts.tokens, async (token) => {
    for (const [replica, url] of replicas.entries()) {
      const at = Date.now();
      ledger.probed({ token, replica, at, status: await statusOf(url, token.accessToken) });
    }
  });
}

/**
 * Uses every acknowledged refresh token that is unused. Each valid one yields tokens.
 * @returns how many yielded tokens
 */
export async function renewAll(site: Site): Promise<number> {
  const { singleUse, tokens } = site.ledger.facts;
  const unused = new Set(singleUse.filter(({ uses }) => uses.length === 0).map(({ secret }) => secret));
  const renewed = await inParallel(
    tokens.filter(({ refreshToken }) => unused.has(refreshToken)),
    (token) => renew(site, token),
  );
  return renewed.filter(Boolean).length;
}

/**
 * Uses every code and refresh token again that has yielded tokens. None may yield tokens twice. This ends the grants,
 * so it must come last.
 * @returns how many were used
 */
export async function replayAll(site: Site): Promise<number> {
  const used = site.ledger.facts.singleUse.filter(({ uses }) => uses.some(({ outcome }) => outcome === 'tokens'));
  await inParallel(used, (item) => use(site, item));
  return used.length;
}

async function inParallel<T, Result>(
  items: readonly T[],
  ask: (item: T) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const rest = items.values();
  const asker = async () => {
    for (const item of rest) results.push(await ask(item));
  };
  await Promise.all(Array.from({ length: width }, asker));
  return results;
}
