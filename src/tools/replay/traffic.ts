import type { RecordedCaller } from '../../auth/recorded/recorded-caller.ts';

/** Equal requests that a server has recorded. */
export interface TrafficRow {
  readonly shape: Shape;
  /** `null`: without a token. */
  readonly caller: TrafficCaller | null;
  /** The client ID. `null`: the caller has no token, or the token names no client. */
  readonly clientId: string | null;
  readonly requests: number;
}

/** An operation without its literals. */
export interface Shape {
  readonly name: string | null;
  readonly document: string;
}

/** A caller with a token. */
export interface TrafficCaller {
  /** Equal only for equal callers. */
  readonly id: string;
  /** The name of the key of the HMACs. */
  readonly keyName: string;
  /** `null`: what was stored cannot be read. */
  readonly facts: RecordedCaller | null;
}

/** What a server has recorded. */
export interface Traffic {
  readonly rows: readonly TrafficRow[];
  /** The first and the last day with requests, as dates. `null`: there are none. */
  readonly days: { readonly first: string; readonly last: string } | null;
  /** How many requests were not recorded, by the reason in a few words. */
  readonly unrecorded: ReadonlyMap<string, number>;
  /** How many requests the command leaves out, by the name of their callers. Default: none. */
  readonly leftOut?: ReadonlyMap<string, number>;
}

/** Names an operation for people: its name, otherwise the beginning of its document. */
export function labelOfShape({ name, document }: Shape): string {
  return name ?? (document.length > 60 ? `${document.slice(0, 60)}…` : document);
}

const withoutToken = 'callers without a token';
const withoutClient = 'tokens without a client';

/** Names the callers of requests for people. Different callers have different names. */
export function labelOfCallers({ clientId, hasToken }: Callers): string {
  if (!hasToken) return withoutToken;
  if (clientId === null) return withoutClient;
  // A client of another issuer can have any client ID.
  return clientId === withoutToken || clientId === withoutClient ? JSON.stringify(clientId) : clientId;
}

interface Callers {
  readonly clientId: string | null;
  readonly hasToken: boolean;
}
