import type { Application } from '../../identity/applications/application.ts';
import { findApplications, listApplications } from '../../identity/applications/applications.ts';
import { readServerConfig } from '../../server/configuration.ts';
import { openAdministration } from '../../server/administration.ts';
import { StartError } from '../../errors.ts';
import type { RegisteredClient } from '../../tools/explain/client.ts';
import { everyPage } from '../lookup.ts';
import { Misuse } from '../misuse.ts';

/**
 * Reads the registered scopes of an application from the database of the project.
 *
 * @param named - its client ID or its name
 * @throws Misuse if there is no such application, or if several have this name
 */
export async function applicationNamed(named: string): Promise<RegisteredClient> {
  const { config, faults } = await readServerConfig(process.env, process.cwd());
  if (faults.length > 0) throw new StartError(faults);
  const { store, catalogue } = await openAdministration(config).catch((error: unknown) => {
    throw new Misuse(`--application: ${error instanceof Error ? error.message : String(error)}`);
  });
  try {
    const [byId = null] = await findApplications(store, [named]);
    const found: Application[] = byId ? [byId] : [];
    if (!byId) {
      for await (const page of everyPage((one) => listApplications(store, one))) {
        found.push(...page.filter(({ name }) => name === named));
      }
    }
    const [application, another] = found;
    if (!application) {
      throw new Misuse('--application: expected a client ID or the name of an application; found none in the database');
    }
    if (another) throw new Misuse('--application: several applications have this name; expected a client ID');
    return { name: application.name, scopes: application.scopes ?? [...catalogue.keys()] };
  } finally {
    await store.destroy();
  }
}
