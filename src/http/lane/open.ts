import type { RequestListener } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { jsonReader } from '../graphql/json-body.ts';
import { bodyReader } from './body.ts';
import { countedListener, laneListener } from './lane.ts';
import type { LaneParts } from './parts.ts';
import { handleRequests } from '../connections/requests.ts';
import { probeNode } from './probe.ts';

/** The settings of the lane. */
export interface LaneSettings {
  /** Whether the lane answers requests. */
  readonly isOn: boolean;
  /** Counts a request to `/graphql`. */
  readonly count: LaneParts['count'];
}

/** The parts that `openLane` does not make itself. */
type GivenParts = Omit<LaneParts, 'bodies' | 'writeHead' | 'log' | 'count'>;

/**
 * Puts the lane before Fastify, for requests from the network. In-process requests do not go through the lane.
 *
 * @param isTraced - whether requests are traced. Fastify's hooks make the spans, so the lane is then off
 */
export async function openLane(
  app: FastifyInstance,
  { isOn, count }: LaneSettings,
  isTraced: boolean,
  parts: GivenParts,
): Promise<void> {
  const next: RequestListener = (request, response) => app.routing(request, response);
  if (!isOn || isTraced) {
    return handleRequests(app.server, countedListener(isOn ? 'tracing' : 'off', count, next));
  }
  const { takesBodies, writeHead } = await probeNode();
  if (!takesBodies)
    app.log.warn('the lane is off: this version of Node.js reads bodies in a way that the lane does not know');
  const listener = takesBodies
    ? laneListener(
        { ...parts, bodies: bodyReader(jsonReader(app), parts.trusted), writeHead, log: app.log, count },
        next,
      )
    : countedListener('off', count, next);
  handleRequests(app.server, listener, countedListener('pipelined', count, next));
}
