import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { type Certificate, makeAuthority, makeCertificate } from './certificate.ts';
import { temporaryFolder } from './process.ts';

/**
 * An issuer that can be reached only through a proxy. No name server knows its host. A private authority signed its
 * certificate.
 */
export interface Outside {
  readonly issuer: string;
  /** The file with the certificate of the authority. */
  readonly authority: string;
  /** Makes a further certificate of this authority. */
  readonly certify: (host: string) => Certificate;
  /** The port of the issuer's server on loopback. */
  readonly port: number;
  /** The port of a proxy that reaches the issuer. The proxy under test forwards to it. */
  readonly outPort: number;
  /** The requests to the issuer, in order. */
  readonly asked: readonly string[];
  /** The hosts in the requests to the proxy on `outPort`, in order. */
  readonly tunnels: readonly string[];
  readonly stop: () => Promise<void>;
}

/**
 * Starts the issuer and its proxy.
 *
 * @param answer returns the JSON answer to a request with this path
 */
export async function startOutside(
  host: string,
  answer: (path: string) => unknown,
  certificateFor: (authority: Certificate) => Certificate = (authority) => makeCertificate(host, authority),
): Promise<Outside> {
  const folder = await temporaryFolder();
  const root = makeAuthority();
  const authority = join(folder.path, 'authority.pem');
  await writeFile(authority, root.cert);
  const asked: string[] = [];
  const tunnels: string[] = [];
  const elsewhere = createHttpsServer(certificateFor(root), (request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer(request.url ?? '')));
  }).listen(0, '127.0.0.1');
  await once(elsewhere, 'listening');
  const { port } = elsewhere.address() as AddressInfo;
  const out = createHttpServer().listen(0, '127.0.0.1');
  out.on('connect', (request, socket) => {
    tunnels.push(request.url ?? '');
    const reached = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(reached).pipe(socket);
    });
    for (const end of [socket, reached]) end.on('error', () => {});
  });
  await once(out, 'listening');
  return {
    issuer: `https://${host}`,
    authority,
    certify: (name) => makeCertificate(name, root),
    port,
    outPort: (out.address() as AddressInfo).port,
    asked,
    tunnels,
    async stop() {
      for (const server of [elsewhere, out]) {
        server.closeAllConnections();
        server.close();
      }
      await folder.remove();
    },
  };
}
