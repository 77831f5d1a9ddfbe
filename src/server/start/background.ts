import type { Config } from '../../config.ts';
import { listenForNotices } from '../../store/notices.ts';
import { sessionAddress } from '../database-faults.ts';
import { startSweeper } from '../housekeeping.ts';
import type { TrustedIssuers } from './authorities.ts';
import type { Foundation } from './foundation.ts';

/** The background work of the server. */
export interface Background {
  /** Stops listening for changes by other processes on the database. */
  readonly stopListening: () => Promise<void>;
  /** Stops deleting expired rows. */
  readonly stopSweeping: () => void;
}

/**
 * Starts the background work. It deletes expired rows, writes the audit trail, and listens for changes by other
 * processes on the database.
 */
export async function startBackground(
  config: Config,
  { store, log, audit }: Foundation,
  { authorities }: TrustedIssuers,
): Promise<Background> {
  const sweeper = startSweeper(config, store, log);
  audit.start();
  const session = await sessionAddress(config, (sentence) => log.warn(sentence));
  const stopListening = listenForNotices(session, {
    onNotice(topic) {
      if (topic === 'audit_events') audit.feed.wake();
      for (const authority of authorities) authority.onNotice?.(topic);
    },
    onFault: (error) =>
      log.warn({ err: error }, 'notices of the database do not arrive: changes are found by reading once a second'),
  });
  return { stopListening, stopSweeping: () => clearInterval(sweeper) };
}
