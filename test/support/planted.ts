import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { createExecutor } from '../../src/auth/execute/executor.ts';
import type { Engine } from '../properties/auth/engine.ts';
import type { Edit, Fault } from '../properties/auth/old-faults.ts';
import { root } from './process.ts';

/** A copy of the engine, with its executor of known documents. */
export interface PlantedEngine extends Engine {
  readonly createExecutor: typeof createExecutor;
}

/** Makes copies of the engine with planted faults. They stand in the repository, so that they find the same packages. */
export function plantedEngines() {
  let folder = '';

  /** Copies the engine and plants the fault in the copy. @returns the folder of the copy */
  async function plant(name: string, fault: Fault): Promise<string> {
    const copy = join(folder, name.replaceAll(/\W/g, '-'));
    for (const part of ['auth', 'protocol', 'error-kinds.ts', 'errors.ts', 'principal.ts'])
      await cp(join(root, 'src', part), join(copy, part), { recursive: true });
    const edits = typeof fault[0] === 'string' ? [fault as Edit] : (fault as readonly Edit[]);
    for (const [file, right, wrong] of edits) {
      const path = join(copy, 'auth', file);
      const source = await readFile(path, 'utf8');
      assert.equal(source.split(right).length, 2, `${file} has once: ${right}`);
      await writeFile(
        path,
        source.replace(right, () => wrong),
      );
    }
    return copy;
  }

  return {
    start: async (): Promise<void> => {
      await mkdir(join(root, 'data'), { recursive: true });
      folder = await mkdtemp(join(root, 'data/faults-'));
    },
    end: (): Promise<void> => rm(folder, { recursive: true, force: true }),
    plant,
    /** Loads a copy of the engine with a fault. */
    faulty: async (name: string, fault: Fault): Promise<PlantedEngine> => {
      const copy = await plant(name, fault);
      const load = async (path: string) => import(pathToFileURL(join(copy, path)).href);
      const { createGuardedSchema } = await load('auth/schema.ts');
      const { anonymous, makePrincipal } = await load('principal.ts');
      const { createExecutor } = await load('auth/execute/executor.ts');
      return { createGuardedSchema, anonymous, makePrincipal, createExecutor };
    },
  };
}
