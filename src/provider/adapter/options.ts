import type { SigningAlgorithm } from '../../protocol/keys/algorithms.ts';
import type { Store } from '../../store/tables.ts';
import type { AuditOptions } from '../audit.ts';
import type { Proven } from './credential-epoch.ts';

/** What the adapters of all models need. */
export interface AdapterOptions extends Pick<AuditOptions, 'changing'> {
  readonly store: Store;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The algorithm that signs ID tokens. */
  readonly algorithm: SigningAlgorithm;
  /**
   * For this time after its first use, in seconds, a refresh token that is sent again is rejected. After this time, its
   * grant is revoked too.
   */
  readonly refreshGraceSeconds: number;
  /** Returns when the current request arrived, in milliseconds since the epoch. Default: `now`. */
  readonly arrivedAt?: () => number;
  /** Returns the account of the session for which a code is issued. Default: the library's session. */
  readonly signedIn?: () => Proven | undefined;
}
