import { stat } from 'node:fs/promises';

/**
 * Calls a function after files have changed. It compares the state of the files at each interval, because a watch of the
 * operating system follows neither a replaced file nor a changed link (Kubernetes replaces a link to a folder). The
 * function is called when the state has stayed the same for one interval, so that a file is complete. Calls do not
 * overlap.
 *
 * @param initial - the state of the files when they were read
 * @param onFault - called if the function rejects. Must not throw
 * @param intervalMs - Default 1,000
 * @returns a function that ends this
 */
export function watchFiles(
  paths: readonly string[],
  initial: string,
  onChange: () => Promise<void>,
  onFault: (error: unknown) => void,
  intervalMs = 1_000,
): () => void {
  let handled = initial;
  let latest: string | null = null;
  let isBusy = false;

  async function look(): Promise<void> {
    const now = await filesState(paths);
    const isSettled = now === latest;
    latest = now;
    if (now === handled || !isSettled) return;
    handled = now;
    await onChange();
  }

  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    look()
      .catch(onFault)
      .finally(() => {
        isBusy = false;
      });
  }, intervalMs).unref();
  return () => clearInterval(timer);
}

/** Describes the state of files. It changes with the state of each file. */
export async function filesState(paths: readonly string[]): Promise<string> {
  return (await Promise.all(paths.map(stateOf))).join('\n');
}

/** Describes the state of a file. It changes if the file is written, replaced or removed, or if a link to it changes. */
async function stateOf(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
  } catch {
    return 'absent';
  }
}
