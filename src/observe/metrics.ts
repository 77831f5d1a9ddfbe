import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** A rule that denied, or would have, as far as it is counted. */
export interface CountedDenial {
  readonly mode: 'enforce' | 'shadow';
  /** `Type.field`. */
  readonly coordinate: string;
  /** The client ID of the application that called; null for nobody. */
  readonly clientId: string | null;
  readonly code: string;
}

/** The keys of one issuer. */
export interface CountedKeys {
  /** How old the keys in use are, in seconds; null: there are none. */
  readonly age: number | null;
  readonly hits: number;
  readonly misses: number;
  /** How often the issuer was asked, and how often that failed. */
  readonly fetches: number;
  readonly failures: number;
}

/** What is measured, in the text format of Prometheus. */
export interface Metrics {
  denied(denial: CountedDenial): void;
  /** Looks at an issuer's keys whenever somebody reads. */
  watchKeys(issuer: string, read: () => CountedKeys): void;
  readonly contentType: string;
  read(): Promise<string>;
}

/** How many series of denials there may be: clients of issuers elsewhere come without our doing. The rest is one series. */
const mostSeries = 1_000;

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const denials = new Counter({
    name: 'claimgate_denials_total',
    help: 'Rules that denied (enforce), or would have (shadow), by coordinate and client.',
    labelNames: ['mode', 'coordinate', 'client_id', 'code'],
    registers: [registry],
  });
  const watched = new Map<string, () => CountedKeys>();
  const keysGauge = (name: string, help: string, of: (keys: CountedKeys) => number | null) =>
    new Gauge({
      name: `claimgate_issuer_keys_${name}`,
      help,
      labelNames: ['issuer'],
      registers: [registry],
      collect() {
        this.reset();
        for (const [issuer, read] of watched) {
          const value = of(read());
          if (value !== null) this.set({ issuer }, value);
        }
      },
    });
  keysGauge('age_seconds', "How old the issuer's keys in use are; absent where there are none.", ({ age }) => age);
  keysGauge('hits', 'Tokens whose key was known.', ({ hits }) => hits);
  keysGauge('misses', 'Tokens whose key was not known.', ({ misses }) => misses);
  keysGauge('fetches', 'How often the issuer was asked for its keys.', ({ fetches }) => fetches);
  keysGauge('failures', 'How often that failed.', ({ failures }) => failures);

  const series = new Set<string>();
  return {
    denied({ mode, coordinate, clientId, code }) {
      const key = JSON.stringify([mode, coordinate, clientId, code]);
      if (series.size < mostSeries) series.add(key);
      const known = series.has(key);
      denials.inc({
        mode,
        coordinate: known ? coordinate : 'others',
        client_id: known ? (clientId ?? '') : 'others',
        code,
      });
    },
    watchKeys(issuer, read) {
      watched.set(issuer, read);
    },
    contentType: registry.contentType,
    read: () => registry.metrics(),
  };
}
