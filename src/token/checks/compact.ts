import { isMissingValue } from '../credential/fault.ts';
import { parseStrictObject } from '../../protocol/strict-json.ts';
import { refused, type TokenRefusal } from '../refusal.ts';

/**
 * The longest accepted token, in characters. Node's default limit for the headers of a request is 16 KiB too. This
 * check is needed for a token from a WebSocket.
 */
export const maxTokenLength = 16_384;

/** The header and payload of a token. Nothing has been verified yet. */
export interface ParsedToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
}

const malformed = { claim: null, reason: 'malformed' } as const;

/** Makes the error of a token that is longer than `longest`. */
export function tooLong(): TokenRefusal {
  return refused('it is too long', malformed);
}

/**
 * Reads a JWS in compact serialization (RFC 7515 §7.1) whose payload is a JSON object (RFC 7519 §7.2).
 *
 * Only one spelling of each token is accepted: base64url without padding, with unused bits zero (RFC 7515 §2, RFC 4648
 * §3.5). Therefore a caller cannot fill the cache with different spellings of one token.
 *
 * @throws ClaimgateError `INVALID_TOKEN`
 */
export function readCompact(token: string): ParsedToken {
  if (token.length > maxTokenLength) throw tooLong();
  if (isMissingValue(token)) {
    const sentence = 'it is the text of a missing value, send no Authorization header where there is no token';
    throw refused(sentence, malformed);
  }
  const segments = token.split('.', 4);
  const [header, payload, signature] = segments.map(bytesOf);
  if (segments.length !== 3 || !header || !payload || !signature) {
    throw refused('it is not a signed JWT of three base64url segments', malformed);
  }
  return { header: parse(header, 'header'), payload: parse(payload, 'payload') };
}

/**
 * Returns the decoded bytes of a segment. Returns null if the segment is empty or is not the only accepted encoding of
 * its bytes.
 */
function bytesOf(segment: string): Buffer | null {
  // Node skips invalid characters. Therefore the bytes are encoded again, and the result must equal the segment.
  const bytes = Buffer.from(segment, 'base64url');
  return bytes.length > 0 && bytes.toString('base64url') === segment ? bytes : null;
}

function parse(bytes: Buffer, part: string): Readonly<Record<string, unknown>> {
  try {
    return parseStrictObject(bytes);
  } catch (error) {
    throw refused(`its ${part} is not a JSON object with each member once`, { ...malformed, cause: error });
  }
}
