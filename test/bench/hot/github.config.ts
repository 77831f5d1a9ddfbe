import { readFileSync } from 'node:fs';

// GitHub's public schema with rules, which `start-up.ts` has written into a file.
const scopes = [
  'repo',
  'public_repo',
  'read:org',
  'read:user',
  'user:email',
  'gist',
  'read:audit',
  'workflow',
  'project',
  'security_events',
  'write:stars',
];

export default {
  identityApi: { prefix: 'Claimgate' },
  scopes: Object.fromEntries(scopes.map((scope) => [scope, { description: scope }])),
  modules: [{ name: 'github', typeDefs: readFileSync(process.env['BENCH_SDL'] ?? '', 'utf8') }],
};
