import { type AuditType, auditTypes } from '../audit/event-types.ts';
import { type AuditEvent, type AuditFilter, listAuditEvents } from '../audit/trail.ts';
import { createAuditFeed } from '../audit/feed.ts';
import { atDesk, type Desk, type Given } from './administer.ts';
import { accountOf } from './lookup.ts';
import { Misuse } from './misuse.ts';
import { nearestHint } from '../protocol/nearest.ts';

/** How many events are shown where nothing else is said, and how many may be asked for. */
const usualCount = 50;
const largestCount = 10_000;

const options = {
  type: { type: 'string' },
  account: { type: 'string' },
  coordinate: { type: 'string' },
  last: { type: 'string' },
  follow: { type: 'boolean' },
} as const;

/** The audit trail, as the database has it. @returns the exit code */
export function audit(args: readonly string[]): Promise<number> {
  return atDesk('audit', { options, task: show }, args);
}

/** The newest events, the oldest of them first; then, where it shall follow, what comes, until it is interrupted. */
async function show({ store, printer }: Desk, { words, option, flag }: Given): Promise<void> {
  words();
  const account = option('account');
  const filter = {
    type: typeOf(option('type')),
    coordinate: option('coordinate'),
    // Events outlive accounts: an identifier need not be one any more.
    accountId: account?.includes('@') ? (await accountOf(store, account)).id : account,
  };
  const first = countOf(option('last') ?? String(usualCount));
  const feed = createAuditFeed({ store, everySecond, onFault: warn });
  // Begun before the list is read, so that between the two nothing is missed.
  const coming = flag('follow') ? await feed.follow() : undefined;
  const { items } = await listAuditEvents(store, filter, { first, after: null });
  for (const event of items.toReversed()) printer.row(told(event));
  if (!coming) return;
  const shown = Number(items[0]?.id ?? 0);
  process.once('SIGINT', () => feed.close());
  process.once('SIGTERM', () => feed.close());
  for await (const event of coming) {
    if (Number(event.id) > shown && matches(event, filter)) printer.row(told(event));
  }
}

function told({ id, createdAt, type, outcome, count, coordinate, accountId, clientId, detail }: AuditEvent) {
  return { at: new Date(createdAt).toISOString(), id, type, outcome, count, coordinate, accountId, clientId, detail };
}

function matches(event: AuditEvent, { type, coordinate, accountId }: AuditFilter): boolean {
  return (
    (type === undefined || event.type === type) &&
    (coordinate === undefined || event.coordinate === coordinate) &&
    (accountId === undefined || event.accountId === accountId)
  );
}

function typeOf(given: string | undefined): AuditType | undefined {
  if (given === undefined) return undefined;
  // As the API has it, or as the database does.
  const found = auditTypes.find((type) => type === given.toLowerCase());
  if (!found) throw new Misuse(`--type: expected one of ${auditTypes.join(', ')}${nearestHint(given, auditTypes)}`);
  return found;
}

function countOf(given: string): number {
  const count = Number(given);
  if (/^\d+$/.test(given) && count >= 1 && count <= largestCount) return count;
  throw new Misuse(`--last: expected 1 to ${largestCount.toLocaleString('en')}`);
}

function everySecond(work: () => void): () => void {
  const timer = setInterval(work, 1_000);
  return () => clearInterval(timer);
}

function warn(error: unknown): void {
  process.stderr.write(
    `claimgate audit: events cannot be read: ${error instanceof Error ? error.message : 'unknown'}\n`,
  );
}
