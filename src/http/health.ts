import type { FastifyInstance } from 'fastify';

/** One thing the server cannot do without. It throws, or takes too long, while it is not there. */
export interface ReadinessCheck {
  readonly name: string;
  readonly check: () => Promise<void>;
}

/** How long one check may take, in milliseconds. */
const checkTimeout = 2_000;

/** `/health/live`: the process answers. `/health/ready`: so does everything it needs; 503 else, with each check's outcome. */
export function mountHealth(app: FastifyInstance, checks: readonly ReadinessCheck[]): void {
  app.get('/health/live', async () => ({ status: 'ok' }));
  app.get('/health/ready', async (_request, reply) => {
    const outcomes = await Promise.all(checks.map(async ({ name, check }) => [name, await outcome(check)] as const));
    const ready = outcomes.every(([, answer]) => answer === 'ok');
    return reply
      .code(ready ? 200 : 503)
      .send({ status: ready ? 'ok' : 'unavailable', checks: Object.fromEntries(outcomes) });
  });
}

async function outcome(check: () => Promise<void>): Promise<'ok' | 'failed'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'failed'>((resolve) => {
    timer = setTimeout(() => resolve('failed'), checkTimeout);
  });
  try {
    return await Promise.race([check().then(() => 'ok' as const), late]);
  } catch {
    return 'failed';
  } finally {
    clearTimeout(timer);
  }
}
