import { setTimeout as sleep } from 'node:timers/promises';
import { rotateSigningKey } from '../../src/identity/keys/rotation.ts';
import { revokeGrant } from '../../src/identity/grants/revoke.ts';
import { setRoles } from '../../src/identity/accounts/roles.ts';
import { shippedScopes } from '../../src/identity/grants/scopes.ts';
import type { Store } from '../../src/store/tables.ts';
import type { Random } from '../fuzz/random.ts';
import type { Line } from '../support/cut.ts';
import type { RunningPostgres } from '../support/postgres.ts';
import type { Ledger } from './ledger.ts';
import type { DatabaseFault, Fault } from './plan.ts';
import type { Replica } from './replica.ts';

/** What the faults are applied to. */
export interface Theatre {
  readonly ledger: Ledger;
  readonly random: Random;
  readonly replicas: readonly Replica[];
  /** The database, by a connection that no fault cuts. */
  readonly store: Store;
  /** People who can lose their role, each once. */
  readonly officers: { readonly id: string; readonly email: string }[];
  /** `undefined`: the database is a file. */
  readonly postgres?: RunningPostgres;
  readonly line?: Line;
}

/**
 * How long a new key is published before it signs, in milliseconds. In this time every connected replica learns the
 * key.
 */
const publishedForMs = 5_000;
/** Longer than the lifetime of any access token of a run, in milliseconds. */
const retiredForMs = 3_600_000;

/**
 * Applies each fault of a plan at its time.
 * @returns a promise that resolves after the last fault is over
 */
export async function disturb(theatre: Theatre, plan: readonly Fault[]): Promise<void> {
  const start = Date.now();
  const under: Promise<void>[] = [];
  for (const fault of plan) {
    await sleep(Math.max(0, start + fault.at - Date.now()));
    theatre.ledger.count(`fault: ${fault.is}`);
    under.push(strike(theatre, fault));
  }
  await Promise.all(under);
}

async function strike(theatre: Theatre, fault: Fault): Promise<void> {
  const { ledger, replicas, store } = theatre;
  switch (fault.is) {
    case 'replica killed':
      return replicas[fault.replica]?.kill();
    case 'grants revoked':
      return revokeSome(theatre, fault.count);
    case 'role lost': {
      const officer = theatre.officers.shift();
      if (!officer) return;
      const ended = ledger.ending({ account: officer.email }, 'role lost', Date.now());
      const catalogue = new Map(Object.entries(shippedScopes));
      return attempt(ledger, () => setRoles(store, catalogue, officer.id, [], Date.now()), ended);
    }
    case 'keys rotated': {
      const settings = { algorithm: 'ES256', sealer: null, retiredForMs } as const;
      return attempt(ledger, () => rotateSigningKey(store, settings, { now: Date.now(), publishedForMs }));
    }
    case 'database killed':
    case 'database stopped':
    case 'line stalled':
    case 'line refused':
      return troubleDatabase(theatre, fault.is, fault.for);
  }
}

/** Revokes some grants whose tokens were received recently. */
async function revokeSome({ ledger, random, store }: Theatre, count: number): Promise<void> {
  const { tokens } = ledger.facts;
  for (let left = Math.min(count, tokens.length); left > 0; left -= 1) {
    const { grant } = random.pick(tokens.slice(-50));
    const ended = ledger.ending({ grant }, 'revoked', Date.now());
    await attempt(ledger, () => revokeGrant(store, grant, Date.now()), ended);
  }
}

/** Makes a change. If the database does not answer, the outcome is unknown, and the ending keeps no `endedAt`. */
async function attempt(ledger: Ledger, change: () => Promise<unknown>, done?: (at: number) => void): Promise<void> {
  try {
    await change();
    done?.(Date.now());
  } catch {
    ledger.count('change: without an answer');
  }
}

async function troubleDatabase({ postgres, line }: Theatre, trouble: DatabaseFault, lasts: number): Promise<void> {
  switch (trouble) {
    case 'line stalled':
    case 'line refused':
      line?.set(trouble === 'line stalled' ? 'stalled' : 'refused');
      await sleep(lasts);
      line?.set('open');
      return;
    case 'database killed':
    case 'database stopped':
      await (trouble === 'database killed' ? postgres?.kill() : postgres?.stop());
      await sleep(lasts);
      await postgres?.start();
  }
}
