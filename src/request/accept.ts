/** A media range of an `Accept` header (RFC 9110 §12.5.1). */
interface MediaRange {
  /** `type/subtype`, `type/*` or the range of all types. It is in lower case and has no parameters. */
  readonly range: string;
  /** From 0 to 1. A type with 0 is not accepted. */
  readonly quality: number;
}

/** A weight (RFC 9110 §12.4.2). */
const weight = /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;
/** Matches a part of a list, or a separator. A quoted string may contain separators (RFC 9110 §5.6.1). */
const part = /(?:[^,;"]|"(?:[^"\\]|\\.)*"?)+|[,;]/g;
const everything: readonly MediaRange[] = [{ range: '*/*', quality: 1 }];

/** The preference for a type. It comes from the most specific range that fits the type (RFC 9110 §12.5.1). */
export interface Acceptance {
  /** From 0 to 1. A type with 0 is not accepted. */
  readonly quality: number;
  /** 2: the range names the type. 1: it names the part before the slash. 0: it is the range of all types. */
  readonly specificity: 0 | 1 | 2;
  /** The index of the range in the header. */
  readonly position: number;
}

/** The parsed `Accept` header. */
export interface AcceptedTypes {
  /** @returns `null`: no range fits the type, so the type is not accepted */
  of(type: string): Acceptance | null;
}

/**
 * Reads an `Accept` header (RFC 9110 §12.5.1). An absent or empty header accepts every type. A malformed weight counts
 * as 0. Other parameters are ignored, because no two served types differ only in parameters.
 */
export function parseAccept(header: string | undefined): AcceptedTypes {
  const ranges = rangesOf(header ?? '');
  return {
    of(type) {
      const names = ['*/*', `${type.slice(0, type.indexOf('/'))}/*`, type] as const;
      for (const specificity of [2, 1, 0] as const) {
        const position = ranges.findIndex(({ range }) => range === names[specificity]);
        const found = ranges[position];
        if (found) return { quality: found.quality, specificity, position };
      }
      return null;
    },
  };
}

function rangesOf(header: string): readonly MediaRange[] {
  const ranges: MediaRange[] = [];
  let parts: string[] = [];
  const end = (): void => {
    const [range = '', ...parameters] = parts.map((text) => text.trim().toLowerCase());
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    const quality = q === undefined ? 1 : Number(weight.exec(q)?.[1] ?? 0);
    if (range !== '') ranges.push({ range, quality });
    parts = [];
  };
  for (const [token] of header.matchAll(part)) {
    if (token === ',') end();
    else if (token !== ';') parts.push(token);
  }
  end();
  return ranges.length > 0 ? ranges : everything;
}

/**
 * Whether a client prefers `application/graphql-response+json` to `application/json` (GraphQL over HTTP, "Accept"). The
 * default is `application/json`. If both types have equal quality, the more specific range decides. If the ranges are
 * equally specific, the earlier range decides, as in Apollo Server.
 *
 * @param header - the `Accept` header
 */
export function prefersGraphqlResponse(header: string | undefined): boolean {
  const accepted = parseAccept(header);
  const newer = accepted.of('application/graphql-response+json');
  const older = accepted.of('application/json');
  if (!newer || newer.quality === 0) return false;
  if (!older) return true;
  if (newer.quality !== older.quality) return newer.quality > older.quality;
  if (newer.specificity !== older.specificity) return newer.specificity > older.specificity;
  return newer.position < older.position;
}
