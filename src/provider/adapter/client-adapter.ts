import type { Adapter, ClientMetadata } from 'oidc-provider';
import { findApplicationWithSecret } from '../../identity/applications/applications.ts';
import { usableKeys } from '../../identity/applications/client-keys.ts';
import { clientMetadata } from '../registration/client-metadata.ts';
import { notSupported } from './not-supported.ts';
import type { AdapterOptions } from './options.ts';

/** Returns the adapter of clients. It only reads applications, because the library does not register them. */
export function clientAdapter({ store, algorithm }: AdapterOptions): Adapter {
  return {
    async find(id) {
      const found = await findApplicationWithSecret(store, id);
      if (!found) return undefined;
      const { application, secretHash } = found;
      const metadata: ClientMetadata = {
        ...clientMetadata({ ...application, keys: application.keys && usableKeys(application.keys) }),
        id_token_signed_response_alg: algorithm,
        // The secret itself is not stored. The library gets its hash, and compares a sent secret with it
        // (clients/authentication.ts).
        ...(secretHash !== null && { client_secret: secretHash }),
      };
      return metadata;
    },
    upsert: notSupported,
    destroy: notSupported,
    consume: notSupported,
    revokeByGrantId: notSupported,
    findByUid: notSupported,
    findByUserCode: notSupported,
  };
}
