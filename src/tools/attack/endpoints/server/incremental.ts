import { isRecord } from '../../../../protocol/record.ts';
import { shown } from '../../../../protocol/shown.ts';
import type { Reply } from '../endpoint.ts';

type Key = string | number;

/** Joins the payloads of one answer. */
export interface Joined {
  /** Adds a payload: a result, a part of a deferred or streamed result, or anything else. */
  readonly add: (payload: unknown) => void;
  /** Whether a payload said that more follow. */
  readonly hasNext: () => boolean;
  /** @returns null if no payload was a GraphQL answer */
  readonly reply: () => Reply | null;
}

/** Makes the joiner of one answer. It reads the forms of incremental delivery of 2022 (`path`) and of 2023 (`pending`). */
export function joined(): Joined {
  const errors: string[] = [];
  const pending = new Map<unknown, readonly Key[]>();
  let data: unknown = null;
  let isAnswer = false;
  let more = false;

  function part(one: Readonly<Record<string, unknown>>): void {
    const base = isPath(one['path']) ? one['path'] : (pending.get(one['id']) ?? null);
    if (base === null) return;
    const path = [...base, ...(isPath(one['subPath']) ? one['subPath'] : [])];
    if (isRecord(one['data'])) data = merged(data, path, one['data']);
    if (Array.isArray(one['items'])) data = extended(data, path, one['items']);
  }
  return {
    add(payload) {
      if (!isRecord(payload)) return;
      const { errors: found, incremental, pending: announced, hasNext, path } = payload;
      isAnswer ||= 'data' in payload || 'errors' in payload || 'incremental' in payload || 'hasNext' in payload;
      more = hasNext === true;
      for (const one of records(announced)) if (isPath(one['path'])) pending.set(one['id'], one['path']);
      if (path === undefined && isRecord(payload['data'])) data = payload['data'];
      const parts = [...(path === undefined ? [] : [payload]), ...records(incremental)];
      for (const one of parts) part(one);
      for (const one of [...records(found), ...records(incremental).flatMap((each) => records(each['errors']))]) {
        const { message } = one;
        errors.push(typeof message === 'string' ? shown(message) : 'an error without a message');
      }
    },
    hasNext: () => more,
    reply: () => (isAnswer ? { data, errors, ran: null } : null),
  };
}

function records(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function isPath(value: unknown): value is readonly Key[] {
  return Array.isArray(value) && value.every((key) => typeof key === 'string' || typeof key === 'number');
}

/** Puts the members of a part into the object at its path. A path that does not exist changes nothing. */
function merged(value: unknown, [key, ...rest]: readonly Key[], part: Readonly<Record<string, unknown>>): unknown {
  if (key === undefined) return isRecord(value) ? deepMerged(value, part) : part;
  return changedAt(value, key, (inner) => merged(inner, rest, part));
}

function deepMerged(one: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>): unknown {
  const found: Record<string, unknown> = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const before = Object.hasOwn(one, key) ? one[key] : undefined;
    found[key] = isRecord(before) && isRecord(value) ? deepMerged(before, value) : value;
  }
  return found;
}

/** Adds the items of a part. The form of 2022 has the number of the first item at the end of the path. */
function extended(value: unknown, path: readonly Key[], items: readonly unknown[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined || (typeof key === 'number' && rest.length === 0 && Array.isArray(value))) {
    return Array.isArray(value) ? [...value, ...items] : value;
  }
  return changedAt(value, key, (inner) => extended(inner, rest, items));
}

function changedAt(value: unknown, key: Key, change: (inner: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item, at) => (at === key ? change(item) : item));
  if (!isRecord(value) || !Object.hasOwn(value, key)) return value;
  return { ...value, [key]: change(value[key]) };
}
