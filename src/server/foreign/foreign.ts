import type { Config } from '../../config.ts';
import type { ReadinessCheck } from '../../http/health.ts';
import type { Logger } from '../../observe/log.ts';
import type { CountedKeys, Metrics } from '../../observe/metrics.ts';
import { storedKeyCopies } from '../../store/token/key-copies.ts';
import type { Store } from '../../store/tables.ts';
import { asymmetricAlgorithms } from '../../protocol/keys/algorithms.ts';
import { shown } from '../../protocol/shown.ts';
import { givenKeyFaults } from '../../issuer/options/given-keys.ts';
import { issuerFaults } from '../../token/issuers/issuer.ts';
import type { IssuerOptions } from '../../token/issuers/options.ts';
import { type KeySource, localKeys } from '../../issuer/key-source.ts';
import { locationFaults } from '../../issuer/options/location.ts';
import type { KeyEvent } from '../../issuer/options/remote-keys.ts';
import { type RemoteKeys, remoteKeys } from '../../issuer/remote-keys.ts';
import { hasTestKey, noTestIssuer, refusingTestIssuers } from '../../issuer/test-issuer.ts';
import type { Authority } from '../authority.ts';

type IssuerEntry = Config['issuers'][number];

/**
 * Makes the authority of the foreign issuers. Only the issuer in `CLAIMGATE_ISSUER` is primary. The configuration file
 * may have an entry with the settings of this issuer. Without an entry, its tokens must follow RFC 9068.
 *
 * With `log`, keys are fetched at once, in the background. Without `log`, keys are fetched when the first token needs
 * them.
 *
 * @param store - stores the last keys. Default: keys are not stored
 * @param log - logs failures. Default: failures are not logged
 * @param metrics - counts fetches and shows the age of keys. Default: nothing is counted
 * @param fetch - calls issuers. Default: the global `fetch`
 */
export function foreignAuthority(
  config: Config,
  store?: Store,
  log?: Logger,
  metrics?: Pick<Metrics, 'watchKeys'>,
  fetch: typeof globalThis.fetch = globalThis.fetch,
): Authority {
  const checks: ReadinessCheck[] = [];
  const keysOf = (entry: IssuerEntry): KeySource => {
    if (entry.keys) return configuredKeys(entry.keys.jwks);
    const { issuer, metadata, jwksUri } = entry;
    const keys = remoteKeys({
      issuer,
      ...(metadata !== undefined && { metadata }),
      ...(jwksUri !== undefined && { jwksUri }),
      fetch: config.acceptsTestIssuers ? fetch : refusingTestIssuers(fetch),
      ...(store && { copies: storedKeyCopies(store) }),
      ...(log && { onEvent: reporter(log, entry.issuer) }),
    });
    // A non-primary issuer may be unavailable for a long time. The server stays ready for the tokens of the other
    // issuers.
    if (entry.issuer === config.issuer) checks.push(keysCheck(keys));
    metrics?.watchKeys(entry.issuer, () => counted(keys));
    if (log) keys.refresh().catch(() => {});
    return keys;
  };
  const issuers = entriesOf(config).map((entry) => optionsOf(entry, config, keysOf(entry)));
  return { issuers, parts: { checks, mounts: [] }, close: async () => {} };
}

/** Finds the faults of all foreign issuers. Each fault names its issuer. Calls no issuer. */
export function foreignFaults(config: Config): string[] {
  const entries = entriesOf(config);
  /** Makes a key source without keys. Its `discovers` equals the `discovers` of the real source. */
  const emptySource = ({ keys, metadata, jwksUri }: IssuerEntry): KeySource => ({
    find: async () => [],
    has: () => false,
    discovers: keys === undefined && metadata === undefined && jwksUri === undefined,
  });
  const faults = issuerFaults(entries.map((entry) => optionsOf(entry, config, emptySource(entry))));
  for (const { issuer, keys, ...location } of entries) {
    faults.push(...locationFaults(location).map((fault) => `issuer "${shown(issuer)}": ${fault}`));
    if (keys && (location.metadata ?? location.jwksUri) !== undefined) {
      faults.push(`issuer "${shown(issuer)}": has keys beside metadata or jwksUri: expected one of them`);
    }
    if (keys && !config.acceptsTestIssuers && hasTestKey(keys.jwks))
      faults.push(`issuer "${shown(issuer)}": is ${noTestIssuer}`);
    if (keys) faults.push(...givenKeyFaults(keys.jwks).map((fault) => `issuer "${issuer}": ${fault}`));
    if (config.issuer === undefined && issuer === config.publicUrl) {
      faults.push(`issuer "${issuer}": is the embedded authorization server, which needs no entry`);
    }
  }
  const primary = `issuer "${shown(config.issuer ?? '')}": `;
  return faults.map((fault) => (fault.startsWith(primary) ? `CLAIMGATE_ISSUER: ${fault}` : fault));
}

function entriesOf({ issuer, audience, issuers }: Config): readonly IssuerEntry[] {
  if (issuer === undefined || issuers.some((entry) => entry.issuer === issuer)) return issuers;
  return [{ issuer, audiences: [audience] }, ...issuers];
}

function optionsOf(
  { audiences, roles, metadata: _metadata, jwksUri: _jwksUri, ...entry }: IssuerEntry,
  config: Config,
  keys: KeySource,
): IssuerOptions {
  const algorithms = entry.algorithms ?? (entry.preset === undefined ? asymmetricAlgorithms : undefined);
  return {
    ...entry,
    ...(algorithms && { algorithms }),
    audience: audiences,
    ...(roles && { roles: Array.isArray(roles) ? roles : [roles] }),
    keys,
    primary: entry.issuer === config.issuer,
  };
}

function configuredKeys(jwks: NonNullable<IssuerEntry['keys']>['jwks']): KeySource {
  const set = { keys: [...jwks.keys] };
  return localKeys(() => set);
}

/** Makes the readiness check for the keys of an issuer. It passes if usable keys are known or can be fetched. */
function keysCheck(keys: RemoteKeys): ReadinessCheck {
  return { name: 'keys', check: () => keys.refresh() };
}

/** Makes a reporter that logs the events of an issuer's keys. Of an outage, it logs only the beginning and the end. */
function reporter(log: Logger, issuer: string): (event: KeyEvent) => void {
  let failing = false;
  return (event) => {
    switch (event.is) {
      case 'fetched':
        if (failing) log.info({ issuer, keys: event.keys }, 'keys of the issuer are available again');
        failing = false;
        return;
      case 'failed':
        if (!failing) log.warn({ issuer, err: event.error }, 'keys of the issuer are not available');
        failing = true;
        return;
      case 'recalled':
        log.warn({ issuer, keys: event.keys, age: event.age }, 'keys of the issuer are those of its last answer');
        return;
      case 'copy failed':
        log.error(
          { issuer, err: event.error },
          'the stored copy of the keys of the issuer could not be written or read',
        );
        return;
    }
  };
}

function counted(keys: RemoteKeys): CountedKeys {
  const { age, hits, misses, fetches, failures } = keys.state();
  return { age: age === null ? null : age / 1000, hits, misses, fetches, failures };
}
