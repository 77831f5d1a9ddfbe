import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { readBody } from '../request/body.ts';

/** Forms of ours are small: bytes. */
const sizeLimit = 10_000;

/**
 * Reads a form that a page of ours posted.
 *
 * @returns null if it is no form, too large, or was not posted from a page of this site
 */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams | null> {
  // Browsers since 2023 say where a request comes from (Fetch Metadata); the form token stands behind it for the others.
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return null;
  const body = await readBody(request, 'application/x-www-form-urlencoded', sizeLimit);
  return typeof body === 'string' ? null : new URLSearchParams(body.toString('utf8'));
}

/** The token that ties a form to one interaction and one of its steps, whose cookie only that browser has. */
export function formToken(key: string, interaction: string, step: string): string {
  return createHmac('sha256', key).update(`form ${step} ${interaction}`).digest('base64url');
}

/** Compares in constant time. */
export function isFormToken(value: string | null, key: string, interaction: string, step: string): boolean {
  const expected = Buffer.from(formToken(key, interaction, step));
  const actual = Buffer.from(value ?? '');
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}
