import { type DefinitionNode, type DocumentNode, GraphQLError, parse, print, Source } from 'graphql';
import type { SchemaModule } from './module.ts';
import { documentsOf, moduleFaults, typeDefsFaults } from './module-shape.ts';
import { shown } from '../../protocol/shown.ts';
import { nearest } from '../../protocol/nearest.ts';

/** A module's own definitions, before any other module's come to them. Every node's source bears the module's name. */
export interface ParsedModule {
  readonly name: string;
  readonly definitions: readonly DefinitionNode[];
}

/** Parses each module by itself; a syntax error is a fault that names the module and the place. */
export function parseModules(modules: readonly SchemaModule[], faults: string[]): readonly ParsedModule[] {
  const misshapen = [...moduleFaults(modules)];
  faults.push(...misshapen);
  if (misshapen.length > 0) return [];
  const names = new Set<string>();
  return modules.map((module) => {
    const { name, typeDefs } = module;
    if (names.has(name)) faults.push(`module "${name}": given twice; give each module a name of its own`);
    names.add(name);
    faults.push(...mistypedKeys(module));
    const wrong = [...typeDefsFaults(module)];
    faults.push(...wrong);
    if (wrong.length > 0) return { name, definitions: [] };
    return { name, definitions: documentsOf(typeDefs).flatMap((document) => definitionsOf(name, document, faults)) };
  });
}

/** Keys that were meant for another one, which is missing. Other keys are the author's own: a module may be a namespace of exports. */
function* mistypedKeys(module: SchemaModule): Iterable<string> {
  const missing = ['typeDefs', 'resolvers'].filter((key) => Reflect.get(module, key) === undefined);
  for (const key of Object.keys(module)) {
    const meant = key === 'name' ? undefined : nearest(key, missing);
    if (meant !== undefined && meant !== key) {
      yield `module "${module.name}": has the key ${shown(key)}, which is not read; the nearest is ${meant}`;
    }
  }
}

// A document is printed and parsed again: a copy that nobody else holds, with locations that name the module.
function definitionsOf(name: string, document: string | DocumentNode, faults: string[]): readonly DefinitionNode[] {
  try {
    return parse(new Source(typeof document === 'string' ? document : print(document), name)).definitions;
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const [at] = error.locations ?? [];
    faults.push(`module "${name}"${at ? `, line ${at.line}, column ${at.column}` : ''}: ${error.message}`);
    return [];
  }
}
