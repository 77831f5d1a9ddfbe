import type { Config } from '../../config.ts';
import { listen } from '../../store/notices.ts';
import { sessionAddress } from '../database-faults.ts';
import { keepSwept } from '../housekeeping.ts';
import type { Trusted } from './authorities.ts';
import type { Foundation } from './foundation.ts';

/** What runs beside the requests. */
export interface Background {
  /** Hears no more of what other processes on the database change. */
  readonly stopListening: () => Promise<void>;
  /** Deletes no more expired rows. */
  readonly stopSweeping: () => void;
}

/** Starts to delete expired rows, to write the audit trail, and to hear what other processes on the database change. */
export async function startBackground(
  config: Config,
  { store, log, audit }: Foundation,
  { authorities }: Trusted,
): Promise<Background> {
  const sweeper = keepSwept(config, store, log);
  audit.start();
  const session = await sessionAddress(config, (sentence) => log.warn(sentence));
  const stopListening = listen(session, {
    onNotice(topic) {
      if (topic === 'audit_events') audit.feed.wake();
      for (const authority of authorities) authority.onNotice?.(topic);
    },
    onFault: (error) =>
      log.warn({ err: error }, 'notices of the database are not heard: what is new is found by looking'),
  });
  return { stopListening, stopSweeping: () => clearInterval(sweeper) };
}
