import type { SigningAlgorithm } from '../../protocol/keys/algorithms.ts';
import type { Store } from '../../store/tables.ts';
import type { AuditOptions } from '../audit.ts';
import type { AuthenticatedAccount } from './credential-epoch.ts';

/** The options of all adapters. */
export interface AdapterOptions extends Pick<AuditOptions, 'changing'> {
  readonly store: Store;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The algorithm that signs ID tokens. */
  readonly algorithm: SigningAlgorithm;
  /**
   * How long the repeated use of a refresh token counts as a race, in seconds. Within this time after its first use,
   * the token is only rejected. Later, its grant is revoked too.
   */
  readonly refreshGraceSeconds: number;
  /** Returns when the current request arrived, in milliseconds since the epoch. Default: `now`. */
  readonly arrivedAt?: () => number;
  /** Returns the account of the session for which a code is issued. Default: the library's session. */
  readonly signedIn?: () => AuthenticatedAccount | undefined;
}
