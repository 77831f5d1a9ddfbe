import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeCertificate } from '../../support/certificate.ts';

/** The hosts that the stub stands in for. The second one is a page that has nothing to do with Apollo. */
export const frameHost = 'sandbox.embed.apollographql.com';
export const strangerHost = 'stranger.example';

/**
 * A page that stands in for the page of Apollo Sandbox. It performs the handshake of `@apollo/sandbox`, and keeps every
 * message that it receives in `received`. A test makes it send messages with `parent.postMessage`.
 */
const page = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Stub</title>
<style>body { font: 1rem system-ui; padding: 1rem; background: #1c2230; color: #fff }</style>
<h1>A page that stands in for Apollo Sandbox</h1>
<script>
  window.received = [];
  addEventListener('message', ({ data, origin }) => received.push({ data, origin }));
  parent.postMessage({ name: 'ExplorerListeningForHandshake' }, '*');
</script>
`;

/** A page in a frame or window of the stub, which sends the message of its fragment to the page of the server. */
const sender = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Sender</title>
<script>
  const message = JSON.parse(decodeURIComponent(location.hash.slice(1)));
  (window.opener ? window.opener.parent : window.top).postMessage(message, '*');
</script>
`;

/** Starts the stub, an HTTPS server at a port of its own. */
export async function startStub(): Promise<{ readonly port: number; readonly close: () => void }> {
  const server: Server = createServer(makeCertificate(frameHost), ({ url }, response) => {
    response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      .end(url?.startsWith('/sender') ? sender : page);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
