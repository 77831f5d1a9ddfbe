import { ToolFault } from '../report/fault.ts';
import { readTextFiles } from './files.ts';
import { isGitPath, readGitFiles } from './git.ts';
import type { RuleSource } from './rule-source.ts';
import { sourceOfSdl } from './sdl.ts';
import { isServerUrl, type ServerOptions, sourceOfServer } from './server.ts';

/** What opening a source needs from its surroundings. */
export interface OpenOptions {
  /** The working directory. */
  readonly directory: string;
  /** How a running server is asked. */
  readonly server?: ServerOptions;
}

const schemaFiles = {
  endings: ['.graphql', '.graphqls', '.gql'],
  expected: 'an SDL file, a folder of .graphql files, git:REVISION:PATH, or the URL of a server',
};

/**
 * Opens the schema that an argument names: a file, a folder or a glob of SDL, `git:REVISION:PATH`, or the URL of a running
 * server of Claimgate.
 *
 * @throws {ToolFault} if it cannot be read, with the file and the line
 */
export async function openSource(name: string, { directory, server }: OpenOptions): Promise<RuleSource> {
  if (name === '') throw new ToolFault(null, `expected ${schemaFiles.expected}; found an empty argument`);
  if (isServerUrl(name)) return sourceOfServer(name, server);
  const files = isGitPath(name)
    ? await readGitFiles(name, directory, schemaFiles)
    : await readTextFiles(name, directory, schemaFiles);
  return sourceOfSdl(name, files);
}
