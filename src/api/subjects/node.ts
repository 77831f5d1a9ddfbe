import {
  defaultTypeResolver,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLTypeResolver,
} from 'graphql';
import type { EnforcementOptions } from '../../auth/guard/options.ts';
import type { ApiContext } from '../request/context.ts';
import { nodeOf } from '../relay/global-id.ts';
import type { FindNode } from '../module.ts';
import type { NodeFinders } from '../nodes.ts';
import type { OwnNames } from '../names/own-names.ts';
import type { RecordType } from '../records/records.ts';
import type { OwnModule } from '../names/rename.ts';
import { sdl } from '../sdl.ts';
import type { VisibleRecords } from '../records/visible.ts';

/** Returns the functions with which `node` finds the records of the identity API, by type name. */
export function recordFinders(visible: VisibleRecords, names: OwnNames): ReadonlyMap<string, FindNode> {
  const finders: Readonly<Record<RecordType, (id: string, context: ApiContext) => Promise<{ item: object } | null>>> = {
    Account: visible.account,
    Application: visible.application,
    Grant: visible.grant,
    AuditEvent: visible.auditEvent,
    SigningKey: visible.signingKey,
    SignInSession: visible.signInSession,
  };
  return new Map(
    Object.entries(finders).map(([record, find]): [string, FindNode] => {
      const type = names.type(record);
      const findVisible: FindNode = async (id, context) => {
        const found = await find(id, context);
        return found && { ...found.item, __typename: type };
      };
      return [type, findVisible];
    }),
  );
}

/**
 * Creates a function that reads the type of an object from the argument `id` of `node`. It returns the type only if a
 * team's module finds the object. For Claimgate's own types it returns null, because their finders check the caller.
 */
export function typeOfNode(names: OwnNames, { byType }: NodeFinders): NonNullable<EnforcementOptions['typeOf']> {
  const coordinate = `Query.${names.field('node')}`;
  return (field, { id }) => {
    const named = field === coordinate && typeof id === 'string' ? nodeOf(id) : null;
    return named && byType.has(named.type) ? named.type : null;
  };
}

/**
 * Creates the module of `node` and the interface `Node`.
 *
 * @param records - the finders of Claimgate's own types. Empty without the identity API
 * @param nodes - the finders of the team's modules
 */
export function nodeModule(records: ReadonlyMap<string, FindNode>, { byType }: NodeFinders): OwnModule {
  // The type of an object comes from the ID. The object itself need not have the type, and cannot change it.
  const types = new WeakMap<GraphQLResolveInfo['path'], string>();
  const node: GraphQLFieldResolver<unknown, ApiContext, { readonly id: string }> = (_query, args, context, info) => {
    const named = nodeOf(args.id);
    const find = named && (records.get(named.type) ?? byType.get(named.type)?.find);
    if (!find) return null;
    types.set(info.path, named.type);
    return find(named.id, context);
  };
  const typeOf: GraphQLTypeResolver<unknown, ApiContext> = (value, context, info, abstractType) =>
    types.get(info.path) ?? defaultTypeResolver(value, context, info, abstractType);
  const resolvers = { Query: { node }, Node: { __resolveType: typeOf } };
  return { name: 'claimgate/node', typeDefs: sdl('node'), resolvers };
}
