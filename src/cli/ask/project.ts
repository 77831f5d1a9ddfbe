import { StartError } from '../../errors.ts';
import { shown } from '../../protocol/shown.ts';
import { configFilesIn } from '../../config/read-file.ts';
import { readServerConfig } from '../../server/configuration.ts';
import { checkConfiguration } from '../../server/start/check.ts';
import { openSource } from '../../tools/source/open.ts';
import { type RuleSource, sourceOfGuarded } from '../../tools/source/rule-source.ts';
import type { GuardedSchema, GuardedSchemaOptions } from '../../auth/guarded-schema.ts';
import type { Config } from '../../config.ts';
import { Misuse } from '../misuse.ts';
import type { AskContext } from './context.ts';

/** How long the process may take to end after a command has loaded a project, in milliseconds. */
const graceMs = 500;

let isLoaded = false;

/** Ends the process soon if a project was loaded: its modules may hold the process, for example with a pool of connections. */
export function releaseProject(): void {
  if (isLoaded) setTimeout(() => process.exit(), graceMs).unref();
}

/** Whether the value of an option or argument names a project. Undefined: the project in the working directory. */
export function isProject(name: string | undefined): boolean {
  return name === undefined || configName.test(name);
}

const configName = /(?:^|[/\\])claimgate\.config\.(?:ts|js|mjs)$/;

/**
 * Opens the schema of a command: the value of `--schema`, otherwise the project in the working directory.
 *
 * @throws {ToolFault} if the schema cannot be read; Misuse if there is no project, or with its first fault
 */
export async function schemaOf(context: AskContext): Promise<RuleSource> {
  return (await schemaWithManifests(context)).source;
}

/** A schema, and the paths of the manifests of its trusted documents. A schema without a project has none. */
export interface NamedSchema {
  readonly source: RuleSource;
  readonly manifests: readonly string[];
}

/** Opens the schema of a command like `schemaOf`, and finds the manifests of its project. */
export async function schemaWithManifests(context: AskContext): Promise<NamedSchema> {
  const named = context.option('schema');
  if (named === undefined) {
    checkProject();
    return projectSource('the project', process.env['CLAIMGATE_CONFIG']);
  }
  if (configName.test(named)) return projectSource(named, named);
  return { source: await sourceNamed(named, context), manifests: [] };
}

/**
 * Makes the guarded schema of a project, with its resolvers: the one that `--schema` names, otherwise the one in the working
 * directory.
 *
 * @param adapt - changes the options of the schema
 * @returns null if `--schema` names something else than a project
 */
export async function projectWith(
  { option }: Pick<AskContext, 'option'>,
  adapt: (options: GuardedSchemaOptions) => GuardedSchemaOptions,
): Promise<GuardedSchema | null> {
  const named = option('schema');
  if (named !== undefined && !configName.test(named)) return null;
  if (named === undefined) checkProject();
  return (await loadProject(named ?? 'the project', named ?? process.env['CLAIMGATE_CONFIG'], adapt)).guarded;
}

/** @throws Misuse if there is no project in the working directory */
function checkProject(): void {
  if (configFilesIn(process.cwd(), process.env['CLAIMGATE_CONFIG']).length > 0) return;
  throw new Misuse(
    '--schema: expected an SDL file, a folder, git:REVISION:PATH or the URL of a server, or claimgate.config.ts in this folder; found none',
  );
}

/**
 * Opens a schema by its name: a file, a folder, a glob, `git:REVISION:PATH`, the URL of a server, or the configuration
 * file of a project.
 */
export async function sourceNamed(name: string, context: AskContext): Promise<RuleSource> {
  if (configName.test(name)) return (await projectSource(name, name)).source;
  const variable = context.option('token-from');
  const token = variable === undefined ? undefined : process.env[variable];
  if (variable !== undefined && !token) {
    throw new Misuse(
      '--token-from: expected the name of an environment variable that has an access token; it is not set',
    );
  }
  context.progress.show(`Reading ${shown(name)} …`);
  return openSource(name, { directory: process.cwd(), ...(token && { server: { token } }) });
}

async function projectSource(name: string, configPath: string | undefined): Promise<NamedSchema> {
  const { guarded, config } = await loadProject(name, configPath);
  const manifests = config.trustedDocuments?.manifests.map(({ path }) => path) ?? [];
  return { source: sourceOfGuarded(name, guarded), manifests };
}

async function loadProject(
  name: string,
  configPath: string | undefined,
  adapt?: (options: GuardedSchemaOptions) => GuardedSchemaOptions,
): Promise<{ readonly guarded: GuardedSchema; readonly config: Config }> {
  isLoaded = true;
  const { config, faults } = await readProject(configPath);
  try {
    return { guarded: await checkConfiguration(config, faults, undefined, adapt), config };
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    const [first = '', ...others] = error.faults;
    throw new Misuse(
      `${name}: ${first}${others.length > 0 ? ` (and ${others.length} more; see claimgate check)` : ''}`,
    );
  }
}

/** Reads the configuration of a project. @param name - as for `isProject` */
export async function configOf(name: string | undefined): Promise<Config> {
  return (await readProject(name)).config;
}

function readProject(configPath: string | undefined): ReturnType<typeof readServerConfig> {
  const environment = configPath === undefined ? process.env : { ...process.env, CLAIMGATE_CONFIG: configPath };
  return readServerConfig(environment, process.cwd());
}
