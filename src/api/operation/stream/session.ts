import { GraphQLError } from 'graphql';
import { type ErrorCode, statusOf } from '../../../errors.ts';
import { type Principal, principalOf } from '../../../principal.ts';
import type { StreamCaller } from './prepared.ts';

/** What a connection was opened with. */
export interface ConnectionRequest {
  /** Name, value, name, value… */
  readonly rawHeaders: readonly string[];
  readonly method: string;
  /** The caller's network address. */
  readonly address: string;
}

/** A connection, and whom it stands for. */
export interface StreamSession extends StreamCaller {
  /** Issuer, subject and client of the token as one text; `null` where no token was sent. It stays the same when the token is renewed. */
  readonly callerKey: string | null;
  /**
   * Takes a new credential in the place of the old one, of the same issuer, subject and client.
   *
   * @throws GraphQLError as for a request with it; `FORBIDDEN` where it stands for somebody else
   */
  renew(authorization: string): Promise<void>;
  /** Ends what runs for the connection, which is gone. */
  close(): void;
}

export interface StreamSessionOptions {
  /** Finds out who is calling, of one request; it throws GraphQLError where the credential is bad. */
  readonly context: (request: ConnectionRequest) => Promise<object>;
  /** How often each open connection's credential is looked at again, in milliseconds. Default 1,000. */
  readonly interval?: number;
}

/** The connections that are open. */
export interface StreamSessions {
  /** @throws GraphQLError as `context` does; `INVALID_REQUEST` for a token that is bound to a key (RFC 9449) */
  open(request: ConnectionRequest): Promise<StreamSession>;
  /** Ends all of them: the server stops. */
  close(): void;
}

/**
 * Keeps the connections that outlive a request: as long as one is open its token is verified again at every look, which
 * costs no signature, and once it has expired or was revoked the connection gets no more.
 */
export function createStreamSessions({ context, interval = 1_000 }: StreamSessionOptions): StreamSessions {
  const open = new Set<OpenSession>();
  let stopping = false;
  let timer: NodeJS.Timeout | null = null;

  const look = (): void => {
    for (const session of open) void session.look();
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
      const found = await context(request);
      if (stopping) throw serverStopping(); // Meanwhile.
      const session = new OpenSession(context, request, found, forget);
      open.add(session);
      timer ??= setInterval(look, interval).unref();
      return session;
    },
    close() {
      stopping = true;
      for (const session of open) session.end(serverStopping());
    },
  };
}

/** A proof is for one request and good once: nothing could show later that whoever holds the connection has the key. */
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
  #looking = false;
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

  async look(): Promise<void> {
    const request = this.#request;
    if (this.#looking || principalOf(this.#context).kind === 'anonymous') return;
    this.#looking = true;
    try {
      const context = await this.#find(request);
      // Unless it was renewed meanwhile.
      if (request === this.#request) this.#context = context;
    } catch (error) {
      if (request === this.#request) this.end(toGraphQLError(error));
    } finally {
      this.#looking = false;
    }
  }

  async renew(authorization: string): Promise<void> {
    const request = { ...this.#request, rawHeaders: ['authorization', authorization] };
    const context = await this.#find(request);
    if (this.fault) throw this.fault; // Meanwhile.
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
