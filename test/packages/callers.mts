// A program of a team that uses the kit: it runs in projects into which the kit was installed.
import { generateKeyPairSync, sign } from 'node:crypto';
import type * as claimgate from 'claimgate';
import type * as graphql from 'graphql';

/** What one caller is answered. */
export interface Answer {
  readonly status: number;
  readonly challenge: string | undefined;
  readonly body: unknown;
}

const url = 'https://api.example.com/graphql';
const issuer = 'https://login.example.com';
const challenge = {
  realm: url,
  resourceMetadata: 'https://api.example.com/.well-known/oauth-protected-resource/graphql',
};
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** An access token of the issuer with these scopes (RFC 9068). */
function token(scope: string): string {
  const seconds = Math.floor(Date.now() / 1000);
  const claims = {
    iss: issuer,
    sub: 'ada',
    aud: url,
    client_id: 'web',
    jti: scope,
    iat: seconds,
    exp: seconds + 60,
    scope,
  };
  const parts = [{ alg: 'ES256', typ: 'at+jwt', kid: 'one' }, claims];
  const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

/** Answers the query of the README to its three callers: without a token, with too little of one, and with enough. */
export async function answers(
  kit: typeof claimgate,
  { execute, parse, validate }: typeof graphql,
): Promise<readonly Answer[]> {
  const guarded = kit.createGuardedSchema({
    modules: [
      {
        name: 'orders',
        typeDefs: `
          type Query { orders: [Order!]! @auth(scope: "orders:read") }
          type Order { id: ID!  item: String!  customer: String @auth(scope: "customers:read") }
        `,
        resolvers: {
          Query: {
            orders: () => [
              { id: '1', item: 'Lamp', customer: 'Grace' },
              { id: '2', item: 'Desk', customer: 'Alan' },
            ],
          },
        },
      },
    ],
  });
  const keys = kit.localKeys(() => keySet);
  const keySet = {
    keys: [{ ...publicKey.export({ format: 'jwk' }), kty: 'EC', alg: 'ES256', use: 'sig', kid: 'one' }],
  };
  const verifier = kit.createVerifier({
    issuers: [{ issuer, audience: [url], algorithms: ['ES256'], keys, primary: true }],
  });
  const caller = kit.createContext({ verifier, url, ...challenge });
  const check = kit.createOperationCheck(guarded, challenge);
  const document = parse('{ orders { item customer } }');
  const faults = validate(guarded.schema, document);
  if (faults[0]) throw faults[0];

  return Promise.all(
    [null, 'profile', 'orders:read customers:read'].map(async (scope): Promise<Answer> => {
      try {
        const rawHeaders = scope === null ? [] : ['authorization', `Bearer ${token(scope)}`];
        const contextValue = await caller({ rawHeaders, method: 'POST' });
        check({ document, contextValue });
        return {
          status: 200,
          challenge: undefined,
          body: await execute({ schema: guarded.schema, document, contextValue }),
        };
      } catch (error) {
        const answer = kit.httpAnswer(error);
        if (answer === null) throw error;
        return { status: answer.status, challenge: answer.headers['www-authenticate'], body: answer.body };
      }
    }),
  );
}
