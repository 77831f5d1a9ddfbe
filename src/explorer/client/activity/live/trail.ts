import { readJson } from '../../session/body.ts';
import type { Environment } from '../../session/caller.ts';
import { textOfOthers } from '../../session/text.ts';
import type { ActivityAnswer } from '../data/counts.ts';
import type { AuditEvent } from '../data/event.ts';
import type { Filters } from '../data/filters.ts';
import type { Span } from '../data/ranges.ts';
import type { IdentityNames } from '../../../documents/identity-names.ts';
import { activityDocument, eventsDocument } from '../../../documents/activity.ts';

/** One page of events, newest first. */
export interface EventPage {
  readonly nodes: readonly AuditEvent[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** A refusal or failure of the API. */
export class TrailError extends Error {
  /** The code of the first error. An empty string if there is no error. */
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.name = 'TrailError';
    this.code = code;
  }
}

/** Reads the audit trail by the API. */
export interface Trail {
  /** Reads the counts of a span and the latest events. @throws TrailError */
  readonly activity: (filters: Filters, span: Span) => Promise<{ activity: ActivityAnswer; events: EventPage }>;
  /** Reads the events after a cursor; null: the latest ones. @throws TrailError */
  readonly events: (filters: Filters, after: string | null) => Promise<EventPage>;
}

/** How long the page waits for an answer, in milliseconds. */
const timeoutMs = 30_000;

/**
 * Makes the reader of the audit trail.
 *
 * @param send - sends requests as the caller
 * @param withAccounts - whether the token can see accounts
 */
export function createTrail(
  endpoint: string,
  send: Environment['fetch'],
  names: IdentityNames,
  withAccounts: () => boolean,
): Trail {
  async function ask<Data>(query: string, variables: Record<string, unknown>): Promise<Data> {
    const response = await send(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const { data, errors } = ((await readJson(response)) ?? {}) as {
      data?: Data | null;
      errors?: readonly { message?: unknown; extensions?: { code?: unknown } }[];
    };
    const [error] = errors ?? [];
    if (error) throw new TrailError(textOfOthers(error.message), textOfOthers(error.extensions?.code));
    if (!data) throw new TrailError(`The server answered with the status ${response.status} and no data.`, '');
    return data;
  }

  return {
    activity: (filters, { since, until, buckets }) =>
      ask(activityDocument(names, withAccounts()), {
        ...variablesOf(filters),
        since: new Date(since).toISOString(),
        until: new Date(until).toISOString(),
        buckets,
      }),
    async events(filters, after) {
      const { events } = await ask<{ events: EventPage }>(eventsDocument(names, withAccounts()), {
        ...variablesOf(filters),
        after,
      });
      return events;
    },
  };
}

function variablesOf({ type, coordinate, client, account }: Filters): Record<string, string | null> {
  return {
    type: type || null,
    coordinate: coordinate || null,
    clientId: client || null,
    account: account || null,
  };
}
