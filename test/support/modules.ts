import { type ExecutionResult, type GraphQLResolveInfo, graphql } from 'graphql';
import type { SchemaModule } from '../../src/auth/modules/module.ts';
import { createGuardedSchema } from '../../src/auth/schema.ts';
import type { GuardedSchema } from '../../src/auth/guarded-schema.ts';
import { anonymous, makePrincipal, type Principal } from '../../src/principal.ts';

/** Returns the principal of a person with these scopes. */
export function holder(...scopes: string[]): Principal {
  return makePrincipal({
    kind: 'account',
    issuer: 'https://issuer.example',
    subject: 'alice',
    clientId: 'web',
    accountId: 'alice',
    scopes: new Set(scopes),
    expiresAt: 4_102_444_800,
    claims: {},
  });
}

/** Makes a guarded schema without resolvers. It has one module, or several modules by name. */
export function guard(
  typeDefs: string | Record<string, string>,
  resolvers: SchemaModule['resolvers'] = {},
): GuardedSchema {
  if (typeof typeDefs === 'string') return createGuardedSchema({ modules: [{ name: 'test', typeDefs, resolvers }] });
  const modules = Object.entries(typeDefs).map(([name, sdl], at) => ({
    name,
    typeDefs: sdl,
    ...(at === 0 && { resolvers }),
  }));
  return createGuardedSchema({ modules });
}

/** Executes a document directly, without a transport and without a plan. */
export async function run(
  { schema }: GuardedSchema,
  source: string,
  principal: Principal = anonymous,
  variableValues: Record<string, unknown> = {},
): Promise<ExecutionResult> {
  // The executor's objects have no prototype, so a strict comparison with plain objects would fail.
  const { data, errors } = await graphql({ schema, source, contextValue: { principal }, variableValues });
  return { ...(data !== undefined && { data: JSON.parse(JSON.stringify(data)) }), ...(errors && { errors }) };
}

/** Returns the extensions of each error. */
export function extensionsOf(result: ExecutionResult): readonly Record<string, unknown>[] {
  return (result.errors ?? []).map((error) => error.extensions);
}

export interface Runs {
  /** The coordinates of the resolvers that ran, in order. */
  readonly calls: string[];
  /** Makes a resolver that records its coordinate and returns the value. */
  readonly gives: (value: unknown) => (...parameters: [unknown, unknown, unknown, GraphQLResolveInfo]) => unknown;
}

/** Counts the runs of resolvers. */
export function countRuns(): Runs {
  const calls: string[] = [];
  return {
    calls,
    gives: (value) => (_source, _args, _context, info) => {
      calls.push(`${info.parentType.name}.${info.fieldName}`);
      return value;
    },
  };
}

/** Returns the guarded schema of a shop. It has rules at every kind of place, and its resolvers record their runs. */
export function shop(): GuardedSchema & Pick<Runs, 'calls'> {
  const { calls, gives } = countRuns();
  const order = {
    __typename: 'Order',
    id: 'o1',
    total: 5,
    secret: 'order secret',
    lines: [{ text: 'tea' }, { text: 'cup' }],
  };
  const account = { __typename: 'Account', id: 'a1', name: 'Alice', secret: 'account secret' };
  const note = { __typename: 'Note', id: 'n1', text: 'hello', secret: 'note secret' };
  const guarded = createGuardedSchema({
    modules: [
      {
        name: 'shop',
        typeDefs: `
          interface Node { id: ID! }
          interface Sealed { secret: String @auth(scope: "secrets") }
          union Thing = Order | Account | Note
          type Query {
            hello: String @public
            strict: String! @auth(scope: "strict")
            orders: [Order!]! @auth(scope: ["orders:read", "admin"])
            order: Order @public
            me: Account @auth
            node(id: ID!): Node @public
            nodes: [Node] @public
            things: [Thing!] @public
            sealed: [Sealed] @public
            none: [Order] @public
          }
          type Mutation {
            touch: Order @public
            wipe: Boolean! @auth(scope: "admin")
            make: Payload! @public
          }
          type Payload { order: Order  account: Account  node: Node  things: [Thing] }
          type Subscription { ticks: Order @public  alarms: String @auth(scope: "alarms") }
          type Order implements Node & Sealed { id: ID!  total: Int @auth(scope: "totals")  secret: String  lines: [Line!]! }
          type Line { text: String! @auth(scope: "lines") }
          type Account implements Node & Sealed @auth(scope: "accounts") { id: ID!  name: String  secret: String }
          type Note implements Node & Sealed { id: ID!  text: String  secret: String @auth(scope: "notes") }
        `,
        resolvers: {
          Query: {
            hello: gives('hello'),
            strict: gives('strict'),
            orders: gives([order, order]),
            order: gives(order),
            me: gives(account),
            node: (_source, { id }: { id: string }) => [order, account, note].find((node) => node.id === id),
            nodes: gives([order, account, note, account]),
            things: gives([order, note]),
            sealed: gives([order, note]),
            none: gives([]),
          },
          Mutation: {
            touch: gives(order),
            wipe: gives(true),
            make: gives({ order, account, node: note, things: [note] }),
          },
          Order: { total: gives(5), secret: gives('order secret') },
          Subscription: {
            ticks: {
              async *subscribe() {
                calls.push('Subscription.ticks');
                yield { ticks: order };
              },
            },
            alarms: {
              async *subscribe() {
                calls.push('Subscription.alarms');
                yield { alarms: 'fire' };
              },
            },
          },
        },
      },
    ],
  });
  return { ...guarded, calls };
}
