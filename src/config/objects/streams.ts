import { nearestHint } from '../../protocol/nearest.ts';
import { isRecord } from '../../protocol/record.ts';

/** How many connections that outlive a request may be open in one process, and what may run on one of them. */
export interface StreamLimits {
  /** WebSockets and event streams together. */
  readonly total: number;
  /** The same from one network address. */
  readonly address: number;
  /** The same with tokens of one issuer, subject and client. */
  readonly caller: number;
  /** Operations under way on one WebSocket. */
  readonly operations: number;
}

type StreamLimitName = keyof StreamLimits;

interface StreamLimitKind {
  readonly default: number;
  /** What is counted, for the table in http/subscriptions.md. */
  readonly counts: string;
}

export const streamLimitKinds: Readonly<Record<StreamLimitName, StreamLimitKind>> = {
  total: { default: 5_000, counts: 'WebSockets and event streams open at once in one process' },
  address: {
    default: 500,
    counts:
      'the same from one network address; an IPv6 address counts with its /64, and its /48 may have twice as many',
  },
  caller: { default: 100, counts: 'the same with tokens of one issuer, subject and client' },
  operations: { default: 100, counts: 'operations under way on one WebSocket' },
};

/** The limits where nothing else is configured. */
export const defaultStreamLimits: StreamLimits = {
  total: streamLimitKinds.total.default,
  address: streamLimitKinds.address.default,
  caller: streamLimitKinds.caller.default,
  operations: streamLimitKinds.operations.default,
};

/** The most that a limit can be set to. */
const most = 1_000_000;

/** What is wrong with `streams` of the configuration file. */
export function* streamLimitFaults(value: unknown): Iterable<string> {
  if (!isRecord(value)) {
    yield 'streams: expected an object';
    return;
  }
  for (const [name, limit] of Object.entries(value)) {
    if (!Object.hasOwn(streamLimitKinds, name)) {
      const names = Object.keys(streamLimitKinds);
      yield `streams.${name}: there is no such limit; expected ${names.join(', ')}${nearestHint(name, names)}`;
    } else if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1 || limit > most) {
      yield `streams.${name}=${String(limit)}: expected a whole number from 1 to ${most}`;
    }
  }
}
