import { refuseInProduction } from '../production.ts';
import type { StartedIssuer } from '../started-issuer.ts';
import { createAsk } from './ask.ts';
import { launch } from './launch.ts';
import type { TestServer, TestServerOptions } from './start.ts';

/** A server whose issuer is another program. It has no accounts and applications of its own. */
export type ForeignTestServer = Pick<TestServer, 'url' | 'ask' | 'close'> & AsyncDisposable;

/**
 * Starts a server in this process that trusts an issuer of `startTestIssuer`, as with `CLAIMGATE_ISSUER` and
 * `CLAIMGATE_AUDIENCE`. The issuer makes the tokens: `issuer.token(…)`.
 *
 * @param issuer - the result of `startTestIssuer`
 * @param options - the configuration and the environment, as for `startTestServer`
 * @throws {StartError} with every fault of the configuration
 * @throws {Error} with `NODE_ENV=production`
 */
export async function startTestServerFor(
  issuer: Pick<StartedIssuer, 'issuer' | 'audience'>,
  { config = {}, environment = {} }: Pick<TestServerOptions, 'config' | 'environment'> = {},
): Promise<ForeignTestServer> {
  refuseInProduction('startTestServerFor');
  const trusted = { CLAIMGATE_ISSUER: issuer.issuer, CLAIMGATE_AUDIENCE: issuer.audience };
  const { server, close } = await launch(config, { ...trusted, ...environment });
  return { url: server.url, ask: createAsk(server.url), close, [Symbol.asyncDispose]: close };
}
