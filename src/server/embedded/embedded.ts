import type { FastifyInstance } from 'fastify';
import type { JSONWebKeySet } from 'jose';
import type { EmbeddedServer } from '../../api/schema.ts';
import type { Config } from '../../config.ts';
import { isOutage } from '../../errors.ts';
import { createExchange } from '../../exchange/exchange.ts';
import { inProcessFetch } from '../../http/in-process.ts';
import type { RawMount } from '../../http/raw.ts';
import { createAttempts } from '../../identity/attempts/attempts.ts';
import type { AuditFact } from '../../audit/trail.ts';
import type { Changing, Telling } from '../../audit/writer.ts';
import { firstStart } from '../../identity/first-start.ts';
import type { ScopeCatalogue } from '../../identity/grants/scopes.ts';
import { sharedSecret } from '../../identity/keys/shared-secrets.ts';
import { type KeyPairs, type SigningKey, signingAlgorithms } from '../../identity/keys/signing-keys.ts';
import type { Logger } from '../../observe/log.ts';
import type { Metrics } from '../../observe/metrics.ts';
import { accountHandler } from '../../provider/account/routes.ts';
import { arrivals } from '../../provider/faults/arrival.ts';
import { factors } from '../../provider/sign-in/factors.ts';
import { interactionHandler } from '../../provider/sign-in/interactions.ts';
import { accountPath } from '../../provider/pages/account.ts';
import { createProvider, endpoints, interactionPath } from '../../provider/provider.ts';
import {
  type RegistrationOptions,
  registrationHandler,
  registrationPath,
} from '../../provider/endpoints/registration.ts';
import { dataFolder } from '../../store/database.ts';
import type { Store } from '../../store/tables.ts';
import { defaultAlgorithms } from '../../token/dpop/settings.ts';
import type { IssuerOptions } from '../../token/issuer.ts';
import { localKeys } from '../../token/keys.ts';
import type { Authority } from '../authority.ts';
import { keySettings, sealerOf } from './key-settings.ts';
import { keepKeys } from './keys.ts';
import { nonceSecret } from '../proofs.ts';
import { followRevocations } from './revocations.ts';
import { watchOurselves } from '../watch.ts';

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
  readonly changing: Changing;
  readonly telling: Telling;
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
      idTokenSigningAlgorithms: signingAlgorithms,
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
  { metrics, record, changing, telling }: Watched,
): Promise<Authority> {
  await firstStart(store, {
    email: config.adminEmail,
    password: config.adminPassword,
    announce: (first) => announce({ ...first, folder: dataFolder(config.databaseUrl) }),
    keys: keySettings(config),
    now: Date.now(),
  });
  const markSecret = Buffer.from(await sharedSecret(store, 'issue_mark', sealerOf(config)), 'base64url');
  const onFault = (error: Error) => {
    // Of the database's own absence its user hears once, and not of every request.
    if (!isOutage(error)) log.error({ err: error }, 'authorization server failed');
  };
  const arrived = arrivals(Date.now);
  const attempts = createAttempts({ store, now: Date.now, limits: config.attempts });
  const common = {
    store,
    attempts,
    factors,
    catalogue,
    audience: config.audience,
    now: Date.now,
    onFault,
    record,
    changing,
    telling,
  };
  const proofs = {
    algorithms: config.dpop.algorithms ?? defaultAlgorithms,
    nonceSecret: await nonceSecret(config, store),
  };
  const registration = registrationMount(config, { ...common, signing: () => running.signing });
  // The library takes its keys when it is made: with new keys it is made anew, and what is under way goes on in the old one.
  const withKeys = (keys: KeyPairs, cookieKey: string) => {
    const provider = createProvider({
      ...common,
      arrivedAt: arrived.arrivedAt,
      onExchange: (grantType, outcome) => metrics.exchanged({ via: 'endpoint', grantType, outcome }),
      issuer: config.publicUrl,
      resources: config.resources,
      proofs,
      lifetimes: config.lifetimes,
      ...(registration && { registrationPath }),
      keys,
      markSecret,
      cookieKey,
    });
    return {
      handle: provider.callback(),
      interact: interactionHandler({ ...common, provider, formKey: cookieKey }),
      account: accountHandler({ ...common, provider, issuer: config.publicUrl, formKey: cookieKey }),
      published: keySetOf(keys),
      signing: keys[0].alg,
    };
  };
  let running: ReturnType<typeof withKeys>;
  const kept = await keepKeys(config, store, log, changing, (keys, cookieKey) => {
    running = withKeys(keys, cookieKey);
  });
  const handle: RawMount['handle'] = (request, response) => running.handle(request, response);
  const followed = await followRevocations(config, store, log);
  watchOurselves(metrics, kept.current, followed.revocations);
  return {
    issuers: [ownIssuer(config, () => running.published)],
    revocations: followed.revocations,
    parts: {
      around: arrived.around,
      checks: [followed.check],
      mounts: [
        {
          paths: [
            ...Object.values(endpoints),
            `${endpoints.authorization}/:uid`,
            `${endpoints.end_session}/confirm`,
            `${endpoints.end_session}/success`,
            '/.well-known/openid-configuration',
          ],
          crossOrigin: {
            [endpoints.token]: 'POST',
            [endpoints.revocation]: 'POST',
            [endpoints.introspection]: 'POST',
            [endpoints.pushed_authorization_request]: 'POST',
            [endpoints.jwks]: 'GET',
            '/.well-known/openid-configuration': 'GET',
          },
          handle,
        },
        {
          // RFC 8414 §3: the same document, for clients that know no OpenID Connect.
          paths: ['/.well-known/oauth-authorization-server'],
          crossOrigin: { '/.well-known/oauth-authorization-server': 'GET' },
          handle: (request, response) => {
            request.url = '/.well-known/openid-configuration';
            return handle(request, response);
          },
        },
        {
          paths: [`${interactionPath}/*`],
          handle: (request, response) => running.interact(request, response),
        },
        {
          paths: [accountPath, `${accountPath}/*`],
          handle: (request, response) => running.account(request, response),
        },
        ...(registration ? [registration] : []),
      ],
    },
    onNotice: (topic) => {
      if (topic === 'revocations') followed.wake();
      if (topic === 'signing_keys') kept.wake();
    },
    close: async () => {
      arrived.close();
      kept.close();
      followed.close();
    },
  };
}

/** Where applications register themselves; null: they do not. */
function registrationMount(
  { registration, registrationToken, publicUrl }: Config,
  options: Omit<RegistrationOptions, 'token' | 'publicUrl'>,
): RawMount | null {
  if (registration === 'off' && registrationToken === undefined) return null;
  return {
    paths: [registrationPath],
    crossOrigin: { [registrationPath]: 'POST' },
    handle: registrationHandler({ ...options, publicUrl, token: registrationToken ?? null }),
  };
}

/** The public halves, as they are published. */
export function keySetOf(keys: readonly SigningKey[]): JSONWebKeySet {
  return { keys: keys.map(({ publicJwk }) => publicJwk) };
}

/** We ourselves, as an issuer whose tokens are accepted. @param published gives the same object until the keys change */
export function ownIssuer(config: Config, published: () => JSONWebKeySet): IssuerOptions {
  return {
    issuer: config.publicUrl,
    audience: [config.audience],
    algorithms: signingAlgorithms,
    keys: localKeys(published),
    primary: true,
  };
}
