import { extname } from 'node:path';
import { type FragmentDefinitionNode, Kind, type OperationDefinitionNode, visit } from 'graphql';
import { placeOfNode, ToolFault } from '../report/fault.ts';
import { withinLimits } from '../source/exhaustion.ts';
import { readTextFiles, type TextFile } from '../source/files.ts';
import { codeEndings, embeddedDocuments } from './embedded.ts';
import { manifestDocuments } from './manifest.ts';
import type { FoundDocument, FoundOperation } from './operation.ts';
import { parseOperations } from './parse.ts';

const documentEndings: readonly string[] = ['.graphql', '.gql'];

const operationFiles = {
  endings: [...documentEndings, ...codeEndings],
  expected: 'a .graphql file, a source file with gql templates, a manifest (.json), or a folder of them',
};

/**
 * Reads the operations of clients from files, folders, globs and manifests. Definitions of a schema are left out. A folder
 * is searched for `.graphql` files and source files, and not for manifests.
 *
 * @param mayHaveSeveral - whether a document of a manifest may have several operations, as a server accepts it. Default:
 * it has one
 * @throws {ToolFault} with the file and the line, if a document cannot be parsed, or no operation is found
 */
export async function readOperations(
  paths: readonly string[],
  directory: string,
  mayHaveSeveral = false,
): Promise<readonly FoundOperation[]> {
  const files = new Map<string, TextFile>();
  for (const path of paths) {
    for (const file of await readTextFiles(path, directory, operationFiles)) files.set(file.name, file);
  }
  return operationsOf([...files.values()], paths.join(', '), mayHaveSeveral);
}

/**
 * Finds the operations in texts.
 *
 * @param name - how the texts were named together, for the message if they have no operation
 * @param mayHaveSeveral - whether a document of a manifest may have several operations. Default: it has one
 */
export function operationsOf(
  files: readonly TextFile[],
  name: string,
  mayHaveSeveral = false,
): readonly FoundOperation[] {
  return withinLimits(name, () => operationsIn(files, name, mayHaveSeveral));
}

function operationsIn(files: readonly TextFile[], name: string, mayHaveSeveral: boolean): readonly FoundOperation[] {
  const documents = files.flatMap(documentsOf);
  const fragments = fragmentsOf(documents);
  const found = documents.flatMap((one) => operationsOfDocument(one, fragments, mayHaveSeveral));
  if (found.length === 0) {
    throw new ToolFault({ file: name, line: null }, `expected ${operationFiles.expected}; found no operation`);
  }
  return found;
}

function documentsOf(file: TextFile): readonly FoundDocument[] {
  const ending = extname(file.name);
  if (ending === '.json') return manifestDocuments(file);
  if (codeEndings.includes(ending)) return embeddedDocuments(file);
  const place = { file: file.name, line: 1 };
  const document = parseOperations(file.text, place);
  return document ? [{ document, id: null, place }] : [];
}

type Fragments = ReadonlyMap<string, readonly FragmentDefinitionNode[]>;

/** Returns the fragments of all files by name. A manifest has the fragments of each document in the document. */
function fragmentsOf(documents: readonly FoundDocument[]): Fragments {
  const all = documents.filter(({ id }) => id === null).flatMap(({ document }) => document.definitions);
  return Map.groupBy(
    all.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION),
    ({ name }) => name.value,
  );
}

function operationsOfDocument(
  { document, id, place }: FoundDocument,
  shared: Fragments,
  mayHaveSeveral: boolean,
): readonly FoundOperation[] {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const own = new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  );
  const isExpected = operations.length === 1 || (mayHaveSeveral && operations.length > 1);
  if (id !== null && !isExpected) {
    throw new ToolFault(place, `expected one operation in a document of a manifest; found ${operations.length}`);
  }
  return operations.map((operation) => {
    const definitions = [operation, ...spread(operation, own, shared)];
    return {
      name: operation.name?.value ?? null,
      id,
      place: id === null ? (placeOfNode(operation) ?? place) : place,
      document: { kind: Kind.DOCUMENT, definitions },
    };
  });
}

/** Finds the fragments that an operation spreads, directly or in another fragment: first in its own document. */
function spread(
  operation: OperationDefinitionNode,
  own: ReadonlyMap<string, FragmentDefinitionNode>,
  shared: Fragments,
): readonly FragmentDefinitionNode[] {
  const found = new Map<string, FragmentDefinitionNode>();
  const open: (OperationDefinitionNode | FragmentDefinitionNode)[] = [operation];
  for (const node of open) {
    visit(node, {
      FragmentSpread(spreadNode) {
        const name = spreadNode.name.value;
        if (found.has(name)) return;
        const place = placeOfNode(spreadNode);
        const everywhere = shared.get(name) ?? [];
        const inFile = everywhere.filter((one) => placeOfNode(one)?.file === place?.file);
        const others = inFile.length > 0 ? inFile : everywhere;
        const fragment = own.get(name) ?? others[0];
        if (!fragment) throw new ToolFault(place, `expected the fragment ${name} in the given files; found none`);
        if (!own.has(name) && others.length > 1) {
          throw new ToolFault(place, `expected one fragment ${name} in the given files; found ${others.length}`);
        }
        found.set(name, fragment);
        open.push(fragment);
      },
    });
  }
  return [...found.values()];
}
