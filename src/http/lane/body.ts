import { isAscii } from 'node:buffer';
import type { TrustedDocuments } from '../../api/operation/operation.ts';
import { isRecord } from '../../protocol/record.ts';
import { IdRefusal, withDocumentText } from '../trusted/document-id.ts';
import type { ReadJson } from '../graphql/json-body.ts';
import { laneCaches } from './caches.ts';

/** The members of a GraphQL request that the lane uses. */
export interface LaneBody {
  readonly query: string;
  /** Undefined: the only operation of the document. */
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  /** The text by which the body can be remembered. Null: it cannot, or it was remembered. */
  readonly text: string | null;
}

/** Reads the bodies of GraphQL requests. */
export interface BodyReader {
  /**
   * Reads a body. Null if Fastify or Apollo Server would refuse it, or would do more than execute its operation. Their
   * answer states the fault.
   */
  read(body: Buffer): LaneBody | null;
  /** Remembers a body. Call it only for a known operation, whose text has no secret. */
  remember(body: LaneBody): void;
  /** The number of remembered bodies. */
  readonly entries: number;
}

/**
 * Makes a reader of bodies. A small body without variables is remembered. Variables are never remembered, because they
 * may be secrets, and a resolver may change them.
 *
 * A body that names its document by an ID is not remembered, because the trusted documents can change.
 *
 * @param readJson - parses JSON as Fastify does
 * @param trusted - the trusted documents. Default: a body cannot name its document by an ID
 */
export function bodyReader(readJson: ReadJson, trusted?: TrustedDocuments): BodyReader {
  const known = new Map<string, LaneBody>();
  const { entries, bytes } = laneCaches.bodies;
  let used = 0;
  return {
    read(body) {
      // A remembered text has only ASCII characters, and so has a body that equals it.
      const latin1 = body.length <= maxLength ? body.toString('latin1') : null;
      const found = latin1 === null ? undefined : known.get(latin1);
      if (found !== undefined) return found;
      if (!isAscii(body)) return readText(decoded(body), readJson, trusted)?.body ?? null;
      const text = latin1 ?? body.toString('latin1');
      const read = readText(text, readJson, trusted);
      if (read === null) return null;
      const isFixed = latin1 !== null && read.body.variables === undefined && !read.hasId;
      return isFixed ? { ...read.body, text } : read.body;
    },
    remember({ text, ...read }) {
      if (text === null || known.has(text)) return;
      const size = sizeOf(text);
      // The oldest body goes first. A body that goes is read again when it comes again.
      for (const oldest of known.keys()) {
        if (known.size < entries && used + size <= bytes) break;
        known.delete(oldest);
        used -= sizeOf(oldest);
      }
      known.set(text, { ...read, text: null });
      used += size;
    },
    get entries() {
      return known.size;
    },
  };
}

/** The largest number of characters of a body that is remembered. */
const maxLength = 2_097;

/** Returns the estimated bytes of an entry: its text, its query of at most two bytes for each character, and its objects. */
function sizeOf(text: string): number {
  return 3 * text.length + 400;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Null: the body is not UTF-8. */
function decoded(body: Buffer): string | null {
  try {
    return utf8.decode(body);
  } catch {
    return null;
  }
}

interface ReadBody {
  readonly body: LaneBody;
  /** Whether the body names its document by an ID. */
  readonly hasId: boolean;
}

function readText(text: string | null, readJson: ReadJson, trusted: TrustedDocuments | undefined): ReadBody | null {
  let sent: unknown;
  try {
    if (text !== null) sent = readJson(text);
  } catch {
    return null;
  }
  const value = withDocumentText(trusted, sent);
  if (!isRecord(value) || value instanceof IdRefusal) return null;
  const { query, operationName, variables, extensions } = value;
  if (typeof query !== 'string') return null;
  if (!isAbsent(operationName) && typeof operationName !== 'string') return null;
  if (!isAbsent(variables) && !isRecord(variables)) return null;
  if (!isAbsent(extensions) && (!isRecord(extensions) || 'persistedQuery' in extensions)) return null;
  const body = { query, operationName: operationName || undefined, variables: variables ?? undefined, text: null };
  return { body, hasId: value !== sent };
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}
