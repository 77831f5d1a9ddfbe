import { GraphQLError } from 'graphql';
import { type ErrorCode, statusOf } from '../../../errors.ts';
import { type Principal, principalOf } from '../../../principal.ts';
import type { StreamCaller } from './prepared.ts';

/** The request that opened a connection. */
export interface ConnectionRequest {
  /** Header lines: name, value, name, value… */
  readonly rawHeaders: readonly string[];
  readonly method: string;
  /** The caller's network address. */
  readonly address: string;
}

/** An open connection, with its caller. */
export interface StreamSession extends StreamCaller {
  /** Issuer, subject and client of the token as one text. `null` without a token. A renewal does not change it. */
  readonly callerKey: string | null;
  /**
   * Replaces the credential with a new one of the same issuer, subject and client.
   *
   * @throws GraphQLError as for a request with the new credential; `FORBIDDEN` if issuer, subject or client differ
   */
  renew(authorization: string): Promise<void>;
  /** Ends every operation of the connection. The transport closes the connection. */
  close(): void;
}

/** The options of `createStreamSessions`. */
export interface StreamSessionOptions {
  /** Makes the context of a request. It throws a GraphQLError if the credential is refused. */
  readonly context: (request: ConnectionRequest) => Promise<object>;
  /** How often the credential of each open connection is verified again, in milliseconds. Default 1,000. */
  readonly intervalMs?: number;
}

/** The callers of all open connections. */
export interface StreamSessions {
  /**
   * Opens a connection.
   *
   * @throws GraphQLError as `context` does; `INVALID_REQUEST` for a request with a DPoP proof (RFC 9449);
   * `SERVER_STOPPING` if the server is stopping
   */
  open(request: ConnectionRequest): Promise<StreamSession>;
  /** Ends all connections when the server stops. */
  close(): void;
}

/**
 * Creates the list of open connections. At every interval, the token of each connection is verified again. The cache of
 * the verifier usually saves the check of the signature. If the token has expired, was revoked or cannot be verified,
 * the connection ends.
 *
 * @param options - `intervalMs` is in milliseconds, 1,000 by default
 */
export function createStreamSessions({ context, intervalMs = 1_000 }: StreamSessionOptions): StreamSessions {
  const open = new Set<OpenSession>();
  let stopping = false;
  let timer: NodeJS.Timeout | null = null;

  const verifyAll = (): void => {
    for (const session of open) void session.verifyAgain();
  };
  const forget = (session: OpenSession): void => {
    open.delete(session);
    if (open.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };

  return {
    async open(request) {
      if (stopping) throw serverStopping();
      if (hasProof(request)) throw proofRefused();
      const made = await context(request);
      if (stopping) throw serverStopping(); // The server may have begun to stop in the meantime.
      const session = new OpenSession(context, request, made, forget);
      open.add(session);
      timer ??= setInterval(verifyAll, intervalMs).unref();
      return session;
    },
    close() {
      stopping = true;
      for (const session of open) session.end(serverStopping());
    },
  };
}

/**
 * Whether a request has a DPoP proof. A proof is valid for one request. Later messages on the connection have no proof.
 */
function hasProof({ rawHeaders }: ConnectionRequest): boolean {
  return rawHeaders.some((name, index) => index % 2 === 0 && name.toLowerCase() === 'dpop');
}

function proofRefused(): GraphQLError {
  const extensions = { code: 'INVALID_REQUEST' satisfies ErrorCode, http: { status: statusOf('INVALID_REQUEST') } };
  return new GraphQLError('A token that is bound to a key cannot keep a connection open.', { extensions });
}

function connectionClosed(): GraphQLError {
  const extensions = { code: 'BAD_REQUEST' satisfies ErrorCode };
  return new GraphQLError('The connection is closed.', { extensions });
}

function serverStopping(): GraphQLError {
  const extensions = { code: 'SERVER_STOPPING' satisfies ErrorCode, http: { status: statusOf('SERVER_STOPPING') } };
  return new GraphQLError('The server is stopping: connect again.', { extensions });
}

class OpenSession implements StreamSession {
  fault: GraphQLError | null = null;
  readonly #find: StreamSessionOptions['context'];
  readonly #forget: (session: OpenSession) => void;
  readonly #listeners = new Set<(fault: GraphQLError) => void>();
  #request: ConnectionRequest;
  #verifying = false;
  #context: object;

  constructor(
    find: StreamSessionOptions['context'],
    request: ConnectionRequest,
    context: object,
    forget: (session: OpenSession) => void,
  ) {
    this.#find = find;
    this.#request = request;
    this.#context = context;
    this.#forget = forget;
  }

  get callerKey(): string | null {
    const principal = principalOf(this.#context);
    if (principal.kind === 'anonymous') return null;
    return JSON.stringify([principal.kind, principal.issuer, principal.subject, principal.clientId]);
  }

  context(): object {
    return { ...this.#context };
  }

  onEnd(listener: (fault: GraphQLError) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async verifyAgain(): Promise<void> {
    const request = this.#request;
    if (this.#verifying || principalOf(this.#context).kind === 'anonymous') return;
    this.#verifying = true;
    try {
      const context = await this.#find(request);
      // The token may have been renewed in the meantime.
      if (request === this.#request) this.#context = context;
    } catch (error) {
      if (request === this.#request) this.end(toGraphQLError(error));
    } finally {
      this.#verifying = false;
    }
  }

  async renew(authorization: string): Promise<void> {
    const request = { ...this.#request, rawHeaders: ['authorization', authorization] };
    const context = await this.#find(request);
    if (this.fault) throw this.fault; // The connection may have ended in the meantime.
    if (!isSame(principalOf(this.#context), principalOf(context))) {
      const code = 'FORBIDDEN' satisfies ErrorCode;
      throw new GraphQLError('The new token is of another issuer, subject or client.', { extensions: { code } });
    }
    this.#request = request;
    this.#context = context;
  }

  end(fault: GraphQLError): void {
    if (this.fault) return;
    this.fault = fault;
    for (const listener of this.#listeners) listener(fault);
    this.#listeners.clear();
    this.#forget(this);
  }

  close(): void {
    this.end(connectionClosed());
  }
}

function isSame(a: Principal, b: Principal): boolean {
  if (a.kind === 'anonymous' || b.kind === 'anonymous') return a.kind === b.kind;
  return a.kind === b.kind && a.issuer === b.issuer && a.subject === b.subject && a.clientId === b.clientId;
}

function toGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  return new GraphQLError('Internal server error', {
    extensions: { code: 'INTERNAL_SERVER_ERROR' satisfies ErrorCode },
  });
}
