import { isAscii } from 'node:buffer';
import { isRecord } from '../../protocol/record.ts';
import type { ReadJson } from '../graphql/json-body.ts';

/** The members of a GraphQL request that the lane uses. */
export interface LaneBody {
  readonly query: string;
  /** Undefined: the only operation of the document. */
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads the body of a GraphQL request. Null if Fastify or Apollo Server would refuse it, or would do more than execute
 * its query. Their answer states the fault.
 */
export function readBody(body: Buffer, readJson: ReadJson): LaneBody | null {
  let value: unknown;
  try {
    value = readJson(isAscii(body) ? body.toString('latin1') : utf8.decode(body));
  } catch {
    return null;
  }
  if (!isRecord(value)) return null;
  const { query, operationName, variables, extensions } = value;
  if (typeof query !== 'string') return null;
  if (!isAbsent(operationName) && typeof operationName !== 'string') return null;
  if (!isAbsent(variables) && !isRecord(variables)) return null;
  if (!isAbsent(extensions) && (!isRecord(extensions) || 'persistedQuery' in extensions)) return null;
  return { query, operationName: operationName || undefined, variables: variables ?? undefined };
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}
