import type { FastifyInstance } from 'fastify';
import { ClaimgateError } from '../errors.ts';
import { withDeadline } from '../protocol/deadline.ts';

/** One thing the server cannot do without. It throws, or takes too long, while it is not there; a ClaimgateError may say why in a word. */
export interface ReadinessCheck {
  readonly name: string;
  readonly check: () => Promise<void>;
}

/** How long one check may take, and for how long its outcome is good, in milliseconds: anybody may ask as often as they like. */
const checkTimeout = 2_000;
const goodFor = 1_000;

/** What came of a check. `reason`: a word, or `failed` where none is known; nothing of an error's text is told. */
type Outcome = { readonly status: 'ok' } | { readonly status: 'failed'; readonly reason: string };

/**
 * `/health/live`: the process answers, whatever else is wrong. `/health/ready`: so does everything it needs; 503 else, with the
 * outcome of each check and the reason.
 */
export function mountHealth(app: FastifyInstance, checks: readonly ReadinessCheck[]): void {
  const asked = checks.map(({ name, check }) => [name, shared(() => outcome(check))] as const);
  app.get('/health/live', async () => ({ status: 'ok' }));
  app.get('/health/ready', async (_request, reply) => {
    const outcomes = await Promise.all(asked.map(async ([name, ask]) => [name, await ask()] as const));
    const ready = outcomes.every(([, { status }]) => status === 'ok');
    return reply
      .code(ready ? 200 : 503)
      .send({ status: ready ? 'ok' : 'unavailable', checks: Object.fromEntries(outcomes) });
  });
}

/** Asks once for all who ask at the same time, and those who come within a second. */
function shared(ask: () => Promise<Outcome>): () => Promise<Outcome> {
  let last: { readonly at: number; readonly answer: Promise<Outcome> } | undefined;
  return () => {
    const now = performance.now();
    if (!last || now - last.at > goodFor) last = { at: now, answer: ask() };
    return last.answer;
  };
}

async function outcome(check: () => Promise<void>): Promise<Outcome> {
  try {
    const passed = check().then((): Outcome => ({ status: 'ok' }));
    return await withDeadline(passed, checkTimeout, (): Outcome => ({ status: 'failed', reason: 'slow' }));
  } catch (error) {
    const reason = error instanceof ClaimgateError ? error.evidence.reason : undefined;
    return { status: 'failed', reason: reason ?? 'failed' };
  }
}
