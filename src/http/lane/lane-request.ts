import { IncomingMessage, type IncomingHttpHeaders } from 'node:http';
import type { KnownAnswer } from '../../api/operation/operation.ts';
import { repeatsHost, usualHeaders } from '../headers/usual-headers.ts';

/** Receives the body of a request in place of the stream. */
export interface BodyTaker {
  take(chunk: Buffer): void;
  /** The body is complete. */
  end(): void;
  /** The connection ended before the answer. */
  abort(): void;
}

/** What the lane has done for a request before it handed the request over. */
export interface HandedOver {
  /** When the request arrived, in milliseconds of `performance.now`. */
  readonly startedAt: number;
  /** The value of `Around.arrival` when the request arrived. */
  readonly arrival: number | undefined;
  /** The ID of the request. Undefined: it has none yet. */
  readonly id: string | undefined;
  /** The context of the operation, or the error of making it. Undefined: the context was not made. */
  readonly context?: { readonly value: object } | { readonly error: unknown } | undefined;
  /** The answer, which Fastify must send. Undefined: the operation has not run. */
  readonly answer?: KnownAnswer;
}

/** Members of Node's class that its types do not have. */
interface InternalRequest {
  /** Marks the stream as read and closed. Node does this with requests without a body (`optimizeEmptyRequests`). */
  _dumpAndCloseReadable?(): void;
}

/**
 * A request whose body the lane can take before the stream has it. Node's parser calls `push` with each part of the
 * body, in the same turn in which it has read the part. Therefore the lane can answer a small request without waiting
 * for events of the stream, and can give an unread body back to the stream.
 */
export class LaneRequest extends IncomingMessage {
  static {
    // The types of Node state a property, which a class cannot replace by an accessor.
    const ofNode = Object.getOwnPropertyDescriptor(IncomingMessage.prototype, 'headers');
    if (ofNode?.get && ofNode.set) {
      Object.defineProperty(LaneRequest.prototype, 'headers', {
        ...ofNode,
        get(this: LaneRequest) {
          if (this.madeHeaders !== null) return this.madeHeaders;
          this.madeHeaders = usualHeaders(this.rawHeaders);
          if (this.madeHeaders === null) {
            this.repeatsHost = repeatsHost(this.rawHeaders); // Usual lines have one `Host`.
            this.madeHeaders = ofNode.get?.call(this) as IncomingHttpHeaders;
          }
          return this.madeHeaders;
        },
        set(this: LaneRequest, headers: IncomingHttpHeaders) {
          this.madeHeaders = headers;
        },
      });
    }
  }

  handedOver: HandedOver | undefined = undefined;
  /** Whether the request has more than one `Host` line. Known when `headers` was read. */
  repeatsHost = false;
  /** Not private: a proxy of a request, or an object that inherits from it, has no private members. */
  madeHeaders: IncomingHttpHeaders | null = null;
  #taker: BodyTaker | null = null;

  override push(chunk: unknown, encoding?: BufferEncoding): boolean {
    if (this.#taker === null) return super.push(chunk, encoding);
    if (chunk === null) this.#taker.end();
    else this.#taker.take(chunk as Buffer); // Node's parser pushes only buffers and null.
    return true;
  }

  /** Gives all further parts of the body to a taker. Call it before the first part has arrived. */
  takeBody(taker: BodyTaker): void {
    this.#taker = taker;
  }

  /** Gives a complete body to the stream, as if the lane had not taken it. */
  giveBack(chunks: readonly Buffer[], handedOver: HandedOver): void {
    this.#taker = null;
    this.handedOver = handedOver;
    for (const chunk of chunks) super.push(chunk);
    super.push(null);
  }

  /** Ends the stream without its body, which the taker has read. */
  endBody(): void {
    this.#taker = null;
    const request = this as InternalRequest;
    if (request._dumpAndCloseReadable) request._dumpAndCloseReadable();
    // Node reads and discards the rest of a request that was answered.
    else super.push(null);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    const taker = this.#taker;
    this.#taker = null;
    super._destroy(error, callback);
    taker?.abort();
  }
}

/** Returns what the lane has done for a request. Undefined: the lane has not read its body. */
export function handedOver(request: IncomingMessage): HandedOver | undefined {
  return request instanceof LaneRequest ? request.handedOver : undefined;
}
