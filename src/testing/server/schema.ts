import type { GuardedSchema } from '../../auth/guarded-schema.ts';
import type { ConfigFile } from '../../config/file.ts';
import { checkConfiguration } from '../../server/start/check.ts';
import { readServerConfig } from '../../server/configuration.ts';

/**
 * Makes the guarded schema of a server from its configuration, without a start: it opens no database and no port. Use it
 * with `ask` and `decisionAt` for the rules of your own modules. The fields of the identity API need a server, because
 * they read the database.
 *
 * @param config - the default export of `claimgate.config.ts`
 * @param environment - the environment variables of the server. Default: none, so the authorization server is embedded
 * @throws {StartError} with every fault of the configuration and the schema
 */
export async function schemaOf(
  config: ConfigFile,
  environment: Readonly<Record<string, string>> = {},
): Promise<GuardedSchema> {
  const { config: read, faults } = await readServerConfig({ NODE_ENV: 'test', ...environment }, process.cwd(), config);
  return checkConfiguration(read, faults);
}
