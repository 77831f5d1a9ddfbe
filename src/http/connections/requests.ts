import type { RequestListener, Server } from 'node:http';
import { refuseHostFaults } from './host.ts';
import { boundPipelines } from './pipelined.ts';

/**
 * Gives the requests of all connections to listeners, instead of the listeners that the server has.
 *
 * @param listener - handles requests that do not wait for earlier requests of their connection
 * @param late - handles requests that have waited. Default: `listener`
 */
export function handleRequests(server: Server, listener: RequestListener, late: RequestListener = listener): void {
  server.removeAllListeners('request');
  // A refused request counts in its pipeline too, because its answer waits like any other.
  server.on('request', boundPipelines(refuseHostFaults(listener), refuseHostFaults(late)));
}
