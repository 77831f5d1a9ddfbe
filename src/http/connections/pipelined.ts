import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The bounds of the pipelined requests of one connection (RFC 9112 §9.3.2). */
export interface PipelineBounds {
  /** How many pipelined requests run at the same time, besides the first request. */
  readonly running: number;
  /** How many more may wait. If a client sends more, the server closes the connection. */
  readonly waiting: number;
}

const defaults: PipelineBounds = { running: 8, waiting: 1_000 };

interface Pipeline {
  running: number;
  readonly waiting: (readonly [IncomingMessage, ServerResponse])[];
}

/**
 * Bounds the answers that a connection keeps in memory. A client can send many requests and read no answer. Node stops
 * reading such a connection, but only after it has handled every request of the part that it has read. Each of these
 * requests would run, and its answer would wait in memory.
 *
 * A pipelined request arrives before the answer to an earlier request of its connection is complete. Few pipelined
 * requests run at once. The others wait without an answer, in their order.
 *
 * @param listener - handles requests that do not wait
 * @param late - handles requests that have waited. Their bodies are in their streams
 */
export function boundPipelines(
  listener: RequestListener,
  late: RequestListener,
  bounds: PipelineBounds = defaults,
): RequestListener {
  const pipelines = new WeakMap<Socket, Pipeline>();

  function run(pipeline: Pipeline, handle: RequestListener, request: IncomingMessage, response: ServerResponse): void {
    pipeline.running += 1;
    response.once('close', () => {
      pipeline.running -= 1;
      if (request.socket.destroyed) pipeline.waiting.splice(0);
      const next = pipeline.waiting.shift();
      if (next) run(pipeline, late, ...next);
    });
    handle(request, response);
  }

  return (request, response) => {
    // Node gives the socket to a response when the answers to all earlier requests are complete.
    if (response.socket !== null) return listener(request, response);
    const { socket } = request;
    let pipeline = pipelines.get(socket);
    if (!pipeline) pipelines.set(socket, (pipeline = { running: 0, waiting: [] }));
    if (pipeline.running < bounds.running) return run(pipeline, listener, request, response);
    if (pipeline.waiting.length < bounds.waiting) pipeline.waiting.push([request, response]);
    else socket.destroy();
  };
}
