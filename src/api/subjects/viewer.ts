import { verifiedPrincipal } from '../request/caller.ts';
import type { Resolvers } from '../generated.ts';
import type { OwnModule } from '../names/rename.ts';
import { sdl } from '../sdl.ts';

/** The last second that RFC 3339 can express. */
const lastSecond = 253_402_300_799;

const resolvers: Resolvers = {
  Query: { viewer: (_query, _arguments, context) => verifiedPrincipal(context) },
  Viewer: {
    scopes: ({ scopes }) => [...scopes].toSorted(),
    expiresAt: ({ expiresAt }) => new Date(Math.min(expiresAt, lastSecond) * 1000),
  },
};

/** Creates the module of `viewer`, the principal of the access token. */
export const viewerModule: OwnModule = { name: 'claimgate/viewer', typeDefs: sdl('viewer'), resolvers };
