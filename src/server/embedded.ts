import type { FastifyInstance } from 'fastify';
import type { EmbeddedServer } from '../api/schema.ts';
import type { Config } from '../config.ts';
import { isOutage } from '../errors.ts';
import { createExchange } from '../exchange/exchange.ts';
import { inProcessFetch } from '../http/in-process.ts';
import type { AuditFact } from '../identity/audit.ts';
import { findCookieKey, firstStart } from '../identity/first-start.ts';
import type { ScopeCatalogue } from '../identity/scopes.ts';
import { publicJwk, type SigningKey, signingAlgorithm, signingKeys } from '../identity/signing-keys.ts';
import type { Logger } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import { interactionHandler } from '../provider/interactions.ts';
import { createProvider, endpoints, interactionPath } from '../provider/provider.ts';
import { dataFolder } from '../store/database.ts';
import type { Store } from '../store/tables.ts';
import type { IssuerOptions } from '../token/issuer.ts';
import { localKeys } from '../token/keys.ts';
import type { Authority } from './authority.ts';
import { followRevocations } from './revocations.ts';
import { watchOurselves } from './watch.ts';

/** What a first start made up. */
export interface FirstPassword {
  readonly email: string;
  readonly password: string;
  /** Where what belongs to the database may be kept: beside its file, or in the working directory. */
  readonly folder: string;
}

/** Who hears of what happens here. */
interface Watched {
  readonly metrics: Pick<Metrics, 'exchanged' | 'watchSigningKeys' | 'watchRevocations'>;
  readonly record: (fact: AuditFact) => void;
}

/** Our own token endpoint, spoken to without a socket. */
export function exchangeWithOurselves(
  { publicUrl }: Config,
  app: () => FastifyInstance,
  log: Logger,
): EmbeddedServer['exchange'] {
  return createExchange({
    server: {
      issuer: publicUrl,
      tokenEndpoint: publicUrl + endpoints.token,
      revocationEndpoint: publicUrl + endpoints.revocation,
      idTokenSigningAlgorithms: [signingAlgorithm],
    },
    fetchFor: inProcessFetch(app, publicUrl, fetch),
    onFailure: (failure) => log.warn(failure, 'exchange failed'),
  });
}

/** The embedded authorization server, on a migrated database that gets what a first start makes. */
export async function ourselves(
  config: Config,
  catalogue: ScopeCatalogue,
  store: Store,
  log: Logger,
  announce: (first: FirstPassword) => void,
  { metrics, record }: Watched,
): Promise<Authority> {
  await firstStart(store, {
    email: config.adminEmail,
    password: config.adminPassword,
    announce: (first) => announce({ ...first, folder: dataFolder(config.databaseUrl) }),
    now: Date.now(),
  });
  const cookieKey = await findCookieKey(store);
  const keys = await signingKeys(store);
  const onFault = (error: Error) => {
    // Of the database's own absence its user hears once, and not of every request.
    if (!isOutage(error)) log.error({ err: error }, 'authorization server failed');
  };
  const common = { store, catalogue, audience: config.audience, now: Date.now, onFault, record };
  const provider = createProvider({
    ...common,
    onExchange: (grantType, outcome) => metrics.exchanged({ via: 'endpoint', grantType, outcome }),
    issuer: config.publicUrl,
    lifetimes: config.lifetimes,
    keys,
    cookieKey,
  });
  const handle = provider.callback();
  const followed = await followRevocations(config, store, log);
  await watchOurselves(metrics, keys, store, followed.revocations);
  return {
    issuers: [ownIssuer(config, keys)],
    revocations: followed.revocations,
    parts: {
      checks: [followed.check],
      mounts: [
        {
          paths: [...Object.values(endpoints), `${endpoints.authorization}/:uid`, '/.well-known/openid-configuration'],
          handle,
        },
        {
          // RFC 8414 §3: the same document, for clients that know no OpenID Connect.
          paths: ['/.well-known/oauth-authorization-server'],
          handle: (request, response) => {
            request.url = '/.well-known/openid-configuration';
            return handle(request, response);
          },
        },
        {
          paths: [`${interactionPath}/*`],
          handle: interactionHandler({ ...common, provider, formKey: cookieKey }),
        },
      ],
    },
    onNotice: (topic) => {
      if (topic === 'revocations') followed.wake();
    },
    close: async () => followed.close(),
  };
}

/** We ourselves, as an issuer whose tokens are accepted. */
export function ownIssuer(config: Config, keys: readonly SigningKey[]): IssuerOptions {
  const published = { keys: keys.map(publicJwk) };
  return {
    issuer: config.publicUrl,
    audience: [config.audience],
    algorithms: [signingAlgorithm],
    keys: localKeys(() => published),
    primary: true,
  };
}
