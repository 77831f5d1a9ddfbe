import type { FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { handleProtocols, makeServer, type Server } from 'graphql-ws';
import type { ServerOptions, WebSocket } from 'ws';
import type {
  PreparedOperation,
  Runner,
  StreamSession,
  StreamSessions,
  TrustedDocuments,
} from '../../api/operation/operation.ts';
import { badRequest, readParameters } from '../graphql/operation-parameters.ts';
import type { Place } from '../graphql/places.ts';
import { closeWith, endWith } from './close.ts';
import { authorizationsOf, credentialHeaders, invalidCredential } from './credential.ts';
import { readMessages } from './inbox.ts';
import { createOperations, type SocketOperations } from './operations.ts';
import { outletOf } from './outlet.ts';
import { keepPinging } from './pings.ts';
import type { StreamErrors } from '../graphql/stream-errors.ts';

/** The state of one socket. */
interface Extra {
  readonly socket: WebSocket;
  readonly request: FastifyRequest;
  readonly place: Place;
  readonly operations: SocketOperations;
  session?: StreamSession;
}

/** The options of `socketHandler`. */
export interface SocketOptions {
  readonly runner: Runner;
  readonly sessions: StreamSessions;
  readonly errors: StreamErrors;
  /** How many operations may run on one socket at the same time. */
  readonly maxOperations: number;
  /** The trusted documents, by their IDs. Undefined: a message cannot name a document by an ID. */
  readonly trusted: TrustedDocuments | undefined;
}

/**
 * Reasons that replace the reasons of the library. The library's reasons may repeat text of the client, and some do not
 * say what to do.
 */
const reasons: Readonly<Record<number, string>> = {
  4406: 'Sec-WebSocket-Protocol: expected graphql-transport-ws',
  4409: 'Subscriber already exists',
};

/** How long a client may take to send `connection_init`. */
const initTimeoutMs = 10_000;
/** How long a client may take to answer a close. */
const closeTimeoutMs = 5_000;

/** The options of the package ws that this server sets. The package does not declare all of them. */
interface SocketServerOptions extends Pick<ServerOptions, 'maxPayload' | 'perMessageDeflate' | 'handleProtocols'> {
  readonly maxFragments: number;
  readonly maxBufferedChunks: number;
  readonly maxPendingAutoPongs: number;
  readonly closeTimeout: number;
}

/**
 * Returns the options of the package ws. An unfinished message may have a limited number of fragments and chunks,
 * because their buffers can be much larger than their content. Compression is off, because a decompressed message can
 * be much larger than the received bytes.
 *
 * @param maxPayload - the largest message, in bytes
 */
export function socketServerOptions(maxPayload: number): SocketServerOptions {
  return {
    maxPayload,
    perMessageDeflate: false,
    handleProtocols,
    maxFragments: 64,
    maxBufferedChunks: 4_096,
    maxPendingAutoPongs: 60,
    closeTimeout: closeTimeoutMs,
  };
}

/**
 * Makes the handler of sockets (protocol graphql-transport-ws).
 *
 * The client sends the token either in the payload of `connection_init` or in a header of the upgrade. The payload of a
 * `ping` may renew the token. A DPoP-bound token is refused, because messages on a socket have no proof of the key.
 *
 * The messages of a socket are handled in their order. An operation starts only while the client reads. The server
 * handles the next messages while the operation runs.
 */
export function socketHandler({
  runner,
  sessions,
  errors,
  maxOperations,
  trusted,
}: SocketOptions): (socket: WebSocket, request: FastifyRequest, place: Place) => void {
  const server: Server<Extra> = makeServer<Record<string, unknown>, Extra>({
    connectionInitWaitTimeout: initTimeoutMs,
    onConnect: async (context) => {
      const { connectionParams, extra } = context;
      // Otherwise the library would keep the payload as long as the socket is open. The session holds the parts that
      // the server needs.
      Object.assign(context, { connectionParams: undefined });
      return open(extra, connectionParams);
    },
    onSubscribe: ({ extra }, id, payload) => prepare(extra, id, payload),
    // `prepare` made these arguments, so only prepared operations are executed.
    execute: (args) => runner.run(args as PreparedOperation),
    subscribe: (args) => runner.run(args as PreparedOperation),
    onNext: (_context, _id, _payload, _args, result) => errors.result(result),
    onError: (_context, _id, _payload, faults) => errors.format(faults),
  });

  async function open(extra: Extra, parameters: unknown): Promise<boolean> {
    const { request, socket, place } = extra;
    try {
      const rawHeaders = credentialHeaders(request.raw.rawHeaders, authorizationsOf(parameters));
      const session = await sessions.open({ rawHeaders, method: 'GET', address: request.ip });
      if (socket.readyState !== socket.OPEN) {
        session.close();
        return false;
      }
      if (session.callerKey !== null && !place.admit(session.callerKey)) {
        session.close();
        closeWith(socket, 'tooMany');
        return false;
      }
      extra.session = session;
      session.onEnd((fault) => endWith(socket, fault));
      return true;
    } catch (error) {
      fail(extra, error);
      return false;
    }
  }

  function prepare({ session, operations }: Extra, id: string, payload: unknown) {
    if (!session) return [new GraphQLError('Forbidden')];
    const parameters = readParameters(payload);
    if (typeof parameters === 'string') return [badRequest(parameters)];
    const prepared = runner.prepare(parameters, session);
    if ('document' in prepared) operations.runs(id, prepared.ended);
    return prepared;
  }

  async function renew(extra: Extra, payload: unknown): Promise<boolean> {
    try {
      const [authorization, another] = authorizationsOf(payload);
      if (another !== undefined) throw invalidCredential();
      if (authorization !== undefined) await extra.session?.renew(authorization);
      return true;
    } catch (error) {
      fail(extra, error);
      return false;
    }
  }

  /**
   * Closes the socket after an error. The code of the close reports the error to the caller. A GraphQLError is not
   * logged.
   */
  function fail({ socket, request }: Extra, error: unknown): void {
    if (!(error instanceof GraphQLError)) request.log.error({ err: error }, 'socket failed');
    endWith(socket, error);
  }

  function begin(socket: WebSocket, request: FastifyRequest, place: Place): void {
    const outlet = outletOf(socket);
    const operations = createOperations({ maxOperations, errors, outlet, place, trusted });
    const extra: Extra = { socket, request, place, operations };
    const closed = server.opened(
      {
        protocol: socket.protocol,
        send: (data) => outlet.send(data),
        close: (code = 1000, reason) => closeWith(socket, code, reasons[code] ?? reason),
        onMessage: (receive) => {
          readMessages(socket, async (text, isBinary) => {
            try {
              if (isBinary) closeWith(socket, 4400, 'Invalid message received');
              else await operations.take(text, receive, extra.session !== undefined);
            } catch (error) {
              request.log.error({ err: error }, 'socket failed');
              closeWith(socket, 1011, 'Internal server error');
            }
          });
        },
        onPing: async (payload) => {
          // The pong does not repeat the payload, which may hold a token.
          if (await renew(extra, payload)) await outlet.send(JSON.stringify({ type: 'pong' }));
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
  }

  return (socket, request, place) => {
    try {
      begin(socket, request, place);
    } catch (error) {
      request.log.error({ err: error }, 'socket failed');
      socket.terminate();
    }
  };
}
