import type { FastifyInstance } from 'fastify';
import { ClaimgateError } from '../errors.ts';
import { withDeadline } from '../protocol/deadline.ts';

/**
 * The check of one dependency of the server. The check throws, or takes too long, while the dependency is not
 * available. If it throws a ClaimgateError, `evidence.reason` may hold the reason in one word.
 */
export interface ReadinessCheck {
  readonly name: string;
  readonly check: () => Promise<void>;
}

/** How long one check may take. */
const checkTimeoutMs = 2_000;
/** How long the outcome of a check is reused. */
const reuseForMs = 1_000;

/**
 * The outcome of a check. `reason` is one word. It is `failed` if the reason is not known. It repeats nothing of the
 * error's text.
 */
type Outcome = { readonly status: 'ok' } | { readonly status: 'failed'; readonly reason: string };

/**
 * Mounts the health checks. `/health/live` always answers 200. `/health/ready` answers with the outcome of each check.
 * Its status is 503 if a check has failed.
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

/**
 * Runs a check at most once per second. All requests within this second share the outcome, because any caller may send
 * any number of requests.
 */
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
