import { isRecord } from '../protocol/record.ts';

/**
 * What a denied element lacks. `token`: the caller has no token. `scope`, `claims`, `owner` and `policy`: this part of
 * the rule denied. `authentication`: the person must authenticate again (RFC 9470). `hidden`: the server does not say
 * it, because the reason would reveal the type of a value.
 */
export type DeniedBecause = 'token' | 'scope' | 'claims' | 'owner' | 'policy' | 'authentication' | 'hidden';

/** One denied element of an answer. */
export interface DeniedElement {
  /** `Type.field`. `null`: the schema is hidden from the caller. */
  readonly coordinate: string | null;
  /** The first position in the answer, such as `orders.0.customer`. `null`: nothing of the operation ran. */
  readonly path: string | null;
  readonly why: DeniedBecause;
  /** The error code, such as `FORBIDDEN`. */
  readonly code: string;
  /** The alternative sets of scopes that let the caller through. */
  readonly requiredScopes: readonly string[];
}

/** An answer to an operation: of `ask`, of the executor of GraphQL, or the body of an HTTP response. */
export interface AnswerWithErrors {
  readonly data?: unknown;
  readonly errors?: readonly unknown[] | undefined;
}

const codes: ReadonlySet<unknown> = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'STEP_UP_REQUIRED']);
const reasons: ReadonlySet<unknown> = new Set(['owner', 'policy', 'claims']);

/**
 * Lists what an answer denies, where and why, in the order of its errors. It leaves out other errors, for example of a
 * resolver.
 *
 * @throws {Error} if the operation did not run, and the reason is not a denial. Otherwise a test would find nothing
 * denied in an answer to an operation that never ran
 */
export function denied({ data, errors = [] }: AnswerWithErrors): readonly DeniedElement[] {
  const found = errors.filter(isRecord).map(({ message, path, extensions }) => ({
    message: String(message),
    path: Array.isArray(path) && data !== undefined ? path.join('.') : null,
    evidence: isRecord(extensions) ? extensions : {},
  }));
  const denials = found.filter(({ evidence }) => codes.has(evidence['code']));
  const [other] = found;
  if ((data === undefined || data === null) && denials.length === 0 && other) {
    throw new Error(`denied: expected an operation that ran or was denied; it was answered with: ${other.message}`);
  }
  return denials.flatMap(({ path, evidence }) => {
    const { denials: several, code } = evidence;
    const elements = Array.isArray(several) ? several.filter(isRecord) : [evidence];
    return elements.map((element) => deniedElement(element, path, String(code)));
  });
}

function deniedElement(evidence: Readonly<Record<string, unknown>>, path: string | null, code: string): DeniedElement {
  const { coordinate, requiredScopes: scopes, reason } = evidence;
  const requiredScopes = Array.isArray(scopes) ? scopes.map(String) : [];
  return {
    coordinate: typeof coordinate === 'string' ? coordinate : null,
    path,
    why: whyOf(code, reason, requiredScopes),
    code,
    requiredScopes,
  };
}

function whyOf(code: string, reason: unknown, requiredScopes: readonly string[]): DeniedBecause {
  if (code === 'UNAUTHENTICATED') return 'token';
  if (code === 'STEP_UP_REQUIRED') return 'authentication';
  if (reasons.has(reason)) return reason as DeniedBecause; // One of the three reasons.
  return requiredScopes.length > 0 ? 'scope' : 'hidden';
}
