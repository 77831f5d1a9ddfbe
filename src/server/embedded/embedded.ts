import type { JSONWebKeySet } from 'jose';
import type { Config } from '../../config.ts';
import { isOutage } from '../../errors.ts';
import { createAttempts } from '../../identity/attempts/attempts.ts';
import type { AuditFact } from '../../audit/facts.ts';
import type { Changing, Recording } from '../../audit/writer.ts';
import { callbackPath } from '../../explorer/paths.ts';
import { explorerClientId } from '../../identity/applications/first-party.ts';
import { keepExplorer, removeExplorer } from '../../identity/explorer-application.ts';
import { firstStart } from '../../identity/first-start.ts';
import type { ScopeCatalogue } from '../../identity/grants/scopes.ts';
import { sharedSecret } from '../../identity/keys/shared-secrets.ts';
import type { KeyPairs, SigningKey } from '../../identity/keys/signing-keys.ts';
import type { Logger } from '../../observe/log.ts';
import type { Metrics } from '../../observe/metrics.ts';
import { signingAlgorithms } from '../../protocol/keys/algorithms.ts';
import { accountHandler } from '../../provider/account/routes.ts';
import { createArrivals } from '../../provider/request/arrival.ts';
import { factors } from '../../provider/sign-in/factors.ts';
import { interactionHandler } from '../../provider/sign-in/interactions.ts';
import { createFrame } from '../../provider/pages/frame.ts';
import { createProvider } from '../../provider/provider.ts';
import { registrationPath } from '../../provider/paths.ts';
import { restoredAt } from '../../store/backup/restored.ts';
import { dataFolder } from '../../store/database.ts';
import type { Store } from '../../store/tables.ts';
import { defaultAlgorithms } from '../../token/dpop/settings.ts';
import type { IssuerOptions } from '../../token/issuers/options.ts';
import { localKeys } from '../../issuer/key-source.ts';
import type { Authority } from '../authority.ts';
import { newKeySettings, sealerOf } from './key-settings.ts';
import { followSigningKeys } from './keys.ts';
import { mountsOf, registrationMount } from './mounts.ts';
import { nonceSecret } from '../proofs.ts';
import { followRevocations } from './revocations.ts';
import { watchOwnKeys } from '../watch.ts';

/** The administrator's email address, and the password that the first start has generated. */
export interface FirstPassword {
  readonly email: string;
  readonly password: string;
  /** The folder for files that belong to the database: the folder of the SQLite file, or the working directory. */
  readonly folder: string;
}

/** The metrics and the audit trail to which the embedded authorization server reports. */
interface Watched {
  readonly metrics: Pick<Metrics, 'exchanged' | 'watchSigningKeys' | 'watchRevocations'>;
  readonly record: (fact: AuditFact) => void;
  readonly changing: Changing;
  readonly recording: Recording;
}

/**
 * Starts the embedded authorization server on a migrated database. The first start fills the database.
 *
 * @param announce - shows the password that the first start has generated
 * @throws if the database is not available, or if its keys cannot be read
 */
export async function embeddedAuthority(
  config: Config,
  catalogue: ScopeCatalogue,
  store: Store,
  log: Logger,
  announce: (first: FirstPassword) => void,
  { metrics, record, changing, recording }: Watched,
): Promise<Authority> {
  await firstStart(store, {
    email: config.adminEmail,
    password: config.adminPassword,
    announce: (first) => announce({ ...first, folder: dataFolder(config.databaseUrl) }),
    keys: newKeySettings(config),
    now: Date.now(),
  });
  await settleExplorer(config, store, changing, log);
  const markSecret = Buffer.from(await sharedSecret(store, 'issue_mark', sealerOf(config)), 'base64url');
  const restored = await restoredAt(store);
  const onFault = (error: Error) => {
    // Outages are not logged for each request, because the database pool reports them.
    if (!isOutage(error)) log.error({ err: error }, 'authorization server failed');
  };
  const arrived = createArrivals(Date.now);
  const attempts = createAttempts({ store, now: Date.now, limits: config.attempts });
  const common = {
    frame: createFrame(config.appearance),
    store,
    attempts,
    factors,
    catalogue,
    audience: config.audience,
    now: Date.now,
    onFault,
    record,
    changing,
    recording,
  };
  const proofs = {
    algorithms: config.dpop.algorithms ?? defaultAlgorithms,
    nonceSecret: await nonceSecret(config, store),
  };
  const registration = registrationMount(config, { ...common, signing: () => running.signing });
  // oidc-provider reads its keys only when an instance is created. Therefore new keys need a new instance. The old
  // instance completes its requests.
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
      restoredAt: restored,
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
  const followedKeys = await followSigningKeys(config, store, log, changing, (keys, cookieKey) => {
    running = withKeys(keys, cookieKey);
  });
  const followed = await followRevocations(config, store, log);
  watchOwnKeys(metrics, followedKeys.current, followed.revocations);
  return {
    issuers: [ownIssuer(config, () => running.published)],
    revocations: followed.revocations,
    parts: {
      around: arrived.around,
      checks: [followed.check],
      mounts: mountsOf(() => running, registration, config.appearance.logo),
    },
    onNotice: (topic) => {
      if (topic === 'revocations') followed.wake();
      if (topic === 'signing_keys') followedKeys.wake();
    },
    close: async () => {
      arrived.close();
      followedKeys.close();
      followed.close();
    },
  };
}

/**
 * Creates the application of the explorer or gives it the present redirect URI; deletes it if the explorer is off. The
 * audit trail records the deletion.
 */
async function settleExplorer(
  { explorer, publicUrl }: Config,
  store: Store,
  changing: Changing,
  log: Logger,
): Promise<void> {
  if (explorer) return keepExplorer(store, publicUrl + callbackPath, Date.now());
  const isRemoved = await changing(
    (transaction) => removeExplorer(transaction, Date.now()),
    (removed) => (removed ? explorerDeleted : null),
  );
  if (isRemoved) log.info('the explorer is off: its application is deleted, and its grants and tokens have ended');
}

const explorerDeleted: AuditFact = {
  type: 'application_deleted',
  outcome: 'allowed',
  coordinate: null,
  rule: null,
  accountId: null,
  clientId: explorerClientId,
  detail: 'explorer: false',
};

/** Returns the public keys as the key set that the server publishes. */
export function keySetOf(keys: readonly SigningKey[]): JSONWebKeySet {
  return { keys: keys.map(({ publicJwk }) => publicJwk) };
}

/**
 * Returns this server as a trusted issuer.
 *
 * @param published - returns the published keys. The object stays the same until the keys change
 */
export function ownIssuer(config: Config, published: () => JSONWebKeySet): IssuerOptions {
  return {
    issuer: config.publicUrl,
    audience: [config.audience],
    algorithms: signingAlgorithms,
    keys: localKeys(published),
    primary: true,
  };
}
