import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { readRequestBody } from '../request/body.ts';

/** The largest form that is read by default, in bytes. */
const defaultMaxBytes = 10_000;

/**
 * Reads a form that one of our pages posted.
 *
 * @param maxBytes the largest form that is read. Default: 10,000
 * @returns null if the body is not a form, if it is too large or incomplete, or if the browser states that a page of
 *   another origin posted it
 */
export async function readForm(
  request: IncomingMessage,
  maxBytes: number = defaultMaxBytes,
): Promise<URLSearchParams | null> {
  // Browsers since 2023 send this header (Fetch Metadata). In other browsers, only the form token protects the form.
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return null;
  const body = await readRequestBody(request, 'application/x-www-form-urlencoded', maxBytes);
  return typeof body === 'string' ? null : new URLSearchParams(body.toString('utf8'));
}

/**
 * Returns the form token of one step of an interaction. It is not valid for other steps or interactions.
 *
 * @param interaction the identifier of the interaction; for the account page, of the session
 */
export function formToken(key: string, interaction: string, step: string): string {
  return createHmac('sha256', key).update(`form ${step} ${interaction}`).digest('base64url');
}

/** Whether the value is the token of the form. Compares in constant time. */
export function isFormToken(value: string | null, key: string, interaction: string, step: string): boolean {
  const expected = Buffer.from(formToken(key, interaction, step));
  const actual = Buffer.from(value ?? '');
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}
