import type { AppOptions } from '../http/app.ts';
import type { IssuerOptions } from '../token/issuer.ts';

/** What the rest is wired to: ourselves, or one foreign issuer. */
export interface Authority {
  readonly issuer: IssuerOptions;
  readonly parts: Pick<AppOptions, 'checks' | 'mounts'>;
  readonly close: () => Promise<void>;
}
