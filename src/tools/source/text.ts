import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { ToolFault } from '../report/fault.ts';

/** The largest number of bytes that a command reads from one argument. */
export const maxBytes: number = 64 * 1_048_576;

/**
 * Reads a file with text. It does not open a pipe or a device, because their end may never come.
 *
 * @param name - how messages show the file
 * @param hint - the end of the message if there is no such file, which says how to make it
 * @throws {ToolFault} if it is no file, cannot be read, has too many bytes, or is not text in UTF-8
 */
export async function readText(path: string, name: string, hint = ''): Promise<string> {
  const place = { file: name, line: null };
  const tooLarge = new ToolFault(place, `has more than ${maxBytes} bytes; expected a smaller file`);
  try {
    const found = await stat(path);
    if (!found.isFile()) {
      throw new ToolFault(place, `expected a file; found ${found.isDirectory() ? 'a folder' : 'a pipe or a device'}`);
    }
    if (found.size > maxBytes) throw tooLarge;
    const chunks: Buffer[] = [];
    // The file may grow while it is read.
    for await (const chunk of createReadStream(path, { end: maxBytes })) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    if (bytes.length > maxBytes) throw tooLarge;
    return decoded(bytes, name);
  } catch (error) {
    if (error instanceof ToolFault) throw error;
    if (codeOf(error) === 'ENOENT') throw new ToolFault(place, `there is no such file${hint}`);
    throw new ToolFault(place, `expected a file that can be read; found ${codeOf(error)}`);
  }
}

/** Decodes text in UTF-8. Other bytes are refused, because a name with them would become another name. */
export function decoded(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ToolFault({ file: name, line: null }, 'expected text in UTF-8; found other bytes');
  }
}

/** Returns the code of an error of the file system, such as `ENOENT`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'a fault';
}
