import type { Attempts } from '../identity/attempts/attempts.ts';
import type { ScopeCatalogue } from '../identity/grants/scopes.ts';
import type { KeyPairs } from '../identity/keys/signing-keys.ts';
import type { Store } from '../store/tables.ts';
import type { Witnesses } from './audit.ts';
import type { Factor } from './sign-in/step.ts';

/** An API beside our own that access tokens are issued for. */
export interface Resource {
  /** Its resource indicator, and the `aud` of its access tokens. */
  readonly audience: string;
  /** The client ID of the application that may introspect its access tokens. */
  readonly introspectedBy?: string;
}

/** How long things live, in seconds. */
export interface Lifetimes {
  /** An authorization code. Default 60. */
  readonly code: number;
  /** An access token. Default 600. */
  readonly access: number;
  /** A grant, and so its refresh tokens, from the consent on. Default 1,209,600: 14 days. */
  readonly refresh: number;
  /** How long a refresh token that was used is only refused when it comes again; later it ends its grant. 1 to 300. Default 10. */
  readonly grace: number;
}

export interface ProviderOptions extends Witnesses {
  /** The issuer: our public URL, without a path. */
  readonly issuer: string;
  /** The resource indicator of our API, and the `aud` of its access tokens. */
  readonly audience: string;
  readonly store: Store;
  readonly attempts: Attempts;
  /** What a sign-in takes. */
  readonly factors: readonly Pick<Factor, 'amr'>[];
  /** The scopes of our API and of the others. */
  readonly catalogue: ScopeCatalogue;
  /** The APIs beside our own that tokens are issued for. */
  readonly resources: readonly Resource[];
  /** What is asked of DPoP proofs: their algorithms, and the secret that nonces are made of; null: none is asked for. */
  readonly proofs: { readonly algorithms: readonly string[]; readonly nonceSecret: Buffer | null };
  readonly lifetimes: Lifetimes;
  /** When the request that is being answered arrived, in milliseconds since the epoch. Default: `now`. */
  readonly arrivedAt?: () => number;
  /** The first one signs; all are published. */
  readonly keys: KeyPairs;
  /** Marks codes and refresh tokens as issued here; all processes on one database have the same. */
  readonly markSecret: Buffer;
  /** Signs cookies. */
  readonly cookieKey: string;
  /** Where applications register themselves, below the issuer. Default: nowhere. */
  readonly registrationPath?: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Told of faults of the server; never of what a caller did wrong. */
  readonly onFault: (error: Error) => void;
}
