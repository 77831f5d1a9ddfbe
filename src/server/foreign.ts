import type { Config } from '../config.ts';
import { remoteKeys } from '../token/remote.ts';
import type { Authority } from './authority.ts';

/** The signature algorithms a foreign issuer may use: all that are asymmetric. */
const foreignAlgorithms = [
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
];

/** A foreign issuer, whose keys are fetched when the first token needs them. */
export function foreign({ issuer = '', audience }: Config): Authority {
  return {
    issuer: {
      issuer,
      audience: [audience],
      algorithms: foreignAlgorithms,
      keys: remoteKeys({ issuer }),
      primary: true,
    },
    parts: { checks: [], mounts: [] },
    close: async () => {},
  };
}
