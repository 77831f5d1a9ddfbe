import type { Attempts } from '../identity/attempts/attempts.ts';
import type { ScopeCatalogue } from '../identity/grants/scopes.ts';
import type { KeyPairs } from '../identity/keys/signing-keys.ts';
import type { Store } from '../store/tables.ts';
import type { AuditOptions } from './audit.ts';
import type { Lifetimes } from './lifetimes.ts';
import type { Frame } from './pages/frame.ts';
import type { Factor } from './sign-in/step.ts';

/** Another API for which access tokens are issued. */
export interface Resource {
  /** Its resource indicator, and the `aud` of its access tokens. */
  readonly audience: string;
  /** The client ID of the application that may introspect its access tokens. */
  readonly introspectedBy?: string;
}

/** The options of the authorization server. */
export interface ProviderOptions extends AuditOptions {
  /** The issuer: our public URL, without a path. */
  readonly issuer: string;
  /** The resource indicator of our API, and the `aud` of its access tokens. */
  readonly audience: string;
  /** The appearance of the pages. */
  readonly frame: Frame;
  readonly store: Store;
  readonly attempts: Attempts;
  /** The factors that every sign-in requires. Their `amr` values form the `acr` of the sign-in. */
  readonly factors: readonly Pick<Factor, 'amr'>[];
  /** The scopes of our API and of `resources`. */
  readonly catalogue: ScopeCatalogue;
  /** The other APIs for which access tokens are issued. */
  readonly resources: readonly Resource[];
  /**
   * The accepted algorithms of DPoP proofs, and the secret from which nonces are derived. If the secret is null, no
   * nonce is required.
   */
  readonly proofs: { readonly algorithms: readonly string[]; readonly nonceSecret: Buffer | null };
  readonly lifetimes: Lifetimes;
  /** Returns when the current request arrived, in milliseconds since the epoch. Default: `now`. */
  readonly arrivedAt?: () => number;
  /** The signing keys. The first key signs, and all keys are published. */
  readonly keys: KeyPairs;
  /**
   * The secret that marks codes and refresh tokens as issued here. All processes on a database have the same secret.
   */
  readonly markSecret: Buffer;
  /** The key that signs cookies. */
  readonly cookieKey: string;
  /** The path of client registration, for the discovery document. Default: registration is disabled. */
  readonly registrationPath?: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** When the database was restored from a backup, in milliseconds since the epoch; null or absent: never. */
  readonly restoredAt?: number | null;
  /**
   * Called for each request to the token endpoint. Must not throw. Default: no-op.
   *
   * @param grantType the parameter `grant_type` as the caller sent it; `none` if it sent no string
   * @param outcome `ok`, or the error code
   */
  readonly onExchange?: (grantType: string, outcome: string) => void;
  /** Called for faults of the server, never for mistakes of a caller. */
  readonly onFault: (error: Error) => void;
}
