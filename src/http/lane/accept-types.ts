import type { AnswerType } from '../../api/operation/operation.ts';
import { parseAccept, prefersGraphqlResponse } from '../../request/accept.ts';
import { eventStream } from '../graphql/answer-form.ts';
import { laneCaches } from './caches.ts';

/**
 * The writing of `Accept` that this server and Apollo Server read alike: lower case, weights without other parameters,
 * no quoted strings.
 */
const plain = /^(?:(?:\*\/\*|[a-z\d+.-]+\/(?:\*|[a-z\d+.-]+))(?:; ?q=(?:0(?:\.\d{1,3})?|1(?:\.0{1,3})?))?(?:, ?|$))+$/;

/** Reads the `Accept` headers of queries. It remembers their texts. */
export interface AcceptReader {
  /**
   * Returns the media type of the answer. Null if the answer is a stream, if no media type is acceptable, and for
   * unusual writing.
   */
  typeOf(header: string | undefined): AnswerType | null;
  /** The number of remembered texts. */
  readonly entries: number;
}

/** Makes a reader of `Accept` headers. */
export function acceptReader(): AcceptReader {
  const known = new Map<string, AnswerType | null>();
  const { entries, bytes } = laneCaches.acceptHeaders;
  const longest = bytes / entries / 2;
  return {
    typeOf(header) {
      if (header === undefined) return 'application/json';
      const found = known.get(header);
      if (found !== undefined) return found;
      if (header.length > longest) return null;
      const type = typeOf(header);
      // The oldest text goes first. A text that goes is read again when it comes again.
      for (const oldest of known.keys()) {
        if (known.size < entries) break;
        known.delete(oldest);
      }
      known.set(header, type);
      return type;
    },
    get entries() {
      return known.size;
    },
  };
}

function typeOf(header: string): AnswerType | null {
  if (!plain.test(header)) return null;
  const accepted = parseAccept(header);
  const json = accepted.of('application/json')?.quality ?? 0;
  const newer = accepted.of('application/graphql-response+json')?.quality ?? 0;
  if (json === 0 && newer === 0) return null;
  const events = accepted.of(eventStream);
  if (events && events.specificity > 0 && events.quality > Math.max(json, newer)) return null;
  return prefersGraphqlResponse(header) ? 'application/graphql-response+json' : 'application/json';
}
