import { isInterfaceType, isObjectType, isTypeDefinitionNode, isTypeExtensionNode } from 'graphql';
import { parseModules } from '../../auth/modules/parse.ts';
import type { Config } from '../../config.ts';
import { checkConfiguration } from '../../server/start/check.ts';

/**
 * Returns the coordinates of the types and fields that the schema of a project has without the modules of the team. What
 * a module defines is of the team, also with the name of an element of Claimgate.
 *
 * @throws StartError if the server cannot start without the modules
 */
export async function ownElements(config: Config): Promise<ReadonlySet<string>> {
  // Without the identity API, the server has no query of its own, and a schema needs one.
  const modules = [{ name: 'needed', typeDefs: 'type Query { needed: Int @public }' }];
  const alone = { ...config, modules, directives: {}, trustedDocuments: null };
  const { schema } = await checkConfiguration(alone, []);
  const own = new Set<string>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    own.add(type.name);
    for (const field of Object.keys(type.getFields())) own.add(`${type.name}.${field}`);
  }
  own.delete('Query.needed');
  for (const node of parseModules(config.modules, []).flatMap(({ definitions }) => definitions)) {
    if (isTypeDefinitionNode(node)) own.delete(node.name.value);
    if (!isTypeDefinitionNode(node) && !isTypeExtensionNode(node)) continue;
    if (!('fields' in node)) continue;
    for (const { name } of node.fields ?? []) own.delete(`${node.name.value}.${name.value}`);
  }
  return own;
}
