import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort, type RunningProcess, run, temporaryFolder, until } from './process.ts';

const program = process.env['TINYPROXY_PATH'] ?? '/usr/bin/tinyproxy';

/** Why tests with a proxy are skipped; false if they run. With `REQUIRE_PROXY=1`, they are never skipped. */
export const withoutProxy: string | false =
  existsSync(program) || process.env['REQUIRE_PROXY'] === '1'
    ? false
    : `there is no ${program}: install Debian's package tinyproxy, or set TINYPROXY_PATH`;

export interface RunningProxy extends Pick<RunningProcess, 'output'> {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Starts tinyproxy, in the foreground and on loopback.
 *
 * @param upstreamPort the port of a further proxy, which reaches hosts that no name server knows
 * @param credentials the user and password that it requires; absent: none
 */
export async function startProxy(
  upstreamPort: number,
  credentials?: { readonly user: string; readonly password: string },
): Promise<RunningProxy> {
  const [port, folder] = [await freePort(), await temporaryFolder()];
  const file = join(folder.path, 'tinyproxy.conf');
  const lines = [
    `Port ${port}`,
    'Listen 127.0.0.1',
    'Timeout 60',
    'LogLevel Connect',
    'MaxClients 20',
    'ConnectPort 443',
    `Upstream http 127.0.0.1:${upstreamPort}`,
    ...(credentials ? [`BasicAuth ${credentials.user} ${credentials.password}`] : []),
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  const running = run(['-d', '-c', file], { program, cwd: folder.path });
  await until(
    () =>
      new Promise<boolean>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
        socket.once('connect', () => socket.destroy());
      }),
    20_000,
  ).catch(async (error: unknown) => {
    // If the process continued to run, the test file would not end.
    await running.stop('SIGKILL');
    throw new Error(running.output(), { cause: error });
  });
  return {
    port,
    output: () => running.output(),
    async stop() {
      await running.stop();
      await folder.remove();
    },
  };
}
