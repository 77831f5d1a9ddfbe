import type { Account } from '../identity/accounts.ts';
import type { Application } from '../identity/applications.ts';
import type { AuditEvent } from '../identity/audit.ts';
import type { Grant } from '../identity/grants.ts';
import type { SignInSession } from '../identity/sign-in-sessions.ts';
import type { ApiContext } from './context.ts';
import type { Resolvers } from './generated.ts';
import { type NodeType, nodeOf } from './global-id.ts';
import { defineModule, type Module } from './module.ts';
import { sdl } from './sdl.ts';
import type { SigningKeyRecord } from './signing-key-records.ts';
import type { Visible, VisibleThings } from './visible.ts';

type AnyNode = Account | Application | AuditEvent | Grant | SigningKeyRecord | SignInSession;
type Find = (id: string, context: ApiContext) => Promise<Visible<AnyNode> | null>;

/** `node` and the interface `Node`. */
export function nodeModule(visible: VisibleThings): Module {
  const finders: Readonly<Record<NodeType, Find>> = {
    Account: visible.account,
    Application: visible.application,
    Grant: visible.grant,
    AuditEvent: visible.auditEvent,
    SigningKey: visible.signingKey,
    SignInSession: visible.signInSession,
  };
  const resolvers: Resolvers = {
    Query: {
      async node(_query, { id: globalId }, context) {
        const { type, id } = nodeOf(globalId) ?? {};
        const find = type && finders[type];
        const found = find && id !== undefined ? await find(id, context) : null;
        return found && { ...found.item, __typename: type };
      },
    },
    Node: {
      // Every node comes from above.
      __resolveType: (node) => ('__typename' in node ? (node.__typename as NodeType) : null),
    },
  };
  return defineModule({ name: 'claimgate/node', typeDefs: sdl('node'), resolvers });
}
