import type { FastifyInstance } from 'fastify';
import type { CrossOrigin } from './headers/cross-origin.ts';
import { refuse } from './refusal.ts';

/** The members of the protected resource metadata (RFC 9728 §2). */
export interface ResourceMetadata {
  /** The resource identifier: the audience of access tokens. */
  readonly resource: string;
  /** The issuers of the authorization servers. */
  readonly authorizationServers: readonly string[];
  readonly scopes: readonly string[];
  /** The accepted algorithms of DPoP proofs. Empty: the metadata does not mention DPoP. */
  readonly proofAlgorithms: readonly string[];
}

/** The path of the metadata of this API (RFC 9728 §3.1). The URL of the API is `<public URL>/graphql`. */
export const resourceMetadataPath = '/.well-known/oauth-protected-resource/graphql';

/** Mounts the protected resource metadata at the path for this API and at the path for the whole origin. */
export function mountResourceMetadata(app: FastifyInstance, metadata: ResourceMetadata, pages: CrossOrigin): void {
  const document = {
    resource: metadata.resource,
    authorization_servers: metadata.authorizationServers,
    scopes_supported: metadata.scopes,
    bearer_methods_supported: ['header'],
    resource_name: 'Claimgate',
    ...(metadata.proofAlgorithms.length > 0 && {
      dpop_signing_alg_values_supported: metadata.proofAlgorithms,
      // The API also accepts bearer tokens.
      dpop_bound_access_tokens_required: false,
    }),
  };
  for (const path of ['/.well-known/oauth-protected-resource', resourceMetadataPath]) {
    app.route({
      url: path,
      method: ['GET', 'HEAD', 'OPTIONS'],
      handler: async (request, reply) => {
        if (pages.answer(request, reply, 'GET')) return reply;
        if (request.method !== 'OPTIONS') return reply.send(document);
        return refuse(reply.header('allow', 'GET'), 'BAD_REQUEST', 'Only GET is answered here', 'method');
      },
    });
  }
}
