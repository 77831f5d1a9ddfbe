import type { FastifyInstance } from 'fastify';
import { createClient as createSocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { graphqlPath } from '../../src/http/graphql/graphql.ts';
import type { Caller } from './callers.ts';

/** A request and its caller, in the form that `mountTable` reads. */
export interface Asked {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
}

/** The body of an answer, or the errors with which an operation was refused. */
export interface Told {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
}

/** Returns a function for each transport of a listening server, which sends a request. GET accepts only queries. */
export function transportsOf(url: string): Readonly<Record<string, (asked: Asked) => Promise<Told>>> {
  const endpoint = new URL(graphqlPath, url).href;
  return {
    async POST({ query, variables, caller }) {
      const headers = { 'content-type': 'application/json', authorization: JSON.stringify(caller) };
      const response = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
      return (await response.json()) as Told;
    },
    async GET({ query, variables, caller }) {
      const parameters = new URLSearchParams({ query, ...(variables && { variables: JSON.stringify(variables) }) });
      const headers = { authorization: JSON.stringify(caller), 'apollo-require-preflight': 'true' };
      const response = await fetch(`${endpoint}?${parameters.toString()}`, { headers });
      return (await response.json()) as Told;
    },
    async WebSocket({ query, variables, caller }) {
      const client = createSocketClient({
        url: endpoint.replace('http:', 'ws:'),
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        connectionParams: { authorization: JSON.stringify(caller) },
      });
      try {
        for await (const result of client.iterate({ query, variables: { ...variables } })) return result as Told;
        return {};
      } catch (errors) {
        if (!Array.isArray(errors)) throw errors;
        return { errors };
      } finally {
        await client.dispose();
      }
    },
    async 'server-sent events'({ query, variables, caller }) {
      const headers = {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: JSON.stringify(caller),
      };
      const response = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
      // A refusal may be one answer instead of a stream.
      const body = await response.text();
      const [, first] = /^event: next\ndata: (.*)$/m.exec(body) ?? [];
      return JSON.parse(first ?? body) as Told;
    },
  };
}

/** Listens on a free port of the loopback address. @returns the URL */
export function listening(app: FastifyInstance): Promise<string> {
  return app.listen({ host: '127.0.0.1', port: 0 });
}
