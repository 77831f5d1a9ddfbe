import { GraphQLError } from 'graphql';
import { MessageType } from 'graphql-ws';
import { faultOf, type TrustedDocuments } from '../../api/operation/operation.ts';
import type { ErrorCode } from '../../errors.ts';
import { IdRefusal, withDocumentText } from '../trusted/document-id.ts';
import { badRequest, readParameters } from '../graphql/operation-parameters.ts';
import type { Place } from '../graphql/places.ts';
import type { MessageOutlet } from './outlet.ts';
import type { StreamErrors } from '../graphql/stream-errors.ts';

/** The operations of one socket. */
export interface SocketOperations {
  /**
   * Passes a message to the library, or answers with an error if the operation must not begin.
   *
   * @param receive - the library's handler. Its promise settles when the operation ends
   * @param acknowledged - whether `connection_init` was acknowledged. If not, the library refuses the operation
   * @returns a promise that settles when the next message may be handled
   */
  take(text: string, receive: (text: string) => Promise<void>, acknowledged: boolean): Promise<void>;
  /** Records that an operation has started. @param ended - settles when no part of the operation runs any more */
  runs(id: string, ended: Promise<void>): void;
}

interface OperationsOptions {
  readonly maxOperations: number;
  readonly errors: StreamErrors;
  readonly outlet: MessageOutlet;
  /** The place of the socket. Each operation keeps this place until the operation has ended. */
  readonly place: Place;
  readonly trusted: TrustedDocuments | undefined;
}

interface Operation {
  /** Whether the client has sent `complete`. */
  completed: boolean;
  ended: Promise<void>;
}

/**
 * Counts the operations of a socket. An operation counts until its last message was sent and no part of it runs any
 * more. It may count after the client's `complete`, because resolvers and sources that have begun continue.
 */
export function createOperations({
  maxOperations,
  errors,
  outlet,
  place,
  trusted,
}: OperationsOptions): SocketOperations {
  const operations = new Map<string, Operation>();

  /**
   * Returns why an operation must not begin, or null. Null too if an operation that the client has not completed uses
   * the id. The library then closes the socket, as the protocol requires.
   */
  function refusal(id: string, payload: unknown): GraphQLError | null {
    const parameters = readParameters(payload);
    if (typeof parameters === 'string') return badRequest(parameters);
    if (operations.get(id)?.completed) return stillEnding();
    if (operations.size < maxOperations || operations.has(id)) return null;
    return tooMany(maxOperations);
  }

  async function sendErrors(id: string, error: GraphQLError): Promise<void> {
    await outlet.send(JSON.stringify({ id, type: MessageType.Error, payload: errors.format([error]) }));
  }

  async function run(id: string, text: string, receive: (text: string) => Promise<void>): Promise<void> {
    const operation: Operation = { completed: false, ended: Promise.resolve() };
    operations.set(id, operation);
    try {
      await receive(text);
    } catch (error) {
      // JSON cannot represent the result, or the server has a fault. The other operations on the socket continue.
      await sendErrors(id, faultOf(error));
    }
    await operation.ended;
    operations.delete(id);
  }

  return {
    async take(text, receive, acknowledged) {
      const message = messageOf(text);
      const { type, id } = message;
      if (typeof id !== 'string' || id === '') return receive(text);
      if (type === MessageType.Complete) {
        const operation = operations.get(id);
        if (operation) operation.completed = true;
        return receive(text);
      }
      if (type !== MessageType.Subscribe || !acknowledged) return receive(text);
      await outlet.room();
      // A document is found only now, because the documents may have changed while the message waited.
      const payload = withDocumentText(trusted, message.payload);
      const error = payload instanceof IdRefusal ? payload.toError() : refusal(id, payload);
      if (error) return sendErrors(id, error);
      // The library accepts only a message with the text of its document.
      const full = payload === message.payload ? text : JSON.stringify({ ...message, payload });
      // If the id is in use, the library closes the socket. The second operation is not counted.
      if (operations.has(id)) return receive(full);
      place.keep(run(id, full, receive));
    },
    runs(id, ended) {
      const operation = operations.get(id);
      if (operation) operation.ended = ended;
    },
  };
}

function messageOf(text: string): { readonly type?: unknown; readonly id?: unknown; readonly payload?: unknown } {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === 'object' && message !== null ? message : {};
  } catch {
    return {}; // The library closes the socket.
  }
}

function tooMany(allowed: number): GraphQLError {
  const code = 'LIMIT_EXCEEDED' satisfies ErrorCode;
  const extensions = { code, limit: 'operations', found: allowed + 1, allowed };
  const message = `A socket may have ${allowed} operations under way, and one counts until it has ended.`;
  return new GraphQLError(message, { extensions });
}

function stillEnding(): GraphQLError {
  const extensions = { code: 'CONFLICT' satisfies ErrorCode };
  return new GraphQLError('The operation of this id has not ended yet: use another id.', { extensions });
}
