import { createRequire } from 'node:module';
import { GraphQLSchema, version } from 'graphql';
import { loadedCopies } from '../principal.ts';
import { fileOf } from './graphql-copies.ts';

/** The oldest version of graphql that works. Its next major version executes operations in another way. */
const oldest = { major: 16, minor: 11 };

/**
 * Returns the fault of a version of graphql for which the guard was not made.
 *
 * @param given - default: the version that is loaded
 */
export function graphqlVersionFault(given: string = version): readonly string[] {
  const [major = 0, minor = 0] = given.split('.').map(Number);
  if (major === oldest.major && minor >= oldest.minor) return [];
  const file = fileOf(GraphQLSchema) ?? 'a file that could not be found';
  const expected = `${oldest.major}.${oldest.minor} or a newer version ${oldest.major}`;
  return [`graphql: is ${given} (${file}); expected ${expected}: \`npm install graphql@${oldest.major}\``];
}

let warned = false;

/**
 * Warns of each second copy of graphql and of Claimgate that the process has loaded, with the files of all copies. A
 * server that has another copy of graphql does not accept the guarded schema. A principal of another copy of Claimgate
 * is not recognised. Emits the warnings only one time in the process.
 *
 * Not found: copies in bundles, and copies of graphql that were loaded as ES modules.
 */
export function warnOfCopies(): void {
  if (warned) return;
  warned = true;
  warn('CLAIMGATE_SECOND_GRAPHQL', 'graphql', loadedGraphqls());
  warn('CLAIMGATE_SECOND_COPY', 'claimgate', loadedCopies());
}

function warn(code: string, name: string, files: readonly string[]): void {
  if (files.length < 2) return;
  const message = `The process has ${files.length} copies of ${name}: ${files.join(', ')}. Expected one: find the packages that bring them with \`npm ls ${name}\`, and keep one.`;
  process.emitWarning(message, { type: 'ClaimgateWarning', code });
}

/** The files of all copies of graphql that Node.js has loaded as CommonJS, which is how it loads graphql 16. */
function loadedGraphqls(): readonly string[] {
  try {
    // The function is the same for every path, because all modules share the cache.
    const { cache } = createRequire(process.execPath);
    return Object.keys(cache).filter((path) => /[\\/]graphql[\\/]type[\\/]schema\.js$/.test(path));
  } catch {
    return []; // Another runtime than Node.js need not have this cache.
  }
}
