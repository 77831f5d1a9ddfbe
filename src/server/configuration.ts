import { limitKinds } from '../api/limits/limits.ts';
import { type Config, readConfig } from '../config.ts';
import { attemptLimitKinds } from '../identity/attempts/limits.ts';

/**
 * Reads the environment and the configuration file of a server, with the limits that its rooms define.
 *
 * @param directory - the directory in which `claimgate.config.*` is searched
 * @returns the configuration, without the values that have faults, and all faults
 */
export function readServerConfig(
  environment: Readonly<Record<string, string | undefined>>,
  directory: string,
): Promise<{ config: Config; faults: string[] }> {
  return readConfig(environment, directory, { limits: limitKinds, attempts: attemptLimitKinds });
}
