import { fastify, type FastifyInstance } from 'fastify';
import { defaultLimits } from '../../../src/api/limits/limits.ts';
import {
  createRunner,
  formatErrorFor,
  type OperationPolicy,
  operationSteps,
} from '../../../src/api/operation/operation.ts';
import { operationPlugin } from '../../../src/apollo/operation.ts';
import { statusPlugin } from '../../../src/apollo/status.ts';
import { defaultStreamLimits } from '../../../src/config/objects/streams.ts';
import type { GuardedSchema } from '../../../src/auth/guarded-schema.ts';
import { crossOrigin } from '../../../src/http/headers/cross-origin.ts';
import { plainLandingPage } from '../../../src/http/graphql/landing-page.ts';
import { mountGraphql } from '../../../src/http/graphql/graphql.ts';
import type { GraphqlRequest } from '../../../src/http/graphql/options.ts';
import { type Caller, principalFor } from '../../support/callers.ts';

// Some cases exceed a server's default limits. These tests check the rules, so the limits are raised.
const most = 1_000_000;
const large = {
  tokens: most,
  aliases: most,
  rootFields: most,
  cost: most,
  depth: most,
  directives: most,
  nesting: most,
};
/** Limits that no case of the table exceeds. */
export const largeLimits = { ...defaultLimits, ...large };
const challenge = { realm: 'table', resourceMetadata: 'https://api.example/.well-known/oauth-protected-resource' };

/**
 * Mounts the API endpoint over the table's schema, without listening. `Authorization` states the caller as JSON. Token
 * verification has its own table.
 */
export async function mountTable(
  guarded: GuardedSchema,
  introspection: OperationPolicy['introspection'] = 'open',
  limits: OperationPolicy['limits'] = largeLimits,
): Promise<FastifyInstance> {
  const policy: OperationPolicy = { introspection, limits };
  const single = operationSteps('single', policy, guarded);
  const app = fastify();
  await mountGraphql(app, {
    schema: single.schema,
    context: async (request) => ({ principal: principalFor(callerOf(request)) }),
    landingPage: plainLandingPage('Claimgate'),
    plugins: [operationPlugin(single.checks, challenge), statusPlugin()],
    parseOptions: single.parseOptions,
    validationRules: single.validationRules,
    runner: createRunner(operationSteps('stream', policy, guarded)),
    bodyLimit: 262_144,
    pages: crossOrigin('https://api.example', []),
    formatError: formatErrorFor(policy),
    streams: defaultStreamLimits,
    networkOf: (own) => ({ own, around: null }),
  });
  return app;
}

function callerOf({ rawHeaders }: GraphqlRequest): Caller {
  const at = rawHeaders.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'authorization');
  return JSON.parse(rawHeaders[at + 1] ?? 'null');
}
