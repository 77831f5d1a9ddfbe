import type { IncomingMessage } from 'node:http';
import type { LaneReason } from './outcomes.ts';

/** The texts of `Content-Type` that the lane reads. Clients send these. */
const jsonTypes: ReadonlySet<string | undefined> = new Set([
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=utf-8',
  'application/json; charset=UTF-8',
  'application/json;charset=UTF-8',
]);

/**
 * Finds the reason why the method, the headers or the length of a request are not for the lane. Does not read `Accept`,
 * and does not read the headers of proxies. Fastify answers the request, and refuses it if it must.
 *
 * @returns null if there is no such reason
 */
export function admissionFault({ method, headers }: IncomingMessage, maxBodyBytes: number): LaneReason | null {
  if (method !== 'POST') return 'method';
  const type = headers['content-type'];
  // Most clients send the first text. A set hashes a text before it compares it.
  if (type !== 'application/json' && !jsonTypes.has(type)) return 'type';
  if (headers['content-encoding'] !== undefined || headers['transfer-encoding'] !== undefined) return 'coding';
  // Node's parser accepts only digits. A missing length gives NaN, for which both comparisons are false.
  const length = Number(headers['content-length']);
  if (!(length > 0 && length <= maxBodyBytes)) return 'size';
  if (headers.upgrade !== undefined || headers.expect !== undefined) return 'connection';
  return null;
}
