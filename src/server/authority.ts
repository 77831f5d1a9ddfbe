import type { AppOptions } from '../http/app.ts';
import type { NoticeTopic } from '../store/notices.ts';
import type { IssuerOptions } from '../token/issuers/options.ts';
import type { Revocations } from '../token/revocation/revocations.ts';

/** A source of trusted tokens: the embedded authorization server, or the foreign issuers. */
export interface Authority {
  readonly issuers: readonly IssuerOptions[];
  /** The revoked tokens. Absent for foreign issuers, because they do not report revocations. */
  readonly revocations?: Revocations;
  readonly parts: Pick<AppOptions, 'checks' | 'mounts' | 'around'>;
  /** Called when another process on the database has announced a change of a topic. Default: no-op. */
  readonly onNotice?: (topic: NoticeTopic) => void;
  readonly close: () => Promise<void>;
}
