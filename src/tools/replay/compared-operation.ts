import type { DocumentNode } from 'graphql';
import { always, type NormalForm } from '../../auth/algebra/form.ts';
import { createEnforcement, type Enforcement } from '../../auth/guard/enforcement.ts';
import { maxInputDepth } from '../../auth/inputs/limits.ts';
import { type ComparableRules, comparableRules } from '../../auth/recorded/comparable-rules.ts';
import type { CallerHash } from '../../auth/recorded/hash.ts';
import type { RecordedCaller } from '../../auth/recorded/recorded-caller.ts';
import { standIns } from '../../auth/recorded/stand-ins.ts';
import { anonymous } from '../../principal.ts';
import type { RuleSource } from '../source/rule-source.ts';
import { type Decisions, type FieldChange, fieldChanges, joinedDecisions } from './compare.ts';
import { type JudgedOperation, judgedOperation } from './judged-operation.ts';

/** The present schema, and the proposed one. */
export interface Pair<Item> {
  readonly before: Item;
  readonly after: Item;
}

/** A field whose rules decide otherwise than before. */
export interface ChangedField {
  readonly coordinate: string;
  readonly before: NormalForm;
  readonly after: NormalForm;
}

/** What would happen to a request, and the fields at which. */
export interface RequestChange {
  readonly kind: FieldChange;
  readonly fields: readonly ChangedField[];
}

/** The rules of both schemas with the HMACs of one key as constants. */
export interface ComparableSchemas
  extends Pair<{ readonly rules: ComparableRules; readonly enforcement: Enforcement }> {
  readonly keyName: string;
}

/** What comparing needs, besides the operation. */
export interface ComparisonOptions {
  /** Whether a query is refused if one of its fields is denied (`denial: 'reject'`). */
  readonly strict: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Makes the rules of two schemas comparable with the callers that were recorded with one key. */
export function comparableSchemas(sources: Pair<RuleSource>, hash: CallerHash, now: number): ComparableSchemas {
  const comparable = ({ schema, rules }: RuleSource) => {
    const compared = comparableRules(rules, hash);
    const enforcement = createEnforcement(schema, compared.rules, { clock: () => now, inputDepth: maxInputDepth });
    return { rules: compared, enforcement };
  };
  return { before: comparable(sources.before), after: comparable(sources.after), keyName: hash.keyName };
}

/** An operation that both schemas accept. Its functions throw {ClaimgateError} if it is too large to be judged. */
export interface ComparedOperation {
  /** Whether both schemas have the same rules for all of its fields. */
  readonly isSame: () => boolean;
  /** Finds what would happen to requests without a token. */
  readonly ofAnonymous: () => readonly RequestChange[];
  /** Finds what would happen to the requests of a caller. @param schemas - comparable with the caller */
  readonly of: (caller: RecordedCaller, schemas: ComparableSchemas) => readonly RequestChange[];
}

/**
 * Compares an operation. Its parts are made when a caller needs them.
 *
 * @param plain - the rules of both schemas, for callers without a token
 */
export function comparedOperation(
  document: DocumentNode,
  sources: Pair<RuleSource>,
  plain: Pair<Enforcement>,
  { strict, now }: ComparisonOptions,
): ComparedOperation {
  const judged = (enforcement: Pair<Enforcement>): Pair<JudgedOperation> => ({
    before: judgedOperation(sources.before, enforcement.before, document, strict),
    after: judgedOperation(sources.after, enforcement.after, document, strict),
  });
  const ofKeys = new Map<string, Pair<JudgedOperation>>();
  let ofPlain: Pair<JudgedOperation> | null = null;
  let same: boolean | null = null;
  const plainOperations = (): Pair<JudgedOperation> => (ofPlain ??= judged(plain));

  return {
    isSame() {
      if (same === null) {
        const { before, after } = plainOperations();
        const places = new Set([...before.rules.keys(), ...after.rules.keys()]);
        same = [...places].every((place) => before.rules.get(place)?.text === after.rules.get(place)?.text);
      }
      return same;
    },
    ofAnonymous() {
      const operations = plainOperations();
      return changesOf(operations, ({ decide }) => decide(anonymous));
    },
    of(caller, { before, after, keyName }) {
      const known = ofKeys.get(keyName);
      const operations = known ?? judged({ before: before.enforcement, after: after.enforcement });
      ofKeys.set(keyName, operations);
      return changesOf(operations, (operation) => {
        const { rules } = operation === operations.before ? before : after;
        const { least, most } = standIns(caller, rules, now);
        return joinedDecisions(operation.decide(least), most && operation.decide(most));
      });
    },
  };
}

/**
 * Returns what would happen to a request. If a field would be denied or let in, the other changes of the request are left
 * out.
 */
function changesOf(
  { before, after }: Pair<JudgedOperation>,
  decisionsOf: (operation: JudgedOperation) => Decisions,
): readonly RequestChange[] {
  const changes = fieldChanges(
    { operation: before, decisions: decisionsOf(before) },
    { operation: after, decisions: decisionsOf(after) },
  );
  const kinds = new Set(changes.values());
  const certain = (['denied', 'let in'] as const).filter((kind) => kinds.has(kind));
  const uncertain = (['unknown', 'depends'] as const).filter((kind) => kinds.has(kind)).slice(0, 1);
  return (certain.length > 0 ? certain : uncertain).map((kind) => {
    const fields = [...changes].flatMap(([place, change]): readonly ChangedField[] => {
      if (change !== kind) return [];
      const rules = after.rules.get(place);
      const [old, now] = [before.rules.get(place)?.form() ?? always, rules?.form() ?? always];
      return [{ coordinate: rules?.coordinate ?? '', before: old, after: now }];
    });
    return { kind, fields: [...new Map(fields.map((field) => [field.coordinate, field])).values()] };
  });
}
