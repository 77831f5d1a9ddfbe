import { audience, issuer, jwks } from './settings.ts';
import { guards, resolvers, shopSdl } from './shop.ts';

// With BENCH_OPEN, no field has a rule: the comparison of authorization on and off.
const open = process.env['BENCH_OPEN'] === '1';
const scopes = new Set(Object.values(guards));

export default {
  issuers: [{ issuer, audiences: [audience], algorithms: ['ES256'], keys: { jwks } }],
  scopes: Object.fromEntries(
    [...scopes].filter((scope) => scope !== 'profile').map((scope) => [scope, { description: scope }]),
  ),
  modules: [
    {
      name: 'shop',
      typeDefs: open
        ? shopSdl((_, coordinate) => (coordinate.startsWith('Query.') ? '@public' : ''), '@public')
        : shopSdl((scope) => `@auth(scope: "${scope}")`, '@public'),
      resolvers,
    },
  ],
};
