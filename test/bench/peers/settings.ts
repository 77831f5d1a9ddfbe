import { readFileSync } from 'node:fs';

/** What the harness tells a contender: the issuer of the tokens, their audience, and the key set. */
export const { issuer, audience, jwks } = JSON.parse(readFileSync(process.env['BENCH_TOKENS'] ?? '', 'utf8')) as {
  readonly issuer: string;
  readonly audience: string;
  readonly jwks: { readonly keys: readonly Record<string, string>[] };
};

export const port = Number(process.env['PORT'] ?? 4000);
