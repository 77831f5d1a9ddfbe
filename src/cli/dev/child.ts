import { startAndReport } from '../start/start.ts';
import { hearStopSignals } from '../start/stop-signals.ts';
import type { FromServer, ToServer } from './messages.ts';

/**
 * Waits for the message to start, and then starts the server. The program is loaded before the message arrives.
 * Therefore a start takes less time. The configuration is loaded after the message.
 *
 * @returns the exit code
 */
export async function serveWhenAsked(): Promise<number> {
  hearStopSignals();
  // If the command is killed, its servers must not keep the port.
  process.once('disconnect', () => process.exit(0));
  const { isFirst } = await new Promise<ToServer>((resolve) => process.once('message', resolve));
  const code = await startAndReport(process.stdout.isTTY && isFirst);
  if (code === 0) send({ is: 'ready' });
  // Without this, the channel would keep the process running.
  else process.disconnect();
  return code;
}

function send(message: FromServer): void {
  process.send?.(message);
}
