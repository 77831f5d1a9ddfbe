import { setTimeout } from 'node:timers/promises';
import type { Started } from './contenders.ts';
import { residentMiB } from './processor.ts';

/** The memory of a server without load, in MiB. */
export interface MemoryUse {
  /** Before the collection of garbage. */
  readonly residentMiB: number;
  /** After it. The runtime has then returned its free pages to the system. */
  readonly residentAfterMiB: number;
  /** What is in use after a forced collection of garbage: the heap and the contents of buffers. */
  readonly liveMiB: number;
}

/**
 * Measures the memory of a server that was started with its inspector. The server must have no load: how much garbage
 * waits under load depends on when the runtime collects it.
 *
 * @param pauseMs - the pause after which the server has closed the sockets of the load and written its log. Default: 500
 */
export async function memoryOf(server: Pick<Started, 'pid' | 'live'>, pauseMs = 500): Promise<MemoryUse> {
  await setTimeout(pauseMs);
  const before = residentMiB(server.pid);
  const { heap, buffers } = await server.live();
  const liveMiB = (heap + buffers) / 2 ** 20;
  return { residentMiB: before, residentAfterMiB: residentMiB(server.pid), liveMiB };
}
