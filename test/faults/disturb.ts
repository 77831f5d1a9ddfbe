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

/** What a plan is carried out on. */
export interface Theatre {
  readonly ledger: Ledger;
  readonly random: Random;
  readonly replicas: readonly Replica[];
  /** The database by a way that nothing cuts. */
  readonly store: Store;
  /** Those who may lose their role, once each. */
  readonly officers: { readonly id: string; readonly email: string }[];
  /** None for a file. */
  readonly postgres?: RunningPostgres;
  readonly line?: Line;
}

/** How long a new key is published before it signs, in milliseconds: every replica knows it by then, unless it is cut off. */
const publishedForMs = 5_000;
/** Longer than any run's access token lives, in milliseconds. */
const retiredForMs = 3_600_000;

/** Carries out a plan, each fault at its time. @returns once the last one is over */
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

/** Ends some grants whose tokens were received lately. */
async function revokeSome({ ledger, random, store }: Theatre, count: number): Promise<void> {
  const { tokens } = ledger.facts;
  for (let left = Math.min(count, tokens.length); left > 0; left -= 1) {
    const { grant } = random.pick(tokens.slice(-50));
    const ended = ledger.ending({ grant }, 'revoked', Date.now());
    await attempt(ledger, () => revokeGrant(store, grant, Date.now()), ended);
  }
}

/** Without an answer of the database nobody knows whether it came about; the ledger says so by itself. */
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
