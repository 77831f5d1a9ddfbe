import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ranges } from '../../src/explorer/client/activity/data/ranges.ts';
import { readFilters } from '../../src/explorer/client/activity/data/filters.ts';
import { identityNames } from '../../src/explorer/documents/identity-names.ts';
import { createTrail } from '../../src/explorer/client/activity/live/trail.ts';
import { explainFor } from '../../src/explorer/client/needs/asking/explain.ts';
import { createSender } from '../../src/explorer/client/run/send/request.ts';
import { authorizedFetch } from '../../src/explorer/client/session/authorized-fetch.ts';
import { createApi } from '../../src/explorer/client/session/tokens/api.ts';
import { spanAt } from '../../src/explorer/client/activity/data/ranges.ts';

const kibibyte = 1_024;

/** An answer of 1 MiB after another, without an end. */
function endless() {
  let sent = 0;
  let isCancelled = false;
  const body = new ReadableStream({
    pull(controller) {
      sent += kibibyte * kibibyte;
      // The test must end where nothing else ends the answer.
      if (sent > 64 * kibibyte * kibibyte) controller.close();
      else controller.enqueue(new Uint8Array(kibibyte * kibibyte).fill(0x5b));
    },
    cancel() {
      isCancelled = true;
    },
  });
  const requests: RequestInit[] = [];
  return {
    requests,
    isCancelled: () => isCancelled,
    fetch: async (_url: unknown, init?: RequestInit) => {
      requests.push(init ?? {});
      return new Response(body, { headers: { 'content-type': 'application/json' } });
    },
  };
}

const callers = {
  list: () => [],
  authorization: async () => 'Bearer token',
  renew: async () => {},
};

/** Every part of the pages that reads an answer of the server, and sends a token to it. */
const readers: Readonly<Record<string, (fetch: ReturnType<typeof endless>['fetch']) => Promise<unknown>>> = {
  'the session': (fetch) => createApi('/graphql', { fetch, now: Date.now }).send('{ a }', {}, 'Bearer token'),
  'the needs': (fetch) =>
    explainFor(
      { endpoint: '/graphql', fetch, field: 'explainOperation', authorization: callers.authorization },
      { document: '{ a }', operationName: null, variables: null },
      'a',
      new AbortController().signal,
    ),
  'the activity': (fetch) => {
    const send = authorizedFetch(callers, 'a', fetch);
    const trail = createTrail('/graphql', send, identityNames(''), () => false);
    return trail.activity(readFilters(''), spanAt(ranges[0], Date.now()));
  },
  'the runs': async (fetch) => {
    const send = createSender({
      endpoint: '/graphql',
      callers: { ...callers, list: () => [{ id: 'a', label: 'Ada', kind: 'signed-in' }] },
      fetch,
      now: Date.now,
    });
    const { failure } = await send({ kind: 'query', query: '{ a }' }, 'a', new AbortController().signal);
    throw new Error(failure?.message);
  },
};

describe('an answer without an end', () => {
  for (const [name, read] of Object.entries(readers)) {
    it(`is given up by ${name}, whose request goes to this server only`, async () => {
      const server = endless();
      await assert.rejects(read(server.fetch), /no data|without a GraphQL answer|MiB/);
      assert.ok(server.isCancelled());
      const [{ credentials, redirect, cache } = {}] = server.requests;
      assert.deepEqual([credentials, redirect, cache], ['omit', 'error', 'no-store']);
    });
  }
});
