import type { AppOptions } from '../http/app.ts';
import type { Topic } from '../store/notices.ts';
import type { IssuerOptions } from '../token/issuers/issuer.ts';
import type { Revocations } from '../token/revocation/revocations.ts';

/** Whom the rest trusts: ourselves, or issuers elsewhere. */
export interface Authority {
  readonly issuers: readonly IssuerOptions[];
  /** What was revoked; absent where nobody tells us. */
  readonly revocations?: Revocations;
  readonly parts: Pick<AppOptions, 'checks' | 'mounts' | 'around'>;
  /** Hears what other processes on the database say is new. */
  readonly onNotice?: (topic: Topic) => void;
  readonly close: () => Promise<void>;
}
