import { Gauge, type Registry } from 'prom-client';

/** The state of the keys of one issuer. */
export interface CountedKeys {
  /** The age of the keys in use, in seconds. Null: there are no keys. */
  readonly age: number | null;
  /** The number of tokens with a known key (`hits`) and with an unknown key (`misses`). */
  readonly hits: number;
  readonly misses: number;
  /** How often the keys were fetched. `failures`: how often fetching failed. */
  readonly fetches: number;
  readonly failures: number;
}

/** One of this server's own signing keys. */
export interface CountedSigningKey {
  readonly kid: string;
  readonly state: string;
  /** The time since the key was made, in seconds. */
  readonly age: number;
}

/** The connections of a pool. */
export interface CountedPool {
  readonly open: number;
  readonly idle: number;
  /** Requests that wait for a connection. */
  readonly waiting: number;
}

/** The values that are read each time the metrics are read. */
export interface Gauges {
  /** @param read - returns the state of the issuer's keys */
  watchKeys(issuer: string, read: () => CountedKeys): void;
  /** @param read - returns this server's own signing keys */
  watchSigningKeys(read: () => readonly CountedSigningKey[]): void;
  /** @param read - returns the state of the pool. Null if the database has no pool */
  watchPool(read: () => CountedPool | null): void;
  /** @param read - returns how many rows of the audit trail are not written yet */
  watchAudit(read: () => number): void;
  /** @param read - returns the time since all revocations were last read, in seconds. Null: never read */
  watchRevocations(read: () => number | null): void;
}

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number | null];

/** Registers the gauges. A gauge without a value is left out of the metrics. */
export function createGauges(registry: Registry): Gauges {
  const issuers = new Map<string, () => CountedKeys>();
  let signingKeys = (): readonly CountedSigningKey[] => [];
  let pool = (): CountedPool | null => null;
  let audit = (): number | null => null;
  let revocations = (): number | null => null;

  const gauge = (name: string, help: string, labelNames: readonly string[], samples: () => Iterable<Sample>) =>
    new Gauge({
      name: `claimgate_${name}`,
      help,
      labelNames,
      registers: [registry],
      collect() {
        this.reset();
        for (const [labels, value] of samples()) if (value !== null) this.set(labels, value);
      },
    });
  const keysGauge = (name: string, help: string, of: (keys: CountedKeys) => number | null) =>
    gauge(`issuer_keys_${name}`, help, ['issuer'], () =>
      [...issuers].map(([issuer, read]) => [{ issuer }, of(read())] as const),
    );
  keysGauge('age_seconds', "How old the issuer's keys in use are; absent where there are none.", ({ age }) => age);
  keysGauge('hits', 'Tokens whose key was known.', ({ hits }) => hits);
  keysGauge('misses', 'Tokens whose key was not known.', ({ misses }) => misses);
  keysGauge('fetches', 'How often the keys of the issuer were fetched.', ({ fetches }) => fetches);
  keysGauge('failures', 'How often fetching the keys of the issuer failed.', ({ failures }) => failures);
  gauge('signing_key_age_seconds', "How old each of this server's own signing keys is.", ['kid', 'state'], () =>
    signingKeys().map(({ kid, state, age }) => [{ kid, state }, age] as const),
  );
  gauge('database_pool_connections', 'Connections to the database by state; absent for a file.', ['state'], () => {
    const now = pool();
    return now === null ? [] : [[{ state: 'in_use' }, now.open - now.idle] as const, [{ state: 'idle' }, now.idle]];
  });
  gauge('database_pool_waiting', 'Requests that wait for a connection; absent for a file.', [], () => [
    [{}, pool()?.waiting ?? null],
  ]);
  gauge('audit_rows_pending', 'Rows of the audit trail that are not written yet.', [], () => [[{}, audit()]]);
  gauge('revocations_age_seconds', 'How long ago all revocations were last read.', [], () => [[{}, revocations()]]);

  return {
    watchKeys: (issuer, read) => void issuers.set(issuer, read),
    /** @param read - returns this server's own signing keys */
    watchSigningKeys(read) {
      signingKeys = read;
    },
    watchPool(read) {
      pool = read;
    },
    watchAudit(read) {
      audit = read;
    },
    watchRevocations(read) {
      revocations = read;
    },
  };
}
