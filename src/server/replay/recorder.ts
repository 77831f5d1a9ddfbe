import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { OperationCheck } from '../../auth/operation-check.ts';
import type { OperationRequest } from '../../auth/guarded-schema.ts';
import type { CallerHash } from '../../auth/recorded/hash.ts';
import type { Principal } from '../../principal.ts';
import type { ClaimPath } from '../../protocol/claim-path.ts';
import type { CountedRequests, RequestBatch, StoredShape } from '../../store/recorded/write.ts';
import { dayOf } from '../../store/recorded/sweep.ts';
import type { UnrecordedReason } from '../../store/tables/recorded.ts';
import { createCallers } from './callers.ts';
import { replayCaches } from './caches.ts';
import { shapeOf } from './shape.ts';
import { createVariedClaims } from './varied-claims.ts';

/** Counts requests in memory, by shape, kind of caller and client. */
export interface RequestRecorder {
  /** The check that counts an operation. It lets every operation through, and never throws. */
  readonly check: OperationCheck;
  /**
   * Takes back the last count, in the turn in which the check has made it: the operation will be checked again. Otherwise it
   * would count twice.
   */
  takeBack(): void;
  /** Returns what was counted since the last call, and begins again. `null`: nothing was counted. */
  take(): RequestBatch | null;
  /** How many different requests are counted. */
  readonly entries: number;
  /** Adds a batch that could not be written. What exceeds the bounds counts as not recorded. */
  putBack(batch: RequestBatch): void;
}

/** The bounds of what is counted in memory until it is written. */
const windowBounds = { rows: replayCaches.replayCounters.entries, characters: 8 * 1024 * 1024, clientCharacters: 256 };
/** The bounds of what makes equal requests fast. What is beyond them is forgotten, and found again. */
const rememberedBounds = { characters: 8 * 1024 * 1024, pairs: 20_000 };

/** The options of `createRequestRecorder`. */
export interface RequestRecorderOptions {
  readonly schema: GraphQLSchema;
  readonly hash: CallerHash;
  /** The claims whose values are recorded even if many values differ. */
  readonly shownClaims: readonly ClaimPath[];
  /** The name of `schemaRules`. Operations that read only it and introspection are not recorded. Default: none. */
  readonly rulesField?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Requests that are counted. It is a class so that all of them have one shape in V8. */
class Counter implements CountedRequests {
  readonly shape: StoredShape;
  readonly caller: CountedRequests['caller'];
  readonly clientId: string | null;
  count = 0;

  constructor({ shape, caller, clientId }: Omit<CountedRequests, 'count'>) {
    this.shape = shape;
    this.caller = caller;
    this.clientId = clientId;
  }
}

/** A shape that is not recorded, or the reason why. */
type FoundShape = StoredShape | UnrecordedReason | null;

/** Whether a client ID can be stored as it is. PostgreSQL stores no NUL, and a foreign issuer can write any client ID. */
function isStorableId(clientId: string): boolean {
  return clientId.length <= windowBounds.clientCharacters && clientId.isWellFormed() && !/\p{Cc}/u.test(clientId);
}

/** Makes the recorder. A request that was counted before costs three lookups. */
export function createRequestRecorder({
  schema,
  hash,
  shownClaims,
  rulesField,
  now,
}: RequestRecorderOptions): RequestRecorder {
  const varied = createVariedClaims(shownClaims);
  const callers = createCallers(hash, (path, text) => varied.isHidden(path, text));
  let shapes = new WeakMap<DocumentNode, Map<string | null, FoundShape>>();
  /** The size of `shapes`: a document that stays in a cache keeps the shapes of all its operations. */
  let shapeCharacters = 0;
  /** The counters of this window, by the objects of the request. */
  let known = new WeakMap<Principal, Map<FoundShape, Counter>>();
  /** The pairs in `known`. Many documents can have equal shapes, so that there can be more pairs than counters. */
  let pairs = 0;
  /** All counters of this window. */
  let counters = new Map<string, Counter>();
  let usedByClient = new Map<string | null, { readonly rows: number; readonly characters: number }>();
  let unrecorded = new Map<UnrecordedReason, number>();
  let characters = 0;
  let latest: Counter | UnrecordedReason | null = null;

  function lose(reason: UnrecordedReason, count = 1): void {
    unrecorded.set(reason, (unrecorded.get(reason) ?? 0) + count);
  }

  /** Returns the counter of equal requests. `null`: a bound is reached. */
  function counterOf(requests: Omit<CountedRequests, 'count'>): Counter | null {
    const { shape, caller, clientId } = requests;
    const key = JSON.stringify([shape.id, caller?.id, clientId]);
    const found = counters.get(key);
    if (found) return found;
    const size = shape.document.length + (caller?.facts.length ?? 0);
    // Requests without a token have no place in common with the requests of tokens without a client.
    const group = caller ? (clientId ?? '') : null;
    const used = usedByClient.get(group) ?? { rows: 0, characters: 0 };
    // One client, and all callers without a token together, have at most a half.
    if (
      counters.size >= windowBounds.rows ||
      characters + size > windowBounds.characters ||
      used.rows >= windowBounds.rows / 2 ||
      used.characters + size > windowBounds.characters / 2
    ) {
      return null;
    }
    const made = new Counter(requests);
    counters.set(key, made);
    usedByClient.set(group, { rows: used.rows + 1, characters: used.characters + size });
    characters += size;
    return made;
  }

  function begin(principal: Principal, shape: FoundShape): void {
    if (shape === null) return;
    if (typeof shape === 'string') {
      lose(shape);
      latest = shape;
      return;
    }
    const clientId = principal.kind === 'anonymous' ? null : principal.clientId;
    const isStorable = clientId === null || isStorableId(clientId);
    const caller = principal.kind === 'anonymous' ? null : callers.of(principal, now());
    const counter = isStorable ? counterOf({ shape, caller, clientId }) : null;
    if (counter === null) {
      latest = isStorable ? 'too many' : 'too large';
      return lose(latest);
    }
    counter.count += 1;
    latest = counter;
    pairs += 1;
    if (pairs > rememberedBounds.pairs) forgetPairs(1);
    const ofPrincipal = known.get(principal) ?? new Map<FoundShape, Counter>();
    known.set(principal, ofPrincipal.set(shape, counter));
  }

  function forgetPairs(left: number): void {
    known = new WeakMap();
    pairs = left;
  }

  function shapeFor(document: DocumentNode, operationName: string | null): FoundShape {
    const shape = shapeOf(schema, document, operationName, rulesField);
    // Only names of the document are stored.
    if (shape === null && operationName !== null) return shape;
    const size = 500 + (operationName?.length ?? 0) + (typeof shape === 'object' ? (shape?.document.length ?? 0) : 0);
    shapeCharacters += size;
    if (shapeCharacters > rememberedBounds.characters) {
      shapes = new WeakMap();
      shapeCharacters = size;
      forgetPairs(0); // They keep shapes too.
    }
    const named = shapes.get(document) ?? new Map<string | null, FoundShape>();
    shapes.set(document, named.set(operationName, shape));
    return shape;
  }

  function count({ document, operationName, principal }: OperationRequest): void {
    latest = null;
    const name = operationName ?? null;
    const remembered = shapes.get(document)?.get(name);
    const shape = remembered === undefined ? shapeFor(document, name) : remembered;
    const counter = known.get(principal)?.get(shape);
    if (counter === undefined) return begin(principal, shape);
    counter.count += 1;
    latest = counter;
  }

  return {
    check: {
      name: 'counted for claimgate replay',
      section: 'tools/ask.md',
      check(operation) {
        try {
          count(operation);
        } catch {
          lose('not judged'); // For example, the stack was exhausted.
        }
      },
    },
    takeBack() {
      if (latest instanceof Counter) latest.count -= 1;
      else if (latest !== null) lose(latest, -1);
      latest = null;
    },
    take() {
      const requests = [...counters.values()].filter(({ count }) => count > 0);
      const batch = { day: dayOf(now()), requests, unrecorded };
      forgetPairs(0);
      counters = new Map();
      usedByClient = new Map();
      unrecorded = new Map();
      characters = 0;
      latest = null;
      return requests.length > 0 || batch.unrecorded.size > 0 ? batch : null;
    },
    get entries() {
      return counters.size;
    },
    putBack(batch) {
      for (const { count, ...requests } of batch.requests) {
        const counter = counterOf(requests);
        if (counter) counter.count += count;
        else lose('too many', count);
      }
      for (const [reason, count] of batch.unrecorded) lose(reason, count);
    },
  };
}
