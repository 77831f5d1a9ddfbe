import { createEnforcement } from '../../auth/guard/enforcement.ts';
import { maxInputDepth } from '../../auth/inputs/limits.ts';
import type { CallerHash } from '../../auth/recorded/hash.ts';
import { ClaimgateError } from '../../errors.ts';
import type { RuleSource } from '../source/rule-source.ts';
import type { FieldChange } from './compare.ts';
import {
  type ChangedField,
  comparableSchemas,
  type ComparedOperation,
  comparedOperation,
  type ComparisonOptions,
  type Pair,
  type RequestChange,
} from './compared-operation.ts';
import { readShape } from './read-shape.ts';
import type { Shape, Traffic, TrafficRow } from './traffic.ts';

/**
 * What would happen to requests. `denied`: denied anew. `let in`: let in anew. `depends`: an owner, a policy, a variable or
 * the type of a value decides. `unknown`: it cannot be judged. `invalid`: the proposed schema does not accept the operation.
 */
export type Kind = FieldChange | 'invalid';

/** Requests of one client for one operation, to which the same would happen. */
export interface Finding {
  readonly kind: Kind;
  readonly shape: Shape;
  readonly clientId: string | null;
  readonly hasToken: boolean;
  readonly requests: number;
  readonly fields: readonly ChangedField[];
  /** Why the operation is not valid, or cannot be judged. `null`: the fields say it. */
  readonly reason: string | null;
  /** Whether the present schema accepts an operation that is not valid. False for other kinds. */
  readonly isNoLongerValid: boolean;
}

/** What would happen to the recorded requests if one schema replaced another. */
export interface Replay extends Pair<RuleSource> {
  readonly findings: readonly Finding[];
  readonly requests: number;
  /** The requests for which nothing would change. */
  readonly unchanged: number;
  /** The requests that are in a finding of each kind. A request can be both denied and let in, at two fields. */
  readonly counts: Readonly<Record<Kind, number>>;
  /** The requests of callers that were recorded with a key that is not configured, by the name of the key. */
  readonly otherKeys: ReadonlyMap<string, number>;
}

/** The options of `replayOf`. */
export interface ReplayOptions extends ComparisonOptions {
  /** The hashes of the configured keys. */
  readonly hashes: readonly CallerHash[];
  /** The coordinates of Claimgate's own root fields, which the SDL of a team does not have. Default: none. */
  readonly ownFields?: ReadonlySet<string>;
  readonly onProgress?: (done: number, of: number) => void;
}

/** What would happen to the requests of one row, with the reason if the fields do not say it. */
interface RowChange {
  readonly kind: Kind;
  readonly fields: readonly ChangedField[];
  readonly reason: string | null;
  readonly wasValid?: boolean;
}

/** Finds what would happen to recorded requests if one schema replaced another. */
export function replayOf(sources: Pair<RuleSource>, { rows }: Traffic, options: ReplayOptions): Replay {
  const { now, hashes, ownFields = new Set(), onProgress = () => {} } = options;
  const enforcementOf = ({ schema, rules }: RuleSource) =>
    createEnforcement(schema, rules, { clock: () => now, inputDepth: maxInputDepth });
  const plain = { before: enforcementOf(sources.before), after: enforcementOf(sources.after) };
  const schemas = new Map(hashes.map((hash) => [hash.keyName, comparableSchemas(sources, hash, now)]));
  const findings = new Map<string, Finding>();
  const counts: Record<Kind, number> = { denied: 0, 'let in': 0, depends: 0, unknown: 0, invalid: 0 };
  const otherKeys = new Map<string, number>();
  let unchanged = 0;

  function add({ shape, clientId, caller, requests }: TrafficRow, change: RowChange): void {
    const { kind, fields, reason, wasValid = true } = change;
    const isNoLongerValid = kind === 'invalid' && wasValid;
    const hasToken = caller !== null;
    counts[kind] += requests;
    const places = fields.map(({ coordinate }) => coordinate);
    const key = JSON.stringify([kind, shape.name, shape.document, clientId, hasToken, places, reason]);
    const all = (findings.get(key)?.requests ?? 0) + requests;
    findings.set(key, { kind, shape, clientId, hasToken, requests: all, fields, reason, isNoLongerValid });
  }

  /** Finds what would happen to the requests of a row. `other key`: they cannot be compared. */
  function changesOf({ caller }: TrafficRow, operation: ComparedOperation): readonly RowChange[] | 'other key' {
    try {
      if (operation.isSame()) return [];
      if (!caller) return operation.ofAnonymous().map(withoutReason);
      const comparable = schemas.get(caller.keyName);
      if (!comparable) return 'other key';
      if (!caller.facts) return [unknown('what was recorded of the caller cannot be read')];
      return operation.of(caller.facts, comparable).map(withoutReason);
    } catch (error) {
      if (error instanceof ClaimgateError || error instanceof RangeError)
        return [unknown('the operation is too large to be judged')];
      throw error;
    }
  }

  const byShape = [...Map.groupBy(rows, ({ shape }) => JSON.stringify([shape.name, shape.document])).values()];
  for (const [at, some] of byShape.entries()) {
    onProgress(at, byShape.length);
    const [first] = some;
    const read = first ? readShape(first.shape, sources, ownFields) : null;
    const operation = read && 'document' in read ? comparedOperation(read.document, sources, plain, options) : null;
    for (const row of some) {
      const changes = operation ? changesOf(row, operation) : read && 'kind' in read ? [read] : [];
      if (changes === 'other key') {
        const name = row.caller?.keyName ?? '';
        otherKeys.set(name, (otherKeys.get(name) ?? 0) + row.requests);
      } else if (changes.length === 0) unchanged += row.requests;
      else for (const change of changes) add(row, change);
    }
  }
  const requests = rows.reduce((sum, row) => sum + row.requests, 0);
  return { ...sources, findings: [...findings.values()], requests, unchanged, counts, otherKeys };
}

function withoutReason(change: RequestChange): RowChange {
  return { ...change, reason: null };
}

function unknown(reason: string): RowChange {
  return { kind: 'unknown', fields: [], reason };
}
