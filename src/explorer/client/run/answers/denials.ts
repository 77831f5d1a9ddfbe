import type { MissingEvidence } from '../../needs/explanation.ts';
import { isObject, own, type Path, strings } from './path.ts';

/** A denied element of an answer. */
export interface DeniedElement {
  /** The message of the server. */
  readonly message: string;
  readonly code: string;
  /** `Type.field`. `null`: the server hides the schema from this caller, or names no element. */
  readonly coordinate: string | null;
  /** The position of the null in the answer. `null`: the whole operation was refused. */
  readonly position: Path | null;
  /** The path of the denied field, below or at the position. */
  readonly path: Path | null;
  /**
   * Further nulls of the same selection. The server reports a denial that concerns all items of a list once, at the first
   * item.
   */
  readonly alike: readonly Path[];
  /** The alternative sets of scopes. Empty: no scope is missing, or the server does not say which. */
  readonly scopes: readonly (readonly string[])[];
  /** The part of the rule that denied: `owner`, `policy` or `claims`. */
  readonly reason: string | null;
  /** The maximum age of the authentication, in seconds. */
  readonly maxAge: number | null;
  readonly acr: readonly string[];
}

const denialCodes: ReadonlySet<unknown> = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'STEP_UP_REQUIRED',
  'INVALID_TOKEN',
]);

/** The largest number of errors of one answer whose denials are listed, and of denials of one error. */
const maxDenials = 500;

/** Returns the denied elements of an answer, in the order of its errors. */
export function denialsOf(result: unknown): readonly DeniedElement[] {
  const errors = own(result, 'errors');
  if (!Array.isArray(errors)) return [];
  const search = { left: maxSearched };
  const denials = errors.slice(0, maxDenials).flatMap((error: unknown) => {
    const extensions = own(error, 'extensions');
    const code = own(extensions, 'code');
    if (typeof code !== 'string' || !denialCodes.has(code)) return [];
    const path = pathOf(own(error, 'path'));
    const message = own(error, 'message');
    const position = positionOf(result, path);
    const shared = {
      message: typeof message === 'string' ? message : code,
      code,
      path,
      position,
      // The decision for one value says nothing about other values.
      alike: own(extensions, 'reason') === undefined ? nullsLike(own(result, 'data'), position, search) : [],
    };
    const all = own(extensions, 'denials');
    const elements = Array.isArray(all) && all.some(isObject) ? all.filter(isObject) : [extensions];
    return elements.slice(0, maxDenials).map((element) => ({ ...shared, ...evidenceOf(element, extensions) }));
  });
  return denials.slice(0, maxDenials);
}

function evidenceOf(element: unknown, extensions: unknown) {
  const coordinate = own(element, 'coordinate');
  const selection = strings(own(element, 'selection'));
  const reason = own(element, 'reason');
  const maxAge = own(element, 'maxAge') ?? own(extensions, 'maxAge');
  const acr = own(element, 'acrValues') ?? own(extensions, 'acrValues');
  return {
    coordinate: typeof coordinate === 'string' ? coordinate : selection.length > 0 ? selection.join('.') : null,
    scopes: strings(own(element, 'requiredScopes')).map((set) => set.split(' ').filter(Boolean)),
    reason: typeof reason === 'string' ? reason : null,
    maxAge: typeof maxAge === 'number' && Number.isFinite(maxAge) ? maxAge : null,
    acr: strings(acr),
  };
}

function pathOf(path: unknown): Path | null {
  if (!Array.isArray(path)) return null;
  return path.filter((step) => typeof step === 'string' || typeof step === 'number');
}

/** Follows a path down to the first null. The null of a non-null field moves up to a field that may be null. */
function positionOf(result: unknown, path: Path | null): Path | null {
  const data = own(result, 'data');
  if (path === null || data === undefined) return null;
  let value: unknown = data;
  for (const [index, step] of path.entries()) {
    if (value === null) return path.slice(0, index);
    value = Array.isArray(value) ? value[Number(step)] : own(value, String(step));
    if (value === undefined) return path.slice(0, index);
  }
  return path;
}

/** In how many values one denial is searched for. */
const maxAlike = 10_000;
/** In how many values all denials of one answer are searched for. */
const maxSearched = 100_000;
/** How deep denials are searched for. */
const maxDepth = 200;

/** Returns the paths of the nulls that differ from a path only in the indices of lists. */
function nullsLike(data: unknown, position: Path | null, search: { left: number }): readonly Path[] {
  if (!position?.some((step) => typeof step === 'number') || position.length > maxDepth) return [];
  let found: { readonly value: unknown; readonly path: Path }[] = [{ value: data, path: [] }];
  for (const step of position) {
    found = found.flatMap(({ value, path }) => {
      if (typeof step === 'string') return [{ value: own(value, step), path: [...path, step] }];
      const items: readonly unknown[] = Array.isArray(value) ? value.slice(0, Math.min(maxAlike, search.left)) : [];
      search.left -= items.length;
      return items.map((item, index) => ({ value: item, path: [...path, index] }));
    });
    if (found.length > maxAlike) found = found.slice(0, maxAlike);
  }
  const text = JSON.stringify(position);
  return found.filter(({ value, path }) => value === null && JSON.stringify(path) !== text).map(({ path }) => path);
}

/** Says in one sentence what the denials did to the answer. */
export function denialTitle(denials: readonly DeniedElement[]): string {
  if (denials.some(({ position }) => position === null)) return 'The operation was refused.';
  if (denials.some(({ position }) => position?.length === 0)) {
    return 'The whole answer is null, because a denied field cannot be null.';
  }
  return `${denials.length} ${denials.length === 1 ? 'field was' : 'fields were'} denied.`;
}

/** Writes in words which part of a rule denied. The message of the server names it in full. */
export function reasonText({ reason, scopes, maxAge, acr, code }: DeniedElement): string {
  const parts = [
    ...(scopes.length > 0 ? [`needs ${scopes.map((set) => set.join(' and ')).join(', or ')}`] : []),
    ...(reason === 'owner' ? ['only for the owner'] : []),
    ...(reason === 'policy' ? ['a policy denied'] : []),
    ...(reason === 'claims' ? ['a claim of the token is missing or has another value'] : []),
    ...(maxAge === null ? [] : [`needs a sign-in in the last ${maxAge} s`]),
    ...(acr.length > 0 ? [`needs a sign-in by ${acr.join(' or ')}`] : []),
  ];
  if (parts.length > 0) return parts.join('; ');
  if (code === 'UNAUTHENTICATED') return 'needs an access token';
  return code === 'INVALID_TOKEN' ? 'the access token was refused' : 'denied';
}

/**
 * Returns what would lift as many denials as possible: the alternative sets of scopes that are enough for all of them,
 * the shortest maximum age, and the authentication contexts. `remedyFor` of `needs/` decides which sign-in that is.
 *
 * @returns null if no sign-in lifts a denial
 */
export function missingOf(denials: readonly DeniedElement[]): MissingEvidence | null {
  const lifted = denials.filter(({ code, reason }) => code !== 'INVALID_TOKEN' && reason === null);
  const scopes = combined(lifted.map((denial) => denial.scopes));
  const ages = lifted.flatMap(({ maxAge }) => (maxAge === null ? [] : [maxAge]));
  const acr = [...new Set(lifted.flatMap((denial) => denial.acr))];
  const token = lifted.some(({ code }) => code === 'UNAUTHENTICATED');
  if (!token && scopes.length === 0 && ages.length === 0 && acr.length === 0) return null;
  return {
    token,
    scopes,
    claims: [],
    account: false,
    maxAge: ages.length > 0 ? Math.min(...ages) : null,
    acr: acr.length > 0 ? acr : null,
  };
}

/** How many alternatives are combined. The smallest ones are kept. */
const maxAlternatives = 32;

/** Returns the sets that hold one alternative of each denial. Denials without scopes do not count. */
function combined(denials: readonly DeniedElement['scopes'][]): DeniedElement['scopes'] {
  const wanted = denials.filter((sets) => sets.length > 0);
  if (wanted.length === 0) return [];
  const distinct = new Map(wanted.map((sets) => [JSON.stringify(sets), sets])).values();
  let found: DeniedElement['scopes'] = [[]];
  for (const sets of distinct) {
    const all = found.flatMap((one) => sets.map((other) => [...new Set([...one, ...other])]));
    const unique = [...new Map(all.map((set) => [set.toSorted().join(' '), set])).values()];
    found = unique.toSorted((one, other) => one.length - other.length).slice(0, maxAlternatives);
  }
  return found;
}
