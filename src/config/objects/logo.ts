import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Logo, LogoType } from '../../provider/pages/appearance.ts';
import { nearestHint } from '../../protocol/nearest.ts';
import { shown } from '../../protocol/shown.ts';

/** The size of a logo, in bytes. Each page loads the logo. */
const maxBytes = 262_144;

const formats = 'a PNG, JPEG, WebP or SVG file';

/**
 * Reads a logo. Its content decides the type, not the ending of its name.
 *
 * @param path - an absolute path
 * @returns the logo; a fault if the file is not a picture, or cannot be read
 */
export function readLogo(path: string): Logo | string {
  const expected = `appearance.logo: expected ${formats} of at most ${maxBytes} bytes`;
  try {
    const content = contentOf(path);
    if (typeof content === 'string') return `${expected}; ${shown(path)} ${content}`;
    const type = typeOf(content);
    return typeof type === 'object' ? { type: type.is, content } : `${expected}; ${shown(path)} ${type}`;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ENOENT') return `${expected}; ${shown(path)} cannot be read (${String(code ?? error)})`;
    return `${expected}; there is no file ${shown(path)}${nearestHint(basename(path), namesIn(dirname(path)))}`;
  }
}

/** Returns the content of a file, or what is wrong with it. */
function contentOf(path: string): Buffer | string {
  // Without O_NONBLOCK, opening a named pipe would wait for its writer.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = fstatSync(file);
    if (!found.isFile()) return `is ${found.isDirectory() ? 'a folder' : 'not a regular file'}`;
    return found.size > maxBytes ? `has ${found.size} bytes` : readFileSync(file);
  } finally {
    closeSync(file);
  }
}

/** The first bytes of a picture in hexadecimal digits. */
const signatures: readonly (readonly [type: LogoType, pattern: RegExp])[] = [
  ['image/png', /^89504e470d0a1a0a0000000d49484452/],
  ['image/jpeg', /^ffd8ff/],
  ['image/webp', /^52494646.{8}57454250/],
];

const svgNamespace = 'http://www.w3.org/2000/svg';

/** Returns the type of a picture, or what is wrong with the content. */
function typeOf(content: Buffer): { readonly is: LogoType } | string {
  const start = content.toString('hex', 0, 16);
  const [type] = signatures.find(([, pattern]) => pattern.test(start)) ?? [];
  if (type) return { is: type };
  if (!isSvg(content)) return 'has other content';
  if (content.includes(svgNamespace)) return { is: 'image/svg+xml' };
  return `is an SVG document that browsers do not show as a picture: its element svg needs xmlns="${svgNamespace}"`;
}

/** What may be before the root element of an XML document: white space, declarations and comments. */
const prolog = /^(?:\s+|<\?[^>]*\?>|<!--(?:(?!-->).)*-->|<!DOCTYPE[^>[]*(?:\[[^\]]*\]\s*)?>)/s;

function isSvg(content: Buffer): boolean {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return false;
  }
  for (let found = prolog.exec(text); found; found = prolog.exec(text)) text = text.slice(found[0].length);
  return /^<svg[\s/>]/.test(text);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
