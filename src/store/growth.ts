import type { Tables } from './tables.ts';

/**
 * The callers who can make a table or structure grow. `anyone`: a caller without an account or client. `account`: a
 * caller with an account or client. `operator`: the operator, by configuration or command.
 */
type Grower = 'anyone' | 'account' | 'operator';

/** The growth of a table or of a structure in memory, and its bound. */
interface Growth {
  readonly grownBy: Grower;
  /** The requests or events that add to it. */
  readonly by: string;
  /** The limit, or the work that deletes from it. */
  readonly bound: string;
}

interface TableGrowth extends Growth {
  /**
   * How long rows of callers without an account are stored at most, in seconds. Null: there are no such rows, or their
   * number is bounded.
   */
  readonly anonymousSeconds: number | null;
}

/** The growth of each table, and its bound. A test floods the tables that anyone can make grow, and measures them. */
export const tableGrowth: Readonly<Record<keyof Tables, TableGrowth>> = {
  accounts: {
    grownBy: 'operator',
    by: '`account create` and the first start',
    bound: 'the operator decides',
    anonymousSeconds: null,
  },
  applications: {
    grownBy: 'anyone',
    by: 'open registration (anyone); `registerApplication` (accounts); the initial access token (partners of the operator)',
    bound:
      '10,000 that registered themselves without a token: deleted after 24 hours without a consent, or 30 days after the last consent if no grant is left; 1,000 for each account',
    anonymousSeconds: 24 * 60 * 60,
  },
  grants: {
    grownBy: 'account',
    by: 'a person who allows an application',
    bound: '`lifetimes.refresh` (14 days), then swept; 10,000 for each account: a further grant ends the oldest',
    anonymousSeconds: null,
  },
  artifacts: {
    grownBy: 'anyone',
    by: 'begun sign-ins, pushed requests, and sessions without an account (anyone); codes, tokens, sessions, and applications registered on the account page (accounts)',
    bound:
      'a sign-in 15 minutes, a session without an account 10 minutes, a pushed request 1 minute, each with at most 57,344 bytes of parameters; 100 sessions for each account; 240 rows for the forms and secrets of the account page in an hour, with the default of `attempts.accountApplications`; tokens end with their grant, which has about 1,000 used refresh tokens',
    anonymousSeconds: 15 * 60,
  },
  signing_keys: {
    grownBy: 'operator',
    by: 'rotation, by time or command',
    bound: 'one row for each rotation',
    anonymousSeconds: null,
  },
  server_secrets: {
    grownBy: 'operator',
    by: 'the first start',
    bound: 'one row for each name',
    anonymousSeconds: null,
  },
  key_copies: {
    grownBy: 'operator',
    by: 'configured issuers',
    bound: 'one row for each issuer',
    anonymousSeconds: null,
  },
  revocations: {
    grownBy: 'account',
    by: 'tokens, grants, sessions and accounts that end',
    bound:
      'one row for each, for the longest lifetime of an access token (at least a day) and 5 minutes; the row of a single token only until the token expires',
    anonymousSeconds: null,
  },
  replays: {
    grownBy: 'anyone',
    by: 'DPoP proofs, and assertions of clients that authenticate with a key',
    bound:
      'one row for each request until the proof or the assertion expires: minutes, or at most a day for a client that a person registered',
    anonymousSeconds: 15 * 60,
  },
  audit_events: {
    grownBy: 'anyone',
    by: 'denials, shadow denials and failed sign-ins (anyone); open registration (anyone); everything that an account does',
    bound:
      '90 days; with an account 250,000 denials, 250,000 failed sign-ins and 100,000 shadow denials; without one, but with a client, 100,000, 100,000 and 50,000 of these, and as many without both; 100,000 self-registrations, and 1,000,000 of every other type; a new row deletes only rows of its own type and kind of caller',
    anonymousSeconds: null,
  },
  authorization_transactions: {
    grownBy: 'anyone',
    by: '`beginAuthorization`',
    bound: '10 minutes, then swept',
    anonymousSeconds: 10 * 60,
  },
  connection_grants: {
    grownBy: 'account',
    by: 'an exchange at a connection',
    bound: 'the lifetime of the refresh handle, then swept',
    anonymousSeconds: null,
  },
  counters: { grownBy: 'operator', by: 'migrations and a restore', bound: 'four rows', anonymousSeconds: null },
  leases: { grownBy: 'operator', by: 'the processes', bound: 'one row for each kind of work', anonymousSeconds: null },
  rate_limits: {
    grownBy: 'anyone',
    by: 'wrong passwords, secrets, codes and tokens; open registrations; applications registered on the account page',
    bound: 'one row for each key and window of at most an hour, then swept',
    anonymousSeconds: 60 * 60,
  },
  recorded_requests: {
    grownBy: 'anyone',
    by: 'valid operations, if `replay` is on: one row for each day, shape, kind of caller and client',
    bound:
      '`replay.maxRows` (10,000), with their shapes and callers 64 MiB; one client has at most a half of both, and callers without a token too; `replay.retentionDays` (7), then swept',
    anonymousSeconds: null,
  },
  recorded_shapes: {
    grownBy: 'anyone',
    by: 'valid operations, if `replay` is on',
    bound: 'one row, of at most 16,384 characters, for each shape that a row of `recorded_requests` has',
    anonymousSeconds: null,
  },
  recorded_callers: {
    grownBy: 'account',
    by: 'valid operations with a token, if `replay` is on',
    bound:
      'one row, with the HMACs of at most 200 scopes and 64 claims, for each kind of caller that a row of `recorded_requests` has',
    anonymousSeconds: null,
  },
  unrecorded_requests: {
    grownBy: 'operator',
    by: 'the program',
    bound: 'one row for each day and reason; `replay.retentionDays` (7), then swept',
    anonymousSeconds: null,
  },
};

/**
 * Each structure of the rooms audit, identity, provider, http and store that stays in memory after a request. The
 * structures of the engine are in `server/caches.ts`.
 */
export const memoryGrowth: Readonly<Record<string, Growth>> = {
  'audit/recorder.ts counted': {
    grownBy: 'anyone',
    by: 'events that are counted between two flushes',
    bound:
      '1,000 different events of each type and kind of caller (an account, only a client, neither) and one more for each outcome, each of at most 1,700 characters',
  },
  'audit/recorder.ts notes': {
    grownBy: 'account',
    by: 'events with their own row, while the database is unavailable',
    bound: '10,000; further events are only counted',
  },
  'audit/feed.ts followers': {
    grownBy: 'account',
    by: 'subscriptions to the audit trail',
    bound: 'the limits of sockets and streams; 100 events for each',
  },
  'store/sqlite/statements.ts prepared': {
    grownBy: 'account',
    by: 'statements whose number of parameters follows a request',
    bound: '1,000 statements',
  },
  'store/sqlite/shared-file.ts waiting': {
    grownBy: 'anyone',
    by: 'statements of requests that are being answered',
    bound: 'the requests that are being answered',
  },
  'store/notices.ts topics': { grownBy: 'operator', by: 'the program', bound: 'three' },
  'store/postgres/dialect.ts pool': { grownBy: 'operator', by: 'the program', bound: 'the size of the pool' },
  'oidc-provider dynamicClients': {
    grownBy: 'anyone',
    by: 'clients that are looked up, by a hash of their metadata',
    bound: '100 clients',
  },
  'provider/request/arrival.ts store': {
    grownBy: 'anyone',
    by: 'requests that are being answered',
    bound: 'one time for each',
  },
  'provider/*.ts by context': {
    grownBy: 'anyone',
    by: 'requests that are being answered',
    bound: 'weak maps, collected with the request',
  },
  'http/health.ts outcome': { grownBy: 'operator', by: 'the program', bound: 'one for each check' },
};
