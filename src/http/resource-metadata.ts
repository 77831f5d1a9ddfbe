import type { FastifyInstance } from 'fastify';

/** What the protected resource metadata says (RFC 9728 §2). */
export interface ResourceMetadata {
  /** The resource identifier: the audience of access tokens. */
  readonly resource: string;
  /** Issuers of the authorization servers. */
  readonly authorizationServers: readonly string[];
  readonly scopes: readonly string[];
}

/** Where it is served: the path form (RFC 9728 §3.1) is the one for our API, `<public URL>/graphql`. */
export const resourceMetadataPath = '/.well-known/oauth-protected-resource/graphql';

export function mountResourceMetadata(app: FastifyInstance, metadata: ResourceMetadata): void {
  const document = {
    resource: metadata.resource,
    authorization_servers: metadata.authorizationServers,
    scopes_supported: metadata.scopes,
    bearer_methods_supported: ['header'],
    resource_name: 'Claimgate',
  };
  for (const path of ['/.well-known/oauth-protected-resource', resourceMetadataPath]) {
    app.get(path, async (_request, reply) => reply.header('access-control-allow-origin', '*').send(document));
  }
}
