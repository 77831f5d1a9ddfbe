import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { makeCertificate } from '../support/certificate.ts';
import { query } from '../support/client.ts';
import { type Outside, startOutside } from '../support/outside.ts';
import { until } from '../support/process.ts';
import { startTestServer } from '../support/server.ts';
import { keySet, makeKey, payloadOf, sign } from '../support/tokens.ts';

const key = makeKey();
const audience = 'https://api.example/graphql';

describe('G-16 an https issuer with a certificate of a private authority, without a proxy', () => {
  const started: Outside[] = [];
  let good: Outside;
  let expired: Outside;
  let other: Outside;
  const issuerOf = ({ port }: Outside) => `https://localhost:${port}`;

  const start = async (certificateFor?: Parameters<typeof startOutside>[2]): Promise<Outside> => {
    const outside: Outside = await startOutside(
      'localhost',
      (path) => (path === '/jwks' ? keySet(key) : { issuer: issuerOf(outside), jwks_uri: `${issuerOf(outside)}/jwks` }),
      certificateFor,
    );
    started.push(outside);
    return outside;
  };
  before(async () => {
    good = await start();
    expired = await start((authority) => makeCertificate('localhost', authority, true));
    other = await start((authority) => makeCertificate('elsewhere.test', authority));
  });
  after(async () => {
    for (const outside of started) await outside.stop();
  });

  const cases: readonly (readonly [string, () => Outside, () => string, number, RegExp | null])[] = [
    ['is accepted with NODE_EXTRA_CA_CERTS', () => good, () => good.authority, 200, null],
    [
      'is refused without it, and the log says to set it',
      () => good,
      () => '',
      503,
      /localhost:\d+ has a certificate of an authority that is not known here \(\w+\): set NODE_EXTRA_CA_CERTS to the path/,
    ],
    [
      'is refused if it names another authority, and the log says so',
      () => good,
      () => other.authority,
      503,
      /not known here \(\w+\): add the authority's certificate in PEM form to NODE_EXTRA_CA_CERTS=\/[^"]*authority\.pem, and restart/,
    ],
    ['is refused if it has expired', () => expired, () => expired.authority, 503, /certificate that has expired/],
    [
      'is refused if it is for another host',
      () => other,
      () => other.authority,
      503,
      /certificate for another host name \(ERR_TLS_CERT_ALTNAME_INVALID\)/,
    ],
  ];
  for (const [name, outside, authority, expected, told] of cases) {
    it(`G-16 ${name}`, async () => {
      const issuer = issuerOf(outside());
      const now = Math.floor(Date.now() / 1_000);
      const token = sign(key, { payload: payloadOf({ iss: issuer, aud: audience, iat: now - 10, exp: now + 600 }) });
      const server = await startTestServer({
        env: { CLAIMGATE_ISSUER: issuer, CLAIMGATE_AUDIENCE: audience, NODE_EXTRA_CA_CERTS: authority() },
      });
      try {
        const { status } = await query(server.url, '{ viewer { __typename } }', { token });
        assert.equal(status, expected, server.output());
        if (told) await until(() => told.test(server.output()));
      } finally {
        await server.dispose();
      }
    });
  }
});
