import { type Caller, SessionError } from './caller.ts';
import { textOfOthers } from './text.ts';
import { decodeJwt, scopesOf } from './tokens/encoding.ts';

/** The longest accepted token, in characters. Servers refuse longer headers. */
const maxLength = 12_000;

/** A token expires this much later for us than its claim says, because the clocks differ. In milliseconds. */
const toleranceMs = 60_000;

/** A token that a person pasted, and the caller that it makes. */
export interface PastedToken {
  readonly token: string;
  readonly caller: Omit<Caller, 'id'>;
}

/**
 * Reads a token that a person pasted: of any issuer, with or without the word `Bearer`. Only its shape is checked (RFC
 * 6750 §2.1). The claims of a JWT are decoded for display.
 *
 * @param clockAheadMs how far the server's clock is ahead of `now`
 * @throws SessionError if it is not a token. The message does not repeat it
 */
export function readPasted(text: string, now: number, clockAheadMs: number): PastedToken {
  const trimmed = text.trim();
  const token = trimmed.replace(/^(?:authorization\s*:\s*)?(?:bearer\s+)?/i, '').replace(/^"(.*)"$/s, '$1');
  if (/^DPoP\s/i.test(trimmed)) throw new SessionError(unusable.dpop);
  if (token === '') throw new SessionError('Expected a token, found an empty text.');
  if (token.length > maxLength) {
    throw new SessionError(`Expected a token of at most ${maxLength} characters, found ${token.length}.`);
  }
  if (!/^[\w.~+/-]+=*$/.test(token)) {
    throw new SessionError('Expected a token of letters, digits and - . _ ~ + / =, found another character.');
  }
  const jwt = decodeJwt(token);
  const claims = jwt?.claims ?? null;
  const expiry = claims?.['exp'];
  const expiresAt = typeof expiry === 'number' && Number.isFinite(expiry) ? expiry * 1_000 - clockAheadMs : null;
  const reason = unusableReason(claims) ?? expiredReason(expiresAt, now);
  return {
    token,
    caller: {
      label: `Pasted: ${labelOf(claims)}`,
      kind: 'pasted',
      claims,
      scopes: scopesOf(claims),
      expiresAt,
      state: reason === null ? 'ready' : 'ended',
      reason,
    },
  };
}

/** Returns why a pasted token has expired. Null: it has not, as far as this browser knows. */
export function expiredReason(expiresAt: number | null, now: number): string | null {
  if (expiresAt === null || now < expiresAt + toleranceMs) return null;
  return `This token expired at ${new Date(expiresAt).toISOString()}. Paste a new one.`;
}

const unusable = {
  dpop: 'This token is bound to a key (DPoP, RFC 9449). Only the program that has the key can use it.',
  certificate: 'This token is bound to a client certificate (RFC 8705). Only the program that has the key can use it.',
} as const;

function unusableReason(claims: Readonly<Record<string, unknown>> | null): string | null {
  const binding = claims?.['cnf'];
  if (typeof binding !== 'object' || binding === null) return null;
  return 'x5t#S256' in binding ? unusable.certificate : unusable.dpop;
}

function labelOf(claims: Readonly<Record<string, unknown>> | null): string {
  if (!claims) return 'opaque token';
  for (const name of ['email', 'sub', 'client_id']) {
    const text = textOfOthers(claims[name], 80);
    if (text !== '') return text;
  }
  return 'token without a subject';
}
