import { rm } from 'node:fs/promises';
import { openDatabase } from '../../src/store/database.ts';
import type { Store } from '../../src/store/tables.ts';
import { type Line, openLine } from '../support/cut.ts';
import { type RunningPostgres, startPostgres } from '../support/postgres.ts';
import { freePort, temporaryFolder } from '../support/process.ts';
import { type Account, addPerson } from '../support/server.ts';
import { openBalancer } from './balancer.ts';
import type { DatabaseFault } from './plan.ts';
import { type Replica, startReplica } from './replica.ts';

/** An installation with accounts: replicas behind one address, and the database behind a connection that can be cut. */
export interface Stage {
  readonly url: string;
  readonly replicas: readonly Replica[];
  readonly databaseUrl: string;
  readonly store: Store;
  readonly postgres?: RunningPostgres;
  readonly line?: Line;
  /** The faults that are possible for this database. */
  readonly databaseFaults: readonly DatabaseFault[];
  readonly people: readonly Account[];
  /** Accounts with the role of administrators. */
  readonly officers: readonly (Account & { readonly id: string })[];
  /**
   * Stops everything.
   * @returns the output of the replicas
   */
  dispose(): Promise<string>;
}

/** @param databaseUrl - an empty database. `undefined`: a new PostgreSQL server, which faults may kill */
export async function setStage(replicaCount: number, databaseUrl: string | undefined): Promise<Stage> {
  const folder = await temporaryFolder();
  const postgres = databaseUrl === undefined ? await startPostgres() : undefined;
  const direct = databaseUrl ?? postgres?.url ?? '';
  const line = direct.startsWith('file:') ? undefined : await openLine(Number(new URL(direct).port || 5432));
  const ports: number[] = [];
  while (ports.length < replicaCount) ports.push(await freePort());
  const balancer = await openBalancer(ports);
  const publicUrl = `http://127.0.0.1:${balancer.port}`;
  const replicas = ports.map((port) =>
    startReplica({ port, publicUrl, databaseUrl: line ? through(direct, line) : direct, folder: folder.path }),
  );
  await Promise.all(replicas.map((replica) => replica.ready()));

  const people: Account[] = [];
  const officers: (Account & { id: string })[] = [];
  for (let index = 0; index < 10; index += 1) {
    people.push(await addPerson({ databaseUrl: direct }, `person-${index}@example.com`));
    officers.push(await addPerson({ databaseUrl: direct }, `officer-${index}@example.com`, ['administrator']));
  }
  const store = await openDatabase(direct);
  return {
    url: publicUrl,
    replicas,
    databaseUrl: direct,
    store,
    ...(postgres && { postgres }),
    ...(line && { line }),
    databaseFaults: [
      ...(line ? (['line stalled', 'line refused'] as const) : []),
      ...(postgres ? (['database killed', 'database stopped'] as const) : []),
    ],
    people,
    officers,
    async dispose() {
      const printed = await Promise.all(replicas.map((replica) => replica.stop()));
      await store.destroy();
      await balancer.close();
      await line?.close();
      await postgres?.dispose();
      await rm(folder.path, { recursive: true, force: true });
      return printed.join('');
    },
  };
}

function through(databaseUrl: string, line: Line): string {
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(line.port);
  return url.href;
}
