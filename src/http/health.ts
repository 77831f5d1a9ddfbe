import type { FastifyInstance } from 'fastify';
import { ClaimgateError } from '../errors.ts';
import { withDeadline } from '../protocol/deadline.ts';

/**
 * The check of one dependency of the server. It throws, or takes too long, while the dependency is not available. If it
 * throws a ClaimgateError, the error may hold the reason, in one word.
 */
export interface ReadinessCheck {
  readonly name: string;
  readonly check: () => Promise<void>;
}

/**
 * How long one check may take, and for how long its outcome is reused. The outcome is reused because any caller may
 * send any number of requests.
 */
const checkTimeoutMs = 2_000;
const reuseForMs = 1_000;

/**
 * The outcome of a check. `reason` is one word, or `failed` if the reason is not known. The reason repeats nothing of
 * the error's text.
 */
type Outcome = { readonly status: 'ok' } | { readonly status: 'failed'; readonly reason: string };

/**
 * Mounts the health checks. `/health/live` answers 200 as long as the process answers requests. `/health/ready` answers
 * with the outcome of each check, and with 503 if one of them has failed.
 */
export function mountHealth(app: FastifyInstance, checks: readonly ReadinessCheck[]): void {
  const sharedChecks = checks.map(({ name, check }) => [name, shared(() => outcome(check))] as const);
  app.get('/health/live', async () => ({ status: 'ok' }));
  app.get('/health/ready', async (_request, reply) => {
    const outcomes = await Promise.all(sharedChecks.map(async ([name, run]) => [name, await run()] as const));
    const ready = outcomes.every(([, { status }]) => status === 'ok');
    return reply
      .code(ready ? 200 : 503)
      .send({ status: ready ? 'ok' : 'unavailable', checks: Object.fromEntries(outcomes) });
  });
}

/** Runs a check at most once per second. All requests within that second share the outcome. */
function shared(run: () => Promise<Outcome>): () => Promise<Outcome> {
  let last: { readonly at: number; readonly answer: Promise<Outcome> } | undefined;
  return () => {
    const now = performance.now();
    if (!last || now - last.at > reuseForMs) last = { at: now, answer: run() };
    return last.answer;
  };
}

async function outcome(check: () => Promise<void>): Promise<Outcome> {
  try {
    const passed = check().then((): Outcome => ({ status: 'ok' }));
    return await withDeadline(passed, checkTimeoutMs, (): Outcome => ({ status: 'failed', reason: 'slow' }));
  } catch (error) {
    const reason = error instanceof ClaimgateError ? error.evidence.reason : undefined;
    return { status: 'failed', reason: reason ?? 'failed' };
  }
}
