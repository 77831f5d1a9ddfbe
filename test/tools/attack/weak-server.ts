import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buildSchema, execute, graphql, type GraphQLSchema, subscribe } from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/http';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { isRecord } from '../../../src/protocol/record.ts';
import type { WeakTransport } from './weak-transports.ts';

/** The rules of the server. Its guard is in its root value. */
export const weakSdl = `
  directive @requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION
  type Query { open: Int  secret: Int @requiresScopes(scopes: [["secrets:read"]]) }
  type Subscription { ticks: Int @requiresScopes(scopes: [["secrets:read"]]) }
`;

interface Context {
  readonly allowed: boolean;
}
interface Body {
  readonly query?: string;
  readonly operationName?: string;
  readonly variables?: Record<string, unknown>;
  readonly extensions?: { readonly persistedQuery: { readonly sha256Hash: string } };
}

/** Starts a GraphQL server with every transport, whose guard is missing on some of them. */
export async function startWeakServer(weak: () => ReadonlySet<WeakTransport>) {
  const schema: GraphQLSchema = buildSchema(weakSdl);
  const secret = (_args: unknown, { allowed }: Context) => (allowed ? 1 : null);
  const rootValue = { open: 1, secret, ticks };
  async function* oneTick() {
    yield { ticks: 1 };
  }
  function ticks(_args: unknown, { allowed }: Context) {
    if (!allowed) throw new Error('denied');
    return oneTick();
  }
  const persisted = new Map<string, string>();
  const used = new Set<WeakTransport>();
  const contextOf = (authorization: unknown, transport: WeakTransport): Context => {
    used.add(transport);
    return { allowed: weak().has(transport) || hasScope(authorization) };
  };
  const asked = ({ query = '', operationName, variables }: Body, contextValue: Context) =>
    graphql({ schema, source: query, operationName, variableValues: variables, rootValue, contextValue });

  const events = createHandler({
    schema,
    context: ({ raw }) => contextOf(raw.headers.authorization, 'as server-sent events') as never,
    execute: (args) => execute({ ...args, rootValue }) as never,
    subscribe: (args) => subscribe({ ...args, rootValue }) as never,
  });

  async function answer(request: IncomingMessage): Promise<unknown> {
    const { authorization } = request.headers;
    if (request.method === 'GET') {
      const { searchParams } = new URL(request.url ?? '', 'http://localhost');
      const variables = JSON.parse(searchParams.get('variables') ?? '{}');
      const operationName = searchParams.get('operationName') ?? undefined;
      const body = { query: searchParams.get('query') ?? '', variables, ...(operationName && { operationName }) };
      return asked(body, contextOf(authorization, 'by GET'));
    }
    const body: Body | readonly Body[] = JSON.parse((await request.toArray()).join(''));
    if (Array.isArray(body)) {
      return Promise.all(body.map((one: Body) => asked(one, contextOf(authorization, 'in a batch'))));
    }
    const one = body as Body;
    const hash = one.extensions?.persistedQuery.sha256Hash;
    if (hash === undefined) return asked(one, contextOf(authorization, 'over HTTP'));
    if (one.query !== undefined) {
      if (createHash('sha256').update(one.query).digest('hex') === hash) persisted.set(hash, one.query);
      return asked(one, contextOf(authorization, 'over HTTP'));
    }
    const query = persisted.get(hash);
    if (query === undefined) return { errors: [{ message: 'PersistedQueryNotFound' }] };
    return asked({ ...one, query }, contextOf(authorization, 'by its hash'));
  }
  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.headers.accept === 'text/event-stream') return events(request, response);
    const text = JSON.stringify(await answer(request));
    response.setHeader('content-type', 'application/json').end(text);
  }
  const server = createServer((request, response) => void respond(request, response));
  const sockets = new WebSocketServer({ server });
  const ended = useServer(
    {
      schema,
      roots: { query: rootValue, subscription: rootValue },
      context: ({ connectionParams }) => contextOf(connectionParams?.['authorization'], 'over WebSocket'),
    },
    sockets,
  );
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { readonly port: number };
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    used,
    close: async () => {
      await ended.dispose();
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

function hasScope(authorization: unknown): boolean {
  const payload = typeof authorization === 'string' ? authorization.split('.')[1] : undefined;
  if (payload === undefined) return false;
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return isRecord(claims) && String(claims['scope']).split(' ').includes('secrets:read');
}
