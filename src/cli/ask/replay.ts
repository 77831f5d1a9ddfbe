import { type CallerHash, createCallerHash } from '../../auth/recorded/hash.ts';
import { StartError } from '../../errors.ts';
import { readServerConfig } from '../../server/configuration.ts';
import { readAllowed } from '../../tools/diff/allow.ts';
import { judgeReplay } from '../../tools/replay/allow.ts';
import { replayOf } from '../../tools/replay/replay.ts';
import { replayMarkdown } from '../../tools/replay/markdown.ts';
import { replayJson, replayText } from '../../tools/replay/report.ts';
import { refusedText } from '../../tools/replay/summary.ts';
import type { Traffic } from '../../tools/replay/traffic.ts';
import { oneLine } from '../../tools/report/table.ts';
import { Misuse } from '../misuse.ts';
import { ask } from './command.ts';
import { ownElements } from './own-elements.ts';
import { isProject, schemaOf, sourceNamed } from './project.ts';
import { chosenOf, recordedTraffic } from './recorded.ts';

/**
 * Prints how many of the recorded requests a proposed schema would deny, or let in.
 *
 * @returns the exit code: 0 no request would be denied anew or no longer be valid beside the accepted ones, 1 at least one, 2 wrong
 *   usage
 */
export function replay(args: readonly string[]): Promise<number> {
  const options = {
    markdown: { type: 'boolean', default: false },
    allow: { type: 'string' },
    client: { type: 'string', multiple: true },
    'not-client': { type: 'string', multiple: true },
  } as const;
  return ask('replay', options, args, async (context) => {
    const { words, option, all, flag, write, report, progress, paint, columns } = context;
    const [name, extra] = words;
    if (name === undefined) throw new Misuse('expected the proposed schema; found none');
    if (extra !== undefined)
      throw new Misuse(`expected one proposed schema; found another: ${extra}. The present one is --schema`);
    if (flag('json') && flag('markdown')) throw new Misuse('--json, --markdown: expected one of them');
    const choice = { only: all('client'), not: all('not-client') };
    if (choice.only.length > 0 && choice.not.length > 0) {
      throw new Misuse('--client, --not-client: expected one of them');
    }
    const file = option('allow');
    const allowed =
      file === undefined
        ? new Map<string, string>()
        : await readAllowed(file, process.cwd(), 'claimgate replay --json');
    const { config, faults } = await readServerConfig(process.env, process.cwd());
    if (faults.length > 0) throw new StartError(faults);
    const { encryptionKeys, denial } = config;
    if (!encryptionKeys) {
      throw new Misuse(
        'CLAIMGATE_KEY: expected the key of the servers, because what they have recorded are HMACs; it is not set',
      );
    }
    const hashes = encryptionKeys.map(createCallerHash);
    const traffic = chosenOf(await recordedTraffic(config), choice, report);
    checkKeys(traffic, hashes);
    const after = await sourceNamed(name, context);
    const before = await schemaOf(context);
    // Two projects have Claimgate's own fields. The SDL of a team does not have them, and neither do two such files.
    const areProjects = isProject(name) && isProject(option('schema'));
    const ownFields = areProjects ? new Set<string>() : await ownElements(config);
    const found = replayOf({ before, after }, traffic, {
      hashes,
      ownFields,
      strict: denial === 'reject',
      now: Date.now(),
      onProgress: (done, of) => progress.show(`Judging operation ${done + 1} of ${of} …`),
    });
    const judged = judgeReplay(found, allowed, (traffic.leftOut?.size ?? 0) > 0);
    const reported = { replay: found, traffic, judged, allowed };
    if (flag('json')) write(replayJson(reported));
    else write(flag('markdown') ? replayMarkdown(reported) : replayText(reported, paint, columns));
    for (const line of judged.stale) report(`${file}: ${line}`);
    const refused = refusedText(judged);
    if (refused === null) return 0;
    report(refused);
    return 1;
  });
}

/** @throws Misuse if no caller was recorded with a configured key. Nothing would then be denied, which would be no answer */
function checkKeys({ rows }: Traffic, hashes: readonly CallerHash[]): void {
  const recorded = new Set(rows.flatMap(({ caller }) => caller?.keyName ?? []));
  if (recorded.size === 0 || hashes.some(({ keyName }) => recorded.has(keyName))) return;
  throw new Misuse(
    `CLAIMGATE_KEY: expected the key of the servers; all callers were recorded with another key (${[...recorded].map(oneLine).join(', ')})`,
  );
}
