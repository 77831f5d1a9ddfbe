import { type DefinitionNode, type DocumentNode, GraphQLError, parse, print, Source } from 'graphql';
import type { SchemaModule } from './module.ts';
import { isStackExhausted, nestedTooDeep } from './fault.ts';
import { documentsOf, moduleFaults, typeDefsFaults } from './module-shape.ts';
import { shown } from '../../protocol/shown.ts';
import { nearest } from '../../protocol/nearest.ts';

/**
 * The definitions of one module, before the modules are joined. The source of every node has the name of the module.
 */
export interface ParsedModule {
  readonly name: string;
  readonly definitions: readonly DefinitionNode[];
}

/**
 * Parses each module separately.
 *
 * @param faults - a line is added for each module with a wrong shape, and for each syntax error. The line of a syntax
 * error has the module, line and column
 */
export function parseModules(modules: readonly SchemaModule[], faults: string[]): readonly ParsedModule[] {
  const shapeFaults = [...moduleFaults(modules)];
  faults.push(...shapeFaults);
  if (shapeFaults.length > 0) return [];
  const names = new Set<string>();
  return modules.map((module) => {
    const { name, typeDefs } = module;
    if (names.has(name)) faults.push(`module "${name}": given twice; give each module a name of its own`);
    names.add(name);
    faults.push(...mistypedKeys(module));
    const sdlFaults = [...typeDefsFaults(module)];
    faults.push(...sdlFaults);
    if (sdlFaults.length > 0) return { name, definitions: [] };
    return { name, definitions: documentsOf(typeDefs).flatMap((document) => definitionsOf(name, document, faults)) };
  });
}

/**
 * Finds keys that are probably a misspelled `typeDefs` or `resolvers`. A key is reported only if the correct key is
 * missing. Other keys are allowed, because the namespace of a file may be a module and have further exports.
 */
function* mistypedKeys(module: SchemaModule): Iterable<string> {
  const missing = ['typeDefs', 'resolvers'].filter((key) => Reflect.get(module, key) === undefined);
  for (const key of Object.keys(module)) {
    const meant = key === 'name' ? undefined : nearest(key, missing);
    if (meant !== undefined && meant !== key) {
      yield `module "${module.name}": has the key ${shown(key)}, which is not read; the nearest is ${meant}`;
    }
  }
}

// A document is printed and parsed again. Therefore no other code can change the result, and its locations name the
// module.
function definitionsOf(name: string, document: string | DocumentNode, faults: string[]): readonly DefinitionNode[] {
  try {
    return parse(new Source(typeof document === 'string' ? document : print(document), name)).definitions;
  } catch (error) {
    faults.push(`module "${name}"${syntaxFault(error)}`);
    return [];
  }
}

function syntaxFault(error: unknown): string {
  if (isStackExhausted(error)) return `: ${nestedTooDeep}`;
  if (!(error instanceof GraphQLError)) throw error;
  const [at] = error.locations ?? [];
  return `${at ? `, line ${at.line}, column ${at.column}` : ''}: ${error.message}`;
}
