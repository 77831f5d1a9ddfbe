import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Config } from '../../config.ts';
import { readServerConfig } from '../../server/configuration.ts';
import { endRestored, restoreFile } from '../../server/restore.ts';
import { isPostgres, printableUrl } from '../../store/database.ts';
import { databasePath } from '../../store/sqlite/location.ts';
import { Misuse } from '../misuse.ts';
import { createPrinter } from '../print.ts';
import { confirm } from '../terminal/confirm.ts';
import { outcomeOf } from '../terminal/outcome.ts';

/**
 * Restores the SQLite database of a server from a backup. With `--already-restored`, only ends what was issued before
 * in a database that another program has restored. @returns the exit code
 */
export function restore(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      yes: { type: 'boolean', default: false },
      'already-restored': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  return outcomeOf('restore', async () => {
    const already = values['already-restored'];
    if (positionals.length !== (already ? 0 : 1))
      throw new Misuse('expected FILE, the path of a backup; or --already-restored without a file');
    const { config, faults } = await readServerConfig(process.env, process.cwd());
    if (faults.length > 0) throw new Misuse(faults.join('\n  '));
    const { restoredAt, ...ended } = already
      ? await endIn(config, values.yes)
      : await restoreFrom(config, positionals[0] ?? '', values.yes);
    createPrinter(values.json, (text) => process.stdout.write(text)).thing(
      { database: printableUrl(config.databaseUrl), restoredAt: new Date(restoredAt).toISOString(), ...ended },
      'Restored. All codes, refresh tokens, sign-in sessions and access tokens from before have ended, and people allow their applications again. ' +
        'Accounts, roles, passwords, applications and client secrets are as in the backup: repeat what you changed after it, such as a disabled account or a rotated secret.',
    );
    return 0;
  });
}

async function restoreFrom(config: Config, file: string, yes: boolean) {
  const { databaseUrl } = config;
  if (isPostgres(databaseUrl)) {
    throw new Misuse(
      'DATABASE_URL names a PostgreSQL database: expected a SQLite file; restore with pg_restore, and then run claimgate restore --already-restored',
    );
  }
  if (!existsSync(file)) throw new Misuse(`there is no file ${file}: expected a file that claimgate backup made`);
  const path = databasePath(databaseUrl);
  const isThere = existsSync(path);
  if (isThere) await confirm(`The database ${path} is replaced with the backup, and its content is lost.`, yes);
  return restoreFile(config, file, isThere, Date.now);
}

async function endIn(config: Config, yes: boolean) {
  const name = printableUrl(config.databaseUrl);
  await confirm(`Every sign-in, grant and token in ${name} ends.`, yes);
  return endRestored(config, Date.now);
}
