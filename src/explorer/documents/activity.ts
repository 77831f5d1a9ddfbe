import type { IdentityNames } from './identity-names.ts';

/** How many events the page shows at once. */
export const pageSize = 25;
const filters = 'type: $type, coordinate: $coordinate, account: $account, clientId: $clientId';

function declared({ type }: IdentityNames): string {
  return `$type: ${type('AuditEventType')}, $coordinate: String, $account: ID, $clientId: String`;
}

function eventFields(withAccounts: boolean): string {
  return `id at count type outcome coordinate rule clientId detail${withAccounts ? ' account { id email }' : ''}`;
}

/** Returns the query of the counts and of the latest events. */
export function activityDocument(names: IdentityNames, withAccounts: boolean): string {
  const dateTime = names.type('DateTime');
  return `query Activity($since: ${dateTime}!, $until: ${dateTime}!, $buckets: Int!, ${declared(names)}) {
  activity: ${names.field('auditActivity')}(since: $since, until: $until, buckets: $buckets, ${filters}) {
    latest
    types {
      type counts
      coordinates(first: 50) { value count } rules(first: 50) { value count } clients(first: 50) { value count }
    }
  }
  events: ${names.field('auditEvents')}(first: ${pageSize}, ${filters}) {
    nodes { ${eventFields(withAccounts)} } pageInfo { hasNextPage endCursor }
  }
}`;
}

/** Returns the query of one page of events. */
export function eventsDocument(names: IdentityNames, withAccounts: boolean): string {
  return `query Events($after: String, ${declared(names)}) {
  events: ${names.field('auditEvents')}(first: ${pageSize}, after: $after, ${filters}) {
    nodes { ${eventFields(withAccounts)} } pageInfo { hasNextPage endCursor }
  }
}`;
}

/** Returns the subscription to every new event. */
export function addedDocument(names: IdentityNames, withAccounts: boolean): string {
  return `subscription Added { added: ${names.field('auditEventAdded')} { ${eventFields(withAccounts)} } }`;
}
