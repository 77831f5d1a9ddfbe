import type { AuditRecorder } from '../../audit/recorder.ts';
import { knownWithinMs, type KeySettings, rotateSigningKey, rotationDetail } from '../../identity/keys/rotation.ts';
import type { Page, PageOf, Store } from '../../identity/store.ts';
import { changedFact, changingIn } from '../changed.ts';
import { pageOf, toConnection } from '../relay/connection.ts';
import type { Resolvers } from '../generated.ts';
import { toGlobalId } from '../relay/global-id.ts';
import type { OwnModule } from '../names/rename.ts';
import type { OwnNames } from '../names/own-names.ts';
import { sdl } from '../sdl.ts';
import type { SigningKeyRecord } from './signing-key-records.ts';

interface SigningKeysOptions {
  readonly store: Store;
  readonly names: OwnNames;
  readonly records: () => Promise<SigningKeyRecord[]>;
  readonly settings: KeySettings & {
    /** How long a new key is published before it signs, in milliseconds. */
    readonly publishedForMs: number;
  };
  readonly recorder: AuditRecorder | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Creates the module of `signingKeys`, `rotateSigningKey` and the type `SigningKey`. */
export function signingKeysModule({ store, records, settings, names, recorder, now }: SigningKeysOptions): OwnModule {
  const changing = changingIn(store, recorder);
  const resolvers: Resolvers = {
    Query: {
      async signingKeys(_query, pageArguments) {
        const page = pageOf(pageArguments);
        return toConnection(page, pageAmong(await records(), page));
      },
    },
    Mutation: {
      async rotateSigningKey(_mutation, { input }, context, info) {
        const { publishedForMs } = settings;
        const rotation = {
          now: now(),
          publishedForMs: input.now ? knownWithinMs : publishedForMs,
          withdraw: input.withdraw ?? false,
        };
        const type = input.withdraw ? 'key_retired' : 'key_published';
        const result = await changing(
          (transaction) => rotateSigningKey(transaction, settings, rotation),
          (made) => (made.is === 'rotated' ? changedFact(type, context, info, rotationDetail(made)) : null),
        );
        const kid = result.is === 'young' ? undefined : result.key.kid;
        const signingKey = (await records()).find((key) => key.kid === kid);
        if (!signingKey) throw new Error('a key that was made is gone');
        return { signingKey };
      },
    },
    SigningKey: {
      id: ({ id }) => toGlobalId(names.type('SigningKey'), id),
      createdAt: ({ createdAt }) => new Date(createdAt),
      signsFrom: ({ signsFrom }) => new Date(signsFrom),
      publishedUntil: ({ publishedUntil }) => (publishedUntil === null ? null : new Date(publishedUntil)),
    },
    SigningKeyState: { PUBLISHED: 'published', SIGNING: 'signing', RETIRED: 'retired', WITHDRAWN: 'withdrawn' },
  };
  return { name: 'claimgate/signing-keys', typeDefs: sdl('signing-keys'), resolvers };
}

/** Returns a page of the keys. All keys are read first, because the state of each key depends on the other keys. */
function pageAmong(keys: readonly SigningKeyRecord[], { first, after }: Page): PageOf<SigningKeyRecord> {
  const newestFirst = keys.toSorted((one, other) => other.createdAt - one.createdAt || (one.id < other.id ? 1 : -1));
  const rest = after
    ? newestFirst.filter(
        ({ createdAt, id }) => createdAt < after.createdAt || (createdAt === after.createdAt && id < after.id),
      )
    : newestFirst;
  return { items: rest.slice(0, first), hasNextPage: rest.length > first };
}
