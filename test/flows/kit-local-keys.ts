import { createVerifier, explainToken, localKeys } from 'claimgate';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

const issuer = 'https://login.example.com';
const audience = 'https://api.example.com/graphql';
const { publicKey, privateKey } = await generateKeyPair('ES256');
const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'ES256' }] };
const issuers = [{ issuer, audience: [audience], algorithms: ['ES256'], keys: localKeys(() => jwks), primary: true }];

const signed = (typ: string) =>
  new SignJWT({ client_id: 'shop', scope: 'orders:read' })
    .setProtectedHeader({ alg: 'ES256', kid: 'test', typ })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject('ada')
    .setJti(crypto.randomUUID())
    .setIssuedAt()
    .setExpirationTime('5 min')
    .sign(privateKey);

const verifier = createVerifier({ issuers });
const principal = await verifier.verify(
  { scheme: 'Bearer', token: await signed('at+jwt') },
  { method: 'POST', url: audience },
);
process.stdout.write(`${principal.subject}: ${[...principal.scopes].join(' ')}\n`);

const { findings } = await explainToken(await signed('JWT'), { issuers });
for (const finding of findings) {
  process.stdout.write(`${finding.name}: ${finding.outcome} ${'reason' in finding ? finding.reason : ''}\n`);
}
