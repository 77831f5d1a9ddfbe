/**
 * Writes the packages into the folder `dist`, or into the folder that is given as argument. Run by `npm run build`.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePackages } from './write.ts';

const [folder = fileURLToPath(new URL('../../dist', import.meta.url))] = process.argv.slice(2);
await writePackages(resolve(folder));
