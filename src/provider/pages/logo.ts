import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logo } from './appearance.ts';

/**
 * Returns the handler of the logo. The pages load the logo as `<img>`, so no script in it runs. If a browser opens an
 * SVG document directly, the policy of the answer stops scripts, too.
 */
export function logoHandler(logo: Logo): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD', 'content-length': 0 }).end();
      return;
    }
    response.writeHead(200, {
      'content-type': logo.type,
      'content-length': logo.content.length,
      'cache-control': 'public, max-age=86400',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    });
    response.end(request.method === 'HEAD' ? undefined : logo.content);
  };
}
