import { type GraphQLSchema, OperationTypeNode } from 'graphql';
import { shown } from '../../../../protocol/shown.ts';
import { isSecureUrl } from '../../../../protocol/url.ts';
import { ToolFault } from '../../../report/fault.ts';
import type { Persona } from '../../callers/persona.ts';
import type { Endpoint, Reply } from '../endpoint.ts';
import type { Asked } from './asked.ts';
import { silent } from './body.ts';
import { isServed, requestTransports, type ServerTransport } from './requests.ts';
import { socketTransport } from './web-socket.ts';

/** A running GraphQL server. */
export interface RunningServer {
  readonly url: string;
  /** The schema of its rules. */
  readonly schema: GraphQLSchema;
  /** The personas of the attack. */
  readonly personas: readonly Persona[];
  /** The token of each persona. A persona without one is sent without a token. */
  readonly tokens: ReadonlyMap<Persona, string>;
  readonly runsMutations: boolean;
  readonly fetch?: typeof fetch;
}

/**
 * Makes the endpoint of a running server. A probe finds the transports that the server has beside POST. One request is
 * under way at a time. It follows no redirect, because a token is for this URL.
 *
 * @throws {ToolFault} if the URL is not usable, the server does not answer, or a token would be sent over http to another device
 */
export async function runningServer(server: RunningServer): Promise<Endpoint> {
  const { schema, personas, tokens, runsMutations, fetch: send = fetch } = server;
  const place = { file: shown(server.url), line: null };
  const url = URL.canParse(server.url) ? new URL(server.url) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new ToolFault(place, 'expected a URL, such as https://api.example.com/graphql');
  }
  if (tokens.size > 0 && !isSecureUrl(url)) throw new ToolFault(place, 'expected https, because tokens are sent');
  let hasAnswered = false;

  async function ask(transport: ServerTransport, asked: Asked): Promise<Reply | null> {
    try {
      const reply = await transport.send(asked);
      hasAnswered = true;
      return reply;
    } catch (error) {
      if (!hasAnswered) throw new ToolFault(place, 'expected a GraphQL server that answers; the request failed');
      return silent(error instanceof Error ? shown(error.message) : 'the request failed');
    }
  }
  const destination = { url, tokens, fetch: send };
  const socket = socketTransport(destination);
  const [post, ...others] = [...requestTransports(destination), socket];
  if (!post) throw new TypeError('no transport');
  const [persona] = personas;
  const probe = (transport: ServerTransport): Promise<boolean> =>
    persona ? ask(transport, { ...typename, persona }).then(isServed) : Promise.resolve(false);
  await probe(post);
  const served: ServerTransport[] = [post];
  for (const other of others) if (await probe(other)) served.push(other);
  return {
    schema,
    transports: served.map((transport) => ({
      name: transport.name,
      send: (request) => ask(transport, { ...request, operation: request.target.route.operation }),
    })),
    perWay: 2,
    knowsAnswers: false,
    runsMutations,
    close: socket.close,
  };
}

/** What a probe asks. Every GraphQL server answers it, if it takes free operations. */
const typename: Omit<Asked, 'persona'> = {
  text: '{ __typename }',
  operation: OperationTypeNode.QUERY,
  operationName: undefined,
  variables: {},
};
