import { parseArgs } from 'node:util';
import { readServerConfig } from '../../server/configuration.ts';
import { backUpFile } from '../../store/backup/backup.ts';
import { isPostgres } from '../../store/database.ts';
import { Misuse } from '../misuse.ts';
import { createPrinter } from '../print.ts';
import { outcomeOf } from '../terminal/outcome.ts';

/** Copies the SQLite database of a server into a file. The server may be running. @returns the exit code */
export function backup(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { yes: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  return outcomeOf('backup', async () => {
    const [file, ...others] = positionals;
    if (file === undefined || others.length > 0) throw new Misuse('expected FILE, the path of the new backup');
    const { config, faults } = await readServerConfig(process.env, process.cwd());
    if (faults.length > 0) throw new Misuse(faults.join('\n  '));
    if (isPostgres(config.databaseUrl)) {
      throw new Misuse(
        'DATABASE_URL names a PostgreSQL database: expected a SQLite file; back up with pg_dump --format=custom --file=FILE "$DATABASE_URL"',
      );
    }
    const { path, bytes, migration, keysInClear } = backUpFile(config.databaseUrl, file, values.yes);
    createPrinter(values.json, (text) => process.stdout.write(text)).thing(
      { file: path, bytes, migration, keysInClear },
      `Backed up and checked. Back up CLAIMGATE_KEY and the configuration too, in another place.`,
    );
    if (keysInClear) {
      process.stderr.write(
        `claimgate backup: warning: ${path} holds private signing keys in clear, because the server has no CLAIMGATE_KEY. A person who reads the file can sign access tokens.\n`,
      );
    }
    return 0;
  });
}
