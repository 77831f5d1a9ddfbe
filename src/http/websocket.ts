import { setInterval as every } from 'node:timers';
import type { FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import {
  type Context as SocketContext,
  handleProtocols,
  makeServer,
  type Server,
  type SubscribePayload,
} from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { PreparedOperation, Runner, Session, Sessions } from '../api/operation.ts';
import { type ErrorCode, errorKinds } from '../errors.ts';
import type { StreamErrors } from './stream-errors.ts';

/** What each socket has. */
interface Extra {
  readonly socket: WebSocket;
  readonly request: FastifyRequest;
  session?: Session;
}

export interface SocketOptions {
  readonly runner: Runner;
  readonly sessions: Sessions;
  readonly errors: StreamErrors;
}

/** Why a socket is closed, beside the codes of the protocol itself (graphql-transport-ws). */
const closes = {
  unauthorized: { code: 4401, reason: 'Unauthorized' },
  forbidden: { code: 4403, reason: 'Forbidden' },
  badRequest: { code: 4400, reason: 'Bad Request' },
  goingAway: { code: 1001, reason: 'Going Away' },
  tryAgain: { code: 1013, reason: 'Try Again Later' },
} as const;

/** How many operations may be under way on one socket. */
const mostOperations = 100;
/** How long a client may take to introduce itself, in milliseconds. */
const initTimeout = 10_000;
/** How often a client is asked whether it is still there, in milliseconds: it has as long to answer. */
const keepAlive = 15_000;

export { handleProtocols };

/**
 * Makes the handler of sockets that speak graphql-transport-ws.
 *
 * The token comes in the payload of `connection_init` or as the header of the upgrade, not both, and may be renewed by the
 * payload of a `ping`. A token that is bound to a key is refused, since nothing on an open socket could prove the key.
 */
export function socketHandler({
  runner,
  sessions,
  errors,
}: SocketOptions): (socket: WebSocket, request: FastifyRequest) => void {
  const server: Server<Extra> = makeServer<Record<string, unknown>, Extra>({
    connectionInitWaitTimeout: initTimeout,
    onConnect: async ({ connectionParams, extra }) => open(extra, connectionParams),
    onSubscribe: (context, _id, payload) => prepare(context, payload),
    // What was prepared, and nothing else, is what is run.
    execute: (args) => runner.run(args as PreparedOperation),
    subscribe: (args) => runner.run(args as PreparedOperation),
    onNext: (_context, _id, _payload, _args, result) => errors.result(result),
    onError: (_context, _id, _payload, faults) => errors.format(faults),
  });

  async function open(extra: Extra, parameters: unknown): Promise<boolean> {
    try {
      const { request, socket } = extra;
      const rawHeaders = credentialHeaders(request.raw.rawHeaders, authorizationsOf(parameters));
      const session = await sessions.open({ rawHeaders, method: 'GET', address: request.ip });
      if (socket.readyState !== socket.OPEN) {
        session.close();
        return false;
      }
      extra.session = session;
      session.onEnd((fault) => close(socket, fault));
      return true;
    } catch (error) {
      close(extra.socket, error);
      return false;
    }
  }

  function prepare({ extra, subscriptions }: SocketContext<Record<string, unknown>, Extra>, payload: SubscribePayload) {
    const { session } = extra;
    if (!session) return [new GraphQLError('Forbidden')];
    const found = Object.keys(subscriptions).length;
    if (found > mostOperations) {
      const code = 'LIMIT_EXCEEDED' satisfies ErrorCode;
      const extensions = { code, limit: 'operations', found, allowed: mostOperations };
      return [new GraphQLError(`A socket may have ${mostOperations} operations under way.`, { extensions })];
    }
    return runner.prepare(payload, session);
  }

  return (socket, request) => {
    const extra: Extra = { socket, request };
    const closed = server.opened(
      {
        protocol: socket.protocol,
        send: async (data) => send(socket, data),
        // The library's reasons can repeat what the client sent, longer than a reason may be.
        close: (code, reason) =>
          socket.close(code, code === 4409 ? 'Subscriber already exists' : reason?.slice(0, 100)),
        onMessage: (receive) => {
          socket.on('message', (data: Buffer) => {
            // Closing takes as long as the client likes, and what it sends meanwhile still arrives.
            if (socket.readyState !== socket.OPEN) return;
            receive(data.toString('utf8')).catch((error: unknown) => {
              request.log.error({ err: error }, 'socket failed');
              socket.close(1011, 'Internal server error');
            });
          });
        },
        onPing: async (payload) => {
          const [authorization, another] = authorizationsOf(payload);
          try {
            if (another !== undefined) throw badRequest();
            if (authorization !== undefined) await extra.session?.renew(authorization);
            // Never with the payload: it may hold a token.
            await send(socket, JSON.stringify({ type: 'pong' }));
          } catch (error) {
            close(socket, error);
          }
        },
      },
      extra,
    );
    const stopPinging = keepPinging(socket);
    socket.on('error', (error) => request.log.info({ err: error }, 'socket broke'));
    socket.once('close', (code, reason) => {
      stopPinging();
      extra.session?.close();
      closed(code, String(reason)).catch((error: unknown) => request.log.error({ err: error }, 'socket failed'));
    });
  };
}

/** The header of the upgrade, or what came in a payload; two of them are as wrong as two headers. */
function credentialHeaders(rawHeaders: readonly string[], authorizations: readonly string[]): readonly string[] {
  const own = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 && /^(authorization|dpop)$/i.test(name) ? [name, rawHeaders[index + 1] ?? ''] : [],
  );
  return [...own, ...authorizations.flatMap((value) => ['authorization', value])];
}

/** The members of a payload that are called as the header is, in any case. */
function authorizationsOf(payload: unknown): readonly string[] {
  if (typeof payload !== 'object' || payload === null) return [];
  return Object.entries(payload)
    .filter(([name]) => name.toLowerCase() === 'authorization')
    .map(([, value]) => {
      if (typeof value !== 'string') throw badRequest();
      return value;
    });
}

function badRequest(): GraphQLError {
  return new GraphQLError('Bad Request', { extensions: { code: 'INVALID_REQUEST' satisfies ErrorCode } });
}

/** With a code that says why: whoever knows no better reads it off the error. */
function close(socket: WebSocket, error: unknown): void {
  const code = error instanceof GraphQLError ? error.extensions['code'] : undefined;
  const { code: closeCode, reason } = closes[closeOf(code)];
  socket.close(closeCode, reason);
}

function closeOf(code: unknown): keyof typeof closes {
  if (code === 'SERVER_STOPPING') return 'goingAway';
  if (code === 'INVALID_REQUEST') return 'badRequest';
  if (code === 'FORBIDDEN') return 'forbidden';
  const kind = typeof code === 'string' && Object.hasOwn(errorKinds, code) ? errorKinds[code as ErrorCode] : null;
  return kind?.status === 401 ? 'unauthorized' : 'tryAgain';
}

async function send(socket: WebSocket, data: string): Promise<void> {
  if (socket.readyState !== socket.OPEN) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.send(data, (error) => (error ? reject(error) : resolve()));
  await promise;
}

/** Hangs up on whoever does not answer any more. */
function keepPinging(socket: WebSocket): () => void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const timer = every(() => {
    if (!answered) {
      socket.terminate();
      return;
    }
    answered = false;
    socket.ping();
  }, keepAlive);
  return () => clearInterval(timer);
}
