import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { type ListedKey, openKeys, type OpenedKeys } from '../server.ts';

/** Lists or replaces the signing keys on the database of this configuration, beside a running server. @returns the exit code */
export async function key(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      now: { type: 'boolean', default: false },
      withdraw: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const [verb, ...others] = positionals;
  if (others.length > 0 || (verb !== 'list' && verb !== 'rotate')) return complain('expected list or rotate', 2);
  if (verb === 'list' && (values.now || values.withdraw)) return complain('--now and --withdraw belong to rotate', 2);
  const { config, faults } = await readConfig(process.env, process.cwd());
  if (faults.length > 0) return complain(faults.join('\n  '), 2);
  let keys: OpenedKeys | undefined;
  try {
    keys = await openKeys(config);
    if (verb === 'rotate') process.stdout.write(await rotate(keys, values));
    const listed = await keys.list();
    if (verb === 'list') process.stdout.write(values.json ? `${JSON.stringify(listed, null, 2)}\n` : table(listed));
    return 0;
  } catch (error) {
    return complain(error instanceof Error ? error.message : String(error), 1);
  } finally {
    await keys?.close();
  }
}

async function rotate(keys: OpenedKeys, { now, withdraw }: { now: boolean; withdraw: boolean }): Promise<string> {
  const result = await keys.rotate({ now, withdraw });
  if (result.is === 'pending') {
    return `A key waits to sign already: ${result.kid} signs from ${result.signsFrom}. Nothing was made; --now makes it sign in two seconds.\n`;
  }
  const withdrawn = withdraw
    ? 'The key that signed until now is withdrawn: what it signed is refused within two seconds.\n'
    : '';
  return `${withdrawn}${result.kid} (${result.alg}) ${withdraw ? 'signs now' : `is published, and signs from ${result.signsFrom}`}. Running servers know it within two seconds.\n`;
}

function table(keys: readonly ListedKey[]): string {
  const rows = keys.map(({ kid, alg, state, signsFrom, publishedUntil }) =>
    [state.padEnd(9), alg.padEnd(5), signsFrom, (publishedUntil ?? 'no end is set').padEnd(24), kid].join('  '),
  );
  return `${['state    ', 'alg  ', 'signs from              ', 'published until         ', 'kid'].join('  ')}\n${rows.join('\n')}\n`;
}

function complain(what: string, code: number): number {
  process.stderr.write(`claimgate key: ${what}\n`);
  return code;
}
