import { isTypeDefinitionNode, isTypeExtensionNode, Kind, OperationTypeNode, parse } from 'graphql';
import { parseModules } from '../../auth/modules/parse.ts';
import type { Module } from '../module.ts';
import { sdl } from '../sdl.ts';
import { type IdentityApi, ownNames } from './own-names.ts';

/**
 * Whether the schema has `explainOperation` and `schemaRules`. With `identityApi: false`, the names of a team's modules
 * take precedence: the schema has neither if a module uses one of their names, or if no module has fields of `Query`.
 */
export function hasExplainFields(identityApi: IdentityApi, modules: readonly Module[]): boolean {
  if (identityApi !== false) return true;
  const own = ['explain', 'schema-rules'].flatMap((subject) => parse(sdl(subject)).definitions);
  const types = own.filter(isTypeDefinitionNode);
  const taken = new Set(types.map(({ name }) => name.value));
  let hasQuery = modules.some(({ nodes }) => nodes !== undefined);
  for (const node of parseModules(modules, []).flatMap(({ definitions }) => definitions)) {
    if (node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION) {
      const renamed = node.operationTypes?.some(
        ({ operation, type }) => operation === OperationTypeNode.QUERY && type.name.value !== 'Query',
      );
      if (renamed) return false;
    }
    if (!isTypeDefinitionNode(node) && !isTypeExtensionNode(node)) continue;
    if (taken.has(node.name.value)) return false;
    if (node.name.value !== 'Query' || !('fields' in node)) continue;
    hasQuery = true;
    if (node.fields?.some(({ name }) => name.value === 'explainOperation' || name.value === 'schemaRules'))
      return false;
  }
  return hasQuery;
}

/** The parts of a configuration that decide the names of the API. */
interface ApiParts {
  readonly identityApi: IdentityApi;
  readonly modules: readonly Module[];
}

/** Returns the name of the field `schemaRules`. Undefined: the schema has none of this server. */
export function rulesFieldOf({ identityApi, modules }: ApiParts): string | undefined {
  if (!hasExplainFields(identityApi, modules)) return undefined;
  return ownNames(identityApi, { keepsNode: true, hasRecords: true }).field('schemaRules');
}
