import { limitKinds } from '../api/limits/limits.ts';
import { type Config, readConfig } from '../config.ts';
import type { ConfigFile } from '../config/file.ts';
import { accentFaults } from '../provider/pages/accent.ts';
import { attemptLimitKinds } from '../identity/attempts/limits.ts';

/**
 * Reads the environment and the configuration file of a server, with the limits that its rooms define.
 *
 * @param directory - the directory of `claimgate.config.*`
 * @param given - the content of a configuration file. Then no file is read. Default: the file is read
 * @returns the configuration and all faults. Faulty values are not in the configuration
 */
export async function readServerConfig(
  environment: Readonly<Record<string, string | undefined>>,
  directory: string,
  given?: ConfigFile,
): Promise<{ config: Config; faults: string[] }> {
  const tables = { limits: limitKinds, attempts: attemptLimitKinds };
  const { config, faults } = await readConfig(environment, directory, tables, given);
  return { config, faults: [...faults, ...accentFaults(config.appearance.accentColor)] };
}
