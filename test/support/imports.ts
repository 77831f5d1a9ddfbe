// `npm test` preloads this file into each test process. It shortens the start of the several hundred processes: for each
// of the several hundred imports of a process, Node.js searches a file in several steps. Without the variable of
// `packPackages`, this file changes nothing.
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

/** The variable with the folder of the packed packages. */
export const packedVariable = 'TEST_PACKED_PACKAGES';

/** The imports that are packed, of packages with many files. kysely alone has more than 250. */
export const packedImports: ReadonlySet<string> = new Set([
  '@graphql-tools/schema',
  '@graphql-tools/utils',
  'jose',
  'kysely',
  'kysely/migration',
  'oidc-provider',
  'openid-client',
]);

const folder = process.env[packedVariable];
if (folder) resolveFast(new URL('../../', import.meta.url).href, `${pathToFileURL(folder).href}/`);

/**
 * Resolves relative imports of files without a search, and the packed imports to the packed files.
 *
 * @param repository the URL of the repository. Imports of files elsewhere, such as a team's configuration, are not changed.
 * @param packed the URL of the folder of the packed packages
 */
function resolveFast(repository: string, packed: string): void {
  registerHooks({
    resolve(specifier, context, next) {
      const { parentURL = '', conditions } = context;
      const isPacked = parentURL.startsWith(packed);
      if (!conditions.includes('import') || !(isPacked || parentURL.startsWith(repository)))
        return withoutThisFile(() => next(specifier, context));
      if (specifier.startsWith('.')) {
        const url = new URL(specifier, parentURL).href;
        if (specifier.endsWith('.ts')) return { url, format: 'module-typescript', shortCircuit: true };
        if (/\.m?js$/.test(specifier)) return { url, shortCircuit: true };
      }
      if (packedImports.has(specifier))
        return { url: `${packed}${specifier}.mjs`, format: 'module', shortCircuit: true };
      // The packed files are outside of the repository. Their other imports are those of the repository.
      const from = isPacked ? { ...context, parentURL: import.meta.url } : context;
      return withoutThisFile(() => next(specifier, from));
    },
  });
}

/** Calls a function. If it throws an error, the stack has no line of this file, as without this file. */
function withoutThisFile<Result>(resolve: () => Result): Result {
  try {
    return resolve();
  } catch (error) {
    if (error instanceof Error) {
      const lines = (error.stack ?? '').split('\n');
      error.stack = lines.filter((line) => !line.includes(import.meta.url)).join('\n');
    }
    throw error;
  }
}
