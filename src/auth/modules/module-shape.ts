import type { DocumentNode } from 'graphql';
import type { SchemaModule } from './module.ts';
import { isRecord } from '../../protocol/record.ts';

/** SDL as text or as a document. */
type Sdl = string | DocumentNode;

/**
 * Finds faults in the shape of the modules. TypeScript finds most of them too, but authors may use JavaScript. Each
 * line describes the value that was found.
 */
export function* moduleFaults(modules: unknown): Iterable<string> {
  if (!Array.isArray(modules)) {
    yield `modules: expected an array of modules, or a schema; ${foundAs(modules)}`;
    return;
  }
  for (const [index, module] of modules.entries()) {
    const isModule = isRecord(module) && ('typeDefs' in module || typeof module['name'] === 'string');
    if (!isModule) yield `modules[${index}]: expected { name, typeDefs, resolvers }; ${foundAs(module)}`;
  }
}

/** Returns the documents of a module. Arrays are flattened. A text without a definition is left out. */
export function documentsOf(typeDefs: SchemaModule['typeDefs']): readonly Sdl[] {
  const documents = [typeDefs].flat(Number.POSITIVE_INFINITY) as readonly Sdl[]; // `typeDefsFaults` has checked each document.
  return documents.filter((document) => typeof document !== 'string' || !isEmptySdl(document));
}

/** Finds faults in the `typeDefs` of a module. Each line describes the value that was found. */
export function* typeDefsFaults({ name, typeDefs }: SchemaModule): Iterable<string> {
  const module = `module "${name}":`;
  if (typeDefs === undefined || typeDefs === null) {
    yield `${module} has no typeDefs; expected SDL, as a string or a document`;
    return;
  }
  const parts: readonly unknown[] = [typeDefs].flat(Number.POSITIVE_INFINITY);
  const wrong = parts.find((part) => typeof part !== 'string' && !isDocument(part));
  if (wrong !== undefined) {
    yield `${module} typeDefs: expected SDL, as a string or a document; ${foundAs(wrong)}`;
  } else if (parts.every((part) => typeof part === 'string' && isEmptySdl(part))) {
    yield `${module} its typeDefs are empty; expected SDL, as a string or a document`;
  }
}

function isDocument(value: unknown): boolean {
  return isRecord(value) && value['kind'] === 'Document';
}

/** Whether a text has only comments and ignored tokens (GraphQL §2.1). */
function isEmptySdl(text: string): boolean {
  // The search ends at the first other token. A comment ends only at these two characters.
  return !/(?<![^\n\r])[^#\n\r]*[^#\s,\uFEFF]/.test(text);
}

/** Describes the value that was found. If possible, the text says how to get the expected value from it. */
function foundAs(value: unknown): string {
  if (typeof value === 'function') return 'found a function: call it, and give what it returns';
  if (value instanceof Promise) return 'found a promise: await it, and give what it resolves to';
  if (!isRecord(value)) return `found ${value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value}`;
  if (typeof value['getTypeMap'] === 'function') {
    return 'found a GraphQLSchema: give it alone, as createGuardedSchema({ schema }), or give the SDL that it was made of';
  }
  const { default: exported } = value;
  if (exported !== undefined) return 'found what a file exports: give its default export';
  return 'found an object of another shape';
}
