import type { FastifyInstance } from 'fastify';

/** Whether a header, by its name in lower case, says for whom or for which host somebody speaks. */
export function isForwarded(name: string): boolean {
  return name === 'forwarded' || name.startsWith('x-forwarded-');
}

/**
 * Tells once, in the log, that a proxy seems to stand before a server that trusts none: then all callers have one address, and
 * count as one where guessing is slowed.
 */
export function warnOfProxy(app: FastifyInstance): void {
  let warned = false;
  app.addHook('onRequest', async (request) => {
    if (warned || request.headers['x-forwarded-for'] === undefined) return;
    warned = true;
    request.log.warn(
      'X-Forwarded-For is not believed: if a proxy of yours sends it, name it in CLAIMGATE_TRUSTED_PROXIES',
    );
  });
}
