import { explorerClientId, firstPartyClientId } from '../../identity/applications/first-party.ts';
import { findApplications } from '../../identity/applications/applications.ts';
import { issueOperatorToken, maxOperatorTokenSeconds } from '../../identity/operator-token.ts';
import type { Store } from '../../identity/store.ts';
import { parseScope } from '../../protocol/scope.ts';
import { shown } from '../../protocol/shown.ts';
import { runTask, type Tasks } from '../administer.ts';
import { accountNamed } from '../lookup.ts';
import { Misuse } from '../misuse.ts';

/** The scope of OpenID Connect. It gives an ID token, which this command does not make. */
const openid = 'openid';

const create: Tasks[string] = {
  options: {
    account: { type: 'string' },
    scope: { type: 'string', multiple: true },
    application: { type: 'string' },
    lifetime: { type: 'string' },
  },
  async task({ store, server, printer, changing, now }, { words, option, options, flag }) {
    words();
    const named = option('account');
    if (named === undefined) throw new Misuse('expected --account, the email address or the identifier of an account');
    const requested = scopesOf(options('scope'));
    const clientId = option('application') ?? firstPartyClientId;
    const lifetimeSeconds = lifetimeOf(option('lifetime')) ?? Math.min(server.accessSeconds, maxOperatorTokenSeconds);
    const { id: accountId } = await accountNamed(store, named);
    const scopes = requested.filter((name) => name !== openid);
    const made = await changing(
      (transaction) => issueOperatorToken(transaction, server, { accountId, clientId, scopes, lifetimeSeconds }, now()),
      ({ id, account, grant, ended }) => {
        const about = `grant ${grant.id} of account ${account.id} and client ID ${clientId}`;
        return [
          ['grant_given', `${about}, scopes: ${scopes.join(' ') || 'none'}`],
          ['token_issued', `access token ${id}, ${about}`],
          ...ended.map((oldest) => ['grant_revoked', `grant ${oldest.id}, the oldest of too many`] as const),
        ];
      },
    );
    const elsewhere = await otherPublicUrl(store, server.issuer);
    if (elsewhere !== null) {
      warn(
        `the servers on this database have the public URL ${elsewhere}, and this token is of ${server.issuer}; give this command their CLAIMGATE_PUBLIC_URL or PORT`,
      );
    }
    if (requested.includes(openid)) warn(`the scope ${openid} is left out, because this command makes no ID token`);
    if (!flag('json')) {
      process.stdout.write(`${made.accessToken}\n`);
      return;
    }
    printer.thing({
      accessToken: made.accessToken,
      tokenType: 'Bearer',
      id: made.id,
      grantId: made.grant.id,
      account: made.account.email,
      accountId,
      clientId,
      scopes,
      issuer: server.issuer,
      audience: made.audience,
      expiresAt: new Date(made.grant.expiresAt).toISOString(),
    });
  },
};

/** Issues an access token for an account, directly in the database, and prints it. @returns the exit code */
export function createToken(args: readonly string[]): Promise<number> {
  return runTask('token create', create, args);
}

function warn(message: string): void {
  process.stderr.write(`claimgate token create: warning: ${message}\n`);
}

function scopesOf(given: readonly string[] | undefined): readonly string[] {
  if (given === undefined) throw new Misuse('expected --scope, the scopes of the token, such as --scope "orders:read"');
  const scopes = given.flatMap((text) => {
    const parsed = parseScope(text);
    if (parsed) return parsed;
    throw new Misuse(`--scope "${shown(text)}": expected names of scopes with one space between them`);
  });
  return [...new Set(scopes)];
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 };

/** Reads a lifetime in seconds; undefined if none was given. @throws Misuse if it is malformed or too long */
function lifetimeOf(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const [, digits = '', unit = 's'] = /^(\d{1,9})([smh])?$/.exec(given) ?? [];
  const seconds = Number(digits) * (unitSeconds[unit] ?? 0);
  if (seconds >= 1 && seconds <= maxOperatorTokenSeconds) return seconds;
  throw new Misuse(
    `--lifetime ${shown(given)}: expected a number of seconds, or of minutes or hours such as 30m or 8h; at most ${maxOperatorTokenSeconds} (24h)`,
  );
}

/**
 * Finds the public URL of the servers on the database, if it differs from the configured one. Each start stores it in the
 * redirect URI of the explorer. @returns null if it is the same, or unknown because the explorer is off
 */
async function otherPublicUrl(store: Store, publicUrl: string): Promise<string | null> {
  const [explorer] = await findApplications(store, [explorerClientId]);
  const origin = URL.parse(explorer?.redirectUris[0] ?? '')?.origin;
  return origin === undefined || origin === publicUrl ? null : origin;
}
