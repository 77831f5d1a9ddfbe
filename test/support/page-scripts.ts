import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

/**
 * Checks that a page runs exactly these scripts: each script is in the page, and the policy allows only the hashes of
 * their texts.
 *
 * @param count - the number of scripts
 */
export function assertScripts({ response, html }: { response: Response; html: string }, count: number): void {
  const policy = response.headers.get('content-security-policy') ?? '';
  const texts = [...html.matchAll(/<script type="module">([^<]*)<\/script>/g)].map(([, text = '']) => text);
  assert.equal(texts.length, count);
  assert.equal(html.match(/<script/g)?.length ?? 0, count);
  const hashes = texts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  const [, sources = ''] = /script-src ([^;]*)/.exec(policy) ?? [];
  assert.equal(sources, hashes.join(' '));
  assert.match(policy, /^default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe|nonce|script-src-/);
  assert.doesNotMatch(html, /\son\w+=|javascript:/);
}
