import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explainFor } from '../../src/explorer/client/needs/asking/explain.ts';
import { explanation } from './needs-support.ts';

const question = { document: '{ me }', operationName: null, variables: '{"secret":1}' };
const never = new AbortController().signal;

/** Explains with a server that gives one answer. */
function explainWith(answer: () => Response | Promise<Response>, header: string | null = 'Bearer x') {
  const requests: { url: string; init: RequestInit }[] = [];
  const result = explainFor(
    {
      endpoint: '/graphql',
      field: 'explainOperation',
      authorization: async () => header,
      fetch: async (url: string | URL | Request, init?: RequestInit) => {
        requests.push({ url: url as string, init: init ?? {} });
        return answer();
      },
    },
    question,
    'ada',
    never,
  );
  return { requests, result };
}

const refusal = async (answer: () => Response | Promise<Response>): Promise<string> => {
  try {
    await explainWith(answer).result;
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('expected a refusal');
};
const withError = (message: string, code: string, status = 200): (() => Response) => {
  const body = { errors: [{ message, extensions: { code } }] };
  return () => Response.json(body, { status });
};

describe('A request for an explanation', () => {
  it('carries the token in the header only, and the operation in variables', async () => {
    const { requests, result } = explainWith(() => Response.json({ data: { explainOperation: explanation() } }));
    assert.equal((await result).outcome, 'RUNS');
    const [{ url, init } = { url: '', init: {} as RequestInit }] = requests;
    assert.equal(url, '/graphql');
    assert.equal(new Headers(init.headers).get('Authorization'), 'Bearer x');
    const body = JSON.parse(init.body as string) as { variables: unknown; query: string };
    assert.deepEqual(body.variables, question);
    assert.doesNotMatch(body.query, /secret|me \}$/);
    const anonymous = explainWith(() => Response.json({ data: { explainOperation: explanation() } }), null);
    await anonymous.result;
    assert.equal(new Headers(anonymous.requests[0]?.init.headers).has('Authorization'), false);
  });

  it('says in one line why there is no explanation', async () => {
    assert.match(await refusal(() => Promise.reject(new TypeError('fetch failed'))), /^The server cannot be reached/);
    assert.match(await refusal(() => new Response('busy', { status: 429 })), /limits the requests/);
    assert.match(await refusal(() => new Response('<html>', { status: 502 })), /HTTP 502/);
    assert.match(await refusal(() => Response.json({ data: null })), /no explanation/);
    assert.match(
      await refusal(withError('The token\nhas expired.', 'INVALID_TOKEN', 401)),
      /^The server refuses the token of this caller. The token has expired/,
    );
    assert.match(await refusal(withError('No token.', 'UNAUTHENTICATED', 401)), /^Only callers with a token/);
    assert.match(
      await refusal(
        withError('Cannot query field "explainOperation" on type "Query".', 'GRAPHQL_VALIDATION_FAILED', 400),
      ),
      /does not explain operations: introspection is off/,
    );
    assert.equal((await refusal(withError('x'.repeat(5_000), 'OTHER'))).length, 400);
  });
});
