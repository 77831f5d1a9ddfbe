import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin, stop } from 'esbuild';
import type { Engine } from '../properties/auth/engine.ts';
import type { Edit, Fault } from '../properties/auth/old-faults.ts';
import { root } from './process.ts';

const engine = `export { createGuardedSchema } from './auth/schema.ts';
export { createExecutor } from './auth/execute/executor.ts';
export { anonymous, makePrincipal } from './principal.ts';`;

/**
 * Makes copies of the engine with planted faults. They stand in the repository, so that they find the same packages. A
 * copy is one file: Node.js loads it in a fraction of the time that the files of the engine need.
 */
export function plantedEngines() {
  let folder = '';

  /** Copies the engine and plants the fault in the copy. @returns the file of the copy */
  async function plant(name: string, fault: Fault): Promise<string> {
    const copy = join(folder, `${name.replaceAll(/\W/g, '-')}.mjs`);
    const edits = typeof fault[0] === 'string' ? [fault as Edit] : (fault as readonly Edit[]);
    const planted = new Set<string>();
    await build({
      stdin: { contents: engine, resolveDir: join(root, 'src'), loader: 'ts' },
      outfile: copy,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      logLevel: 'error',
      plugins: [planting(edits, planted)],
    });
    for (const [file] of edits) assert.ok(planted.has(file), `the engine has no file ${file}`);
    return copy;
  }

  return {
    start: async (): Promise<void> => {
      await mkdir(join(root, 'data'), { recursive: true });
      folder = await mkdtemp(join(root, 'data/faults-'));
    },
    end: async (): Promise<void> => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
    plant,
    /** Loads a copy of the engine with a fault. */
    faulty: async (name: string, fault: Fault): Promise<Engine> =>
      (await import(pathToFileURL(await plant(name, fault)).href)) as Engine,
  };
}

/** Makes edits in files of the engine while they are bundled. @param planted - the files are added to it */
function planting(edits: readonly Edit[], planted: Set<string>): Plugin {
  return {
    name: 'planting',
    setup(build) {
      build.onLoad({ filter: /\/src\/auth\/.*\.ts$/ }, async ({ path }) => {
        const here = edits.filter(([file]) => path === join(root, 'src/auth', file));
        if (here.length === 0) return undefined;
        let contents = await readFile(path, 'utf8');
        for (const [file, right, wrong] of here) {
          assert.equal(contents.split(right).length, 2, `${file} has once: ${right}`);
          contents = contents.replace(right, () => wrong);
          planted.add(file);
        }
        return { contents, loader: 'ts' };
      });
    },
  };
}
