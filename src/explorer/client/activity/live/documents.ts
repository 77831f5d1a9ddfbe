/** The names that the identity API has in the schema of this server. */
export interface Names {
  readonly type: (name: string) => string;
  readonly field: (name: string) => string;
}

/** Returns the names with the prefix of the identity API. The prefix may be empty. */
export function namesWith(prefix: string): Names {
  if (prefix === '') return { type: (name) => name, field: (name) => name };
  const first = prefix.charAt(0).toLowerCase() + prefix.slice(1);
  return {
    type: (name) => prefix + name,
    field: (name) => first + name.charAt(0).toUpperCase() + name.slice(1),
  };
}

/** How many events the page shows at once. */
export const pageSize = 25;
const filters = 'type: $type, coordinate: $coordinate, account: $account, clientId: $clientId';

function declared({ type }: Names): string {
  return `$type: ${type('AuditEventType')}, $coordinate: String, $account: ID, $clientId: String`;
}

function eventFields(withAccounts: boolean): string {
  return `id at count type outcome coordinate rule clientId detail${withAccounts ? ' account { id email }' : ''}`;
}

/** Returns the query of the counts and of the latest events. */
export function activityDocument(names: Names, withAccounts: boolean): string {
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
export function eventsDocument(names: Names, withAccounts: boolean): string {
  return `query Events($after: String, ${declared(names)}) {
  events: ${names.field('auditEvents')}(first: ${pageSize}, after: $after, ${filters}) {
    nodes { ${eventFields(withAccounts)} } pageInfo { hasNextPage endCursor }
  }
}`;
}

/** Returns the subscription to every new event. */
export function addedDocument(names: Names, withAccounts: boolean): string {
  return `subscription Added { added: ${names.field('auditEventAdded')} { ${eventFields(withAccounts)} } }`;
}
