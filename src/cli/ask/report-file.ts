import { open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Misuse } from '../misuse.ts';

/**
 * Checks where a report is written, before anything is read.
 *
 * @param option - the name of the option, for messages
 * @param mark - the beginning of each report. A file that begins with it is overwritten without a question
 * @param mayOverwrite - whether another file may be overwritten
 * @throws Misuse if the folder does not exist, or if the file exists and is no such report
 */
export async function checkReportFile(
  option: string,
  file: string,
  ending: string,
  mark: string,
  mayOverwrite: boolean,
): Promise<void> {
  if (!file.endsWith(ending)) throw new Misuse(`${option} ${file}: expected a file name that ends with ${ending}`);
  const path = resolve(file);
  const folder = await stat(dirname(path)).catch(() => null);
  if (!folder?.isDirectory()) throw new Misuse(`${option} ${file}: expected a folder that exists; found none`);
  const found = await stat(path).catch(() => null);
  if (!found) return;
  if (!found.isFile()) throw new Misuse(`${option} ${file}: expected a file; found a folder`);
  if (mayOverwrite || (await beginsWith(path, mark))) return;
  throw new Misuse(`${option} ${file}: the file exists and is no earlier report; to overwrite it, add --yes`);
}

async function beginsWith(path: string, mark: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(Buffer.byteLength(mark)), position: 0 });
    return buffer.toString('utf8', 0, bytesRead) === mark;
  } finally {
    await file.close();
  }
}

/** Writes a report completely, or not at all. @throws Misuse if the file cannot be written */
export async function writeReportFile(option: string, file: string, text: string): Promise<void> {
  const path = resolve(file);
  const complete = `${path}.${process.pid}.new`;
  try {
    await writeFile(complete, text, { flag: 'wx' });
    await rename(complete, path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    // A file of another program stays.
    if (code !== 'EEXIST') await rm(complete, { force: true });
    throw new Misuse(`${option} ${file}: expected a file that can be written; ${String(code)}`);
  }
}
