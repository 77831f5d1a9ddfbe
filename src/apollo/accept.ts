/** A media range of an `Accept` header (RFC 9110 §12.5.1). */
interface MediaRange {
  /** `type/subtype`, `type/*` or the range of all types, in lower case, without parameters. */
  readonly range: string;
  /** From 0, which excludes, to 1. */
  readonly quality: number;
}

/** A weight (RFC 9110 §12.4.2). */
const weight = /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;
/** The parts of a list, in which a quoted string may hold separators (RFC 9110 §5.6.1), and the separators. */
const part = /(?:[^,;"]|"(?:[^"\\]|\\.)*"?)+|[,;]/g;
const everything: readonly MediaRange[] = [{ range: '*/*', quality: 1 }];

/** How much a type is accepted. Of all ranges that fit it the most specific one decides (RFC 9110 §12.5.1). */
export interface Acceptance {
  /** From 0, which excludes, to 1. */
  readonly quality: number;
  /** 2: the range names the type. 1: it names the part before the slash. 0: it is the range of all types. */
  readonly specificity: 0 | 1 | 2;
  /** Where the range stands among the others. */
  readonly position: number;
}

/** What the sender of an `Accept` header accepts. */
export interface Accepted {
  /** @returns null where no range fits the type: it is not accepted */
  of(type: string): Acceptance | null;
}

/**
 * Reads an `Accept` header (RFC 9110 §12.5.1). A header that is absent or empty accepts every type. A weight that is malformed
 * counts as 0. Parameters other than the weight are ignored: no type that is served here differs by them.
 */
export function parseAccept(header: string | undefined): Accepted {
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
    const given = parameters.find((parameter) => parameter.startsWith('q='));
    const quality = given === undefined ? 1 : Number(weight.exec(given)?.[1] ?? 0);
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
 * Whether an answer that could be either is `application/graphql-response+json` rather than `application/json`, which is offered
 * first (GraphQL over HTTP, "Accept"). Of types that are accepted equally the more exact range goes first, then the earlier one, as
 * in Apollo Server.
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
