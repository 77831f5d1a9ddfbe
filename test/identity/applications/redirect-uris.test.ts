import assert from 'node:assert/strict';
import { it } from 'node:test';
import { redirectUriFault } from '../../../src/identity/applications/redirect-uris.ts';

const good = [
  ['https://app.example/callback', 'web'],
  ['https://app.example/callback?tenant=1', 'web'],
  ['https://app.example/callback', 'native'],
  ['http://127.0.0.1/callback', 'native'],
  ['http://[::1]:8080/callback', 'native'],
  ['com.example.app:/callback', 'native'],
] as const;

const bad = [
  ['/callback', 'web'],
  ['http://app.example/callback', 'web'],
  ['http://127.0.0.1/callback', 'web'],
  ['https://app.example/#fragment', 'web'],
  ['https://app.example/#', 'web'],
  ['https://user:pass@app.example/', 'web'],
  ['javascript:alert(1)', 'native'],
  ['data:text/html,x', 'native'],
  ['http://localhost/callback', 'native'],
  ['http://127.0.0.1.evil.example/callback', 'native'],
  ['myapp:/callback', 'native'],
  ['com.example.app:/callback', 'web'],
  ['', 'native'],
  ['https://evil.example\\@good.example/', 'web'],
  ['https:\\\\evil.example/', 'web'],
  ['https:evil.example/callback', 'web'],
  ['https:/evil.example/callback', 'web'],
  ['https:///evil.example/callback', 'web'],
  ['http:127.0.0.1/callback', 'native'],
  ['https://app.example/{tenant}', 'web'],
] as const;

for (const [uri, type] of good)
  it(`accepts ${uri} for a ${type} application`, () => assert.equal(redirectUriFault(uri, type), null));
for (const [uri, type] of bad)
  it(`refuses ${uri} for a ${type} application`, () => assert.ok(redirectUriFault(uri, type)));
