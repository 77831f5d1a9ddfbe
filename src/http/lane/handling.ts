import type { RequestListener, ServerResponse } from 'node:http';
import type { AnswerType, Declined, KnownAnswer, KnownOperation } from '../../api/operation/operation.ts';
import { enterRequestId, withRequestId } from '../../observe/log.ts';
import { requestIds } from '../../observe/request-ids.ts';
import type { CrossOrigin } from '../headers/cross-origin.ts';
import { keepOpen } from '../connections/keep-alive.ts';
import type { LaneBody } from './body.ts';
import { failure, hasUsualHead } from './heads.ts';
import { graphqlPath } from '../graphql/graphql.ts';
import type { BodyTaker, HandedOver, LaneRequest } from './lane-request.ts';
import type { LaneOutcome, LaneReason } from './outcomes.ts';
import type { LaneParts } from './parts.ts';

/** What the lane has found in a request before it takes the body. */
export interface Admitted {
  readonly request: LaneRequest;
  readonly response: ServerResponse;
  /** Fastify's listener. */
  readonly next: RequestListener;
  /** The media type of the answer. */
  readonly type: AnswerType;
  /** The caller's network address. */
  readonly address: string;
  /** Whether the connection comes from a trusted proxy. */
  readonly isProxied: boolean;
}

const newId = requestIds();

/** The handling of one request in the lane. It ends one time: answered, handed over to Fastify, or aborted. */
export class Handling implements BodyTaker {
  readonly #parts: LaneParts;
  readonly #admitted: Admitted;
  readonly #cors: ReturnType<CrossOrigin['headersFor']>;
  readonly #startedAt = performance.now();
  readonly #arrival: number | undefined;
  #first: Buffer | null = null;
  #others: Buffer[] | null = null;
  #body: LaneBody | null = null;
  #operation: KnownOperation | null = null;
  #id: string | undefined = undefined;
  /** `reading`: nothing has run. `running`: resolvers may have run. */
  #state: 'reading' | 'running' | 'over' = 'reading';
  #isReported = false;

  constructor(parts: LaneParts, admitted: Admitted) {
    this.#parts = parts;
    this.#admitted = admitted;
    this.#cors = parts.pages.headersFor(admitted.request.headers.origin);
    this.#arrival = parts.around?.arrival();
  }

  begin(): void {
    this.#parts.drain.begun();
    this.#admitted.request.takeBody(this);
  }

  take(chunk: Buffer): void {
    if (this.#first === null) this.#first = chunk;
    else (this.#others ??= []).push(chunk);
  }

  end(): void {
    try {
      this.#find();
    } catch (error) {
      this.#fail(error);
    }
  }

  abort(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#parts.count('aborted');
    this.#report(false);
  }

  #find(): void {
    const { known, bodies } = this.#parts;
    const body = bodies.read(this.#whole());
    if (body === null) return this.#decline('body');
    const found = known.find(body.query, body.operationName);
    if (found.kind === 'other') return this.#decline(found.reason);
    if (body.text !== null) bodies.remember(body);
    this.#body = body;
    this.#operation = found;
    this.#id = newId();
    const { around } = this.#parts;
    // A query sends no request to this server in the process, so it needs no context of `Around`.
    if (found.type === 'mutation' && around) {
      return around.run(this.#arrival ?? around.arrival(), withRequestId, this.#id, () => this.#run());
    }
    enterRequestId(this.#id); // The parser ends each request in a callback of its own.
    this.#run();
  }

  #whole(): Buffer {
    const first = this.#first ?? Buffer.alloc(0);
    return this.#others === null ? first : Buffer.concat([first, ...this.#others]);
  }

  /** Makes the context, one time, and runs the operation. Called with the ID of the request in the async context. */
  #run(): void {
    const { request, address } = this.#admitted;
    let made: object | Promise<object>;
    try {
      made = this.#parts.context({ rawHeaders: request.rawHeaders, method: 'POST', address });
    } catch (error) {
      return this.#decline('caller', { error });
    }
    if (!(made instanceof Promise)) return this.#execute(made);
    made.then(
      (value) => this.#settle(() => this.#execute(value)),
      (error: unknown) => this.#settle(() => this.#decline('caller', { error })),
    );
  }

  #execute(value: object): void {
    if (this.#state === 'over' || this.#operation === null || this.#body === null) return;
    if (this.#parts.trusted?.refusalOf(this.#body.query, value)) return this.#decline('document', { value });
    this.#state = 'running';
    const answer = this.#parts.known.run(this.#operation, this.#body.variables, value, this.#admitted.type);
    if (!(answer instanceof Promise)) return this.#finish(answer, value);
    answer.then(
      (settled) => this.#settle(() => this.#finish(settled, value)),
      (error: unknown) => this.#fail(error),
    );
  }

  /** Continues after a promise. The client may have disconnected in the meantime. */
  #settle(next: () => void): void {
    try {
      next();
    } catch (error) {
      this.#fail(error);
    }
  }

  #finish(answer: KnownAnswer | Declined, value: object): void {
    if (this.#state === 'over') return;
    if (answer.kind === 'other') return this.#decline(answer.reason, { value });
    if (hasUsualHead(answer, this.#admitted.type)) this.#write(answer);
    else this.#handOver('answered', { answer });
  }

  /** Hands the request over to Fastify. No resolver has run. */
  #decline(reason: LaneReason, context?: HandedOver['context']): void {
    if (this.#state !== 'over') this.#handOver(reason, { context });
  }

  /** Hands the request over to Fastify, with the context or with the answer. */
  #handOver(outcome: LaneOutcome, made: Pick<HandedOver, 'context' | 'answer'>): void {
    this.#state = 'over';
    const { request, response, next } = this.#admitted;
    this.#parts.count(outcome);
    const handedOver = { startedAt: this.#startedAt, arrival: this.#arrival, id: this.#id, ...made };
    const chunks = this.#first === null ? [] : [this.#first, ...(this.#others ?? [])];
    this.#isReported = true; // Fastify reports it.
    request.giveBack(chunks, handedOver);
    try {
      next(request, response);
    } finally {
      this.#parts.drain.ended();
    }
  }

  /** Handles an error that this code does not expect. */
  #fail(error: unknown): void {
    try {
      if (this.#state === 'reading') return this.#decline('fault');
      this.#parts.log.error({ err: error }, 'request failed');
      if (this.#state === 'running') return this.#write(failure);
    } catch (second) {
      this.#state = 'over';
      this.#parts.log.error({ err: second }, 'request failed');
    }
    // The answer has begun, or cannot be written.
    this.#admitted.response.destroy();
    this.#report(false);
  }

  #write({ status, headers, body }: Pick<KnownAnswer, 'status' | 'headers' | 'body'>): void {
    const { request, response, isProxied } = this.#admitted;
    const length = Buffer.byteLength(body);
    const at = Date.now();
    this.#parts.writeHead(response, { status, headers, id: this.#id ?? '', cors: this.#cors, length, at, isProxied });
    if (isProxied) keepOpen(request.socket, response);
    this.#state = 'over';
    request.endBody();
    // A text of ASCII characters has as many bytes as characters. Node writes it faster as Latin-1.
    response.end(body, length === body.length ? 'latin1' : 'utf8');
    this.#parts.count('answered');
    const { socket } = response;
    if (socket !== null && socket.writableLength === 0) return this.#report(true, at);
    // The client reads slowly, or the answer waits for the answers to earlier requests of the connection.
    response.once('finish', () => this.#report(true)).once('close', () => this.#report(false));
  }

  /**
   * Reports the end of the request, one time. A request without an ID gets one.
   *
   * @param at - the time of the answer, in milliseconds since the epoch
   */
  #report(isAnswered: boolean, at: number = Date.now()): void {
    if (this.#isReported) return;
    this.#isReported = true;
    const { access, onAnswer, drain } = this.#parts;
    const id = (this.#id ??= newId());
    if (isAnswered) {
      const { statusCode: status } = this.#admitted.response;
      const elapsedMs = performance.now() - this.#startedAt;
      access({ method: 'POST', route: graphqlPath, id, at, answer: { status, ms: Math.round(elapsedMs * 10) / 10 } });
      onAnswer?.({ method: 'POST', route: graphqlPath, status, seconds: elapsedMs / 1_000 });
    } else access({ method: 'POST', route: graphqlPath, id });
    drain.ended();
  }
}
