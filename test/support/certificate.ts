import { generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';

/** A certificate and its private key, in PEM form. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** Makes a certificate authority that Node.js does not trust. */
export function makeAuthority(name = 'Test authority'): Certificate {
  return certificate(name, null, {});
}

/**
 * Makes a certificate for a host (RFC 5280 §4.1). It is valid for one day.
 *
 * @param authority the authority that signs it. Default: it is self-signed
 * @param expired whether it expired an hour ago. Default: false
 */
export function makeCertificate(host: string, authority?: Certificate, expired = false): Certificate {
  return certificate(host, host, { authority, expired });
}

function certificate(
  subject: string,
  host: string | null,
  { authority, expired = false }: { readonly authority?: Certificate | undefined; readonly expired?: boolean },
): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const nameOf = (text: string) => sequence(set(sequence(oid('550403'), element(0x0c, Buffer.from(text)))));
  const issuer = authority ? (/^CN=(.*)$/m.exec(new X509Certificate(authority.cert).subject)?.[1] ?? '') : subject;
  const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
  const time = (offset: number) => {
    const text = new Date(Date.now() + offset).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
    return element(0x18, Buffer.from(text));
  };
  const extension = (id: string, value: Buffer) => sequence(oid(id), element(0x04, value));
  const body = sequence(
    element(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    nameOf(issuer),
    sequence(time(expired ? -7_200_000 : -3_600_000), time(expired ? -3_600_000 : 86_400_000)),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    element(
      0xa3,
      sequence(
        // subjectAltName: dNSName. basicConstraints: cA.
        ...(host === null ? [] : [extension('551d11', sequence(element(0x82, Buffer.from(host))))]),
        ...(authority ? [] : [extension('551d13', sequence(element(0x01, Buffer.from([0xff]))))]),
      ),
    ),
  );
  const signature = sign('sha256', body, authority?.key ?? privateKey);
  const der = sequence(body, ecdsaWithSha256, element(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  };
}

/** Returns one element of DER (X.690 §8.1): tag, length, content. */
function element(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => element(0x30, Buffer.concat(parts));
const set = (...parts: readonly Buffer[]): Buffer => element(0x31, Buffer.concat(parts));
const oid = (hex: string): Buffer => element(0x06, Buffer.from(hex, 'hex'));
const integer = (bytes: Buffer): Buffer => element(0x02, bytes);
