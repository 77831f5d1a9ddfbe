import { type AuditType, auditTypes } from '../audit/event-types.ts';
import { type AuditEvent, type AuditFilter, listAuditEvents } from '../audit/trail.ts';
import { createAuditFeed } from '../audit/feed.ts';
import { runTask, type CommandContext, type TaskArguments } from './administer.ts';
import { accountNamed } from './lookup.ts';
import { Misuse } from './misuse.ts';
import { nearestHint } from '../protocol/nearest.ts';

/** How many events are shown by default. */
const defaultCount = 50;
/** The largest value of `--last`. */
const maxCount = 10_000;

const options = {
  type: { type: 'string' },
  account: { type: 'string' },
  coordinate: { type: 'string' },
  last: { type: 'string' },
  follow: { type: 'boolean' },
} as const;

/** Prints the audit trail in the database. @returns the exit code */
export function audit(args: readonly string[]): Promise<number> {
  return runTask('audit', { options, task: show }, args);
}

/**
 * Prints the newest events in the order in which they were written. With `--follow`, it then prints each new event
 * until the command is interrupted.
 */
async function show({ store, printer }: CommandContext, { words, option, flag }: TaskArguments): Promise<void> {
  words();
  const account = option('account');
  const filter = {
    type: typeOf(option('type')),
    coordinate: option('coordinate'),
    // Events of deleted accounts stay in the database. Therefore an account ID is not looked up.
    accountId: account?.includes('@') ? (await accountNamed(store, account)).id : account,
  };
  const first = countOf(option('last') ?? String(defaultCount));
  const feed = createAuditFeed({ store, everySecond, onFault: warn });
  // The feed starts before the list is read. Otherwise the command could miss an event between the two.
  const newEvents = flag('follow') ? await feed.follow() : undefined;
  const { items } = await listAuditEvents(store, filter, { first, after: null });
  for (const event of items.toReversed()) printer.row(recordOf(event));
  if (!newEvents) return;
  const shown = Number(items[0]?.id ?? 0);
  process.once('SIGINT', () => feed.close());
  process.once('SIGTERM', () => feed.close());
  for await (const event of newEvents) {
    if (Number(event.id) > shown && matches(event, filter)) printer.row(recordOf(event));
  }
}

function recordOf({ id, createdAt, type, outcome, count, coordinate, accountId, clientId, detail }: AuditEvent) {
  return { at: new Date(createdAt).toISOString(), id, type, outcome, count, coordinate, accountId, clientId, detail };
}

function matches(event: AuditEvent, { type, coordinate, accountId }: AuditFilter): boolean {
  return (
    (type === undefined || event.type === type) &&
    (coordinate === undefined || event.coordinate === coordinate) &&
    (accountId === undefined || event.accountId === accountId)
  );
}

/**
 * Reads the option `--type`. The API has types in upper case, the database in lower case. Both are accepted. Undefined
 * without the option.
 */
function typeOf(text: string | undefined): AuditType | undefined {
  if (text === undefined) return undefined;
  const found = auditTypes.find((type) => type === text.toLowerCase());
  if (!found) throw new Misuse(`--type: expected one of ${auditTypes.join(', ')}${nearestHint(text, auditTypes)}`);
  return found;
}

function countOf(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= maxCount) return count;
  throw new Misuse(`--last: expected 1 to ${maxCount.toLocaleString('en')}`);
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
