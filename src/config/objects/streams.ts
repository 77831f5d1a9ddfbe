import { mapValues } from '../../protocol/record.ts';

/** A limit for WebSockets and event streams. */
interface StreamLimitKind {
  readonly default: number;
  /** The text about the limit in the table of http/subscriptions.md. */
  readonly counts: string;
}

/**
 * How many WebSockets and event streams may be open in one process, and how many operations may run on one WebSocket.
 */
const kinds = {
  /** WebSockets and event streams together. */
  total: { default: 5_000, counts: 'open WebSockets and event streams of one process' },
  /** WebSockets and event streams from one network address. */
  address: {
    default: 500,
    counts:
      'open WebSockets and event streams from one network address; an IPv6 address counts as its /64 network, and its /48 network may have twice as many',
  },
  /** WebSockets and event streams with tokens of one issuer, subject and client. */
  caller: { default: 100, counts: 'open WebSockets and event streams with tokens of one issuer, subject and client' },
  /** Operations that run at the same time on one WebSocket. */
  operations: { default: 100, counts: 'operations that run on one WebSocket at the same time' },
} as const;

/**
 * How many WebSockets and event streams may be open in one process, and how many operations may run on one WebSocket.
 */
export type StreamLimits = { readonly [Name in keyof typeof kinds]: number };

/** Every limit of streams, by its name. */
export const streamLimitKinds: Readonly<Record<keyof StreamLimits, StreamLimitKind>> = kinds;

/** The default limits. */
export const defaultStreamLimits: StreamLimits = mapValues(streamLimitKinds, (kind) => kind.default);
