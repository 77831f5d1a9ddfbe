import type { SigningAlgorithm } from '../../protocol/keys/algorithms.ts';
import type { Store } from '../../store/tables.ts';
import type { AuditOptions } from '../audit.ts';
import type { Proven } from './credential-epoch.ts';

/** The options of all adapters. */
export interface AdapterOptions extends Pick<AuditOptions, 'changing'> {
  readonly store: Store;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The algorithm that signs ID tokens. */
  readonly algorithm: SigningAlgorithm;
  /**
   * If a used refresh token is sent again within this time after its first use, it is rejected. Later, its grant is
   * revoked too. In seconds.
   */
  readonly refreshGraceSeconds: number;
  /** Returns when the current request arrived, in milliseconds since the epoch. Default: `now`. */
  readonly arrivedAt?: () => number;
  /** Returns the account of the session for which a code is issued. Default: the library's session. */
  readonly signedIn?: () => Proven | undefined;
}
