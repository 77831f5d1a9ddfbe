import { isCompositeType } from 'graphql';
import { never, type NormalForm } from '../../auth/algebra/form.ts';
import type { Witness } from '../../auth/algebra/witness.ts';
import { isOpen, writeRule } from './access/forms.ts';
import type { Change, Example, Verdict } from './change.ts';
import { dependsOf, type Difference, isOtherQuestion } from './compare.ts';
import { writeOperation } from './example.ts';
import { wordsOf } from './form-text.ts';
import { accessTo, causeOf, newReader, newVisitor, type Pair, routeOn, type Side, unknownCauses } from './pair.ts';
import type { ReadField } from './access/way.ts';

/** The two directions of a comparison. */
export interface Directions {
  readonly gained: Pair;
  readonly lost: Pair;
}

/** What changed for the fields of object types, and which fields could not be judged. */
export interface FieldChanges {
  readonly changes: readonly Change[];
  readonly undecided: readonly string[];
}

/** A change before it is known what it opens. */
type Draft = Omit<Change, 'opens' | 'isFinding'> & { readonly isAlone: boolean };

/** Finds what changed for the fields of object types, and for the types that are reached anew. */
export function fieldChanges(directions: Directions): FieldChanges {
  const { gained } = directions;
  const drafts = new Map<string, Draft>();
  const undecided: string[] = [];
  const add = (draft: Draft | 'undecided' | null, coordinate: string): void => {
    if (draft === 'undecided') undecided.push(coordinate);
    else if (draft) drafts.set(coordinate, draft);
  };
  for (const [coordinate, field] of gained.here.access.fields) {
    const old = gained.there.access.fields.get(coordinate);
    add(old ? changedField(directions, old, field) : newField(gained, field), coordinate);
  }
  for (const [coordinate, field] of gained.there.access.fields) {
    if (!gained.here.access.fields.has(coordinate)) add(removedField(field), coordinate);
  }
  // A cause may be a type, or a field whose callers are the same and whose type is another one.
  const opened = Map.groupBy(
    [...drafts.values()].filter(({ through, verdict }) => through !== null && verdict !== 'narrower'),
    ({ through }) => through ?? '',
  );
  const unknown = unknownCauses(gained, undecided);
  for (const cause of [...opened.keys(), ...unknown])
    if (!drafts.has(cause)) add(causeChange(directions, cause), cause);
  const changes = [...drafts.values()].map(({ isAlone, ...draft }): Change => {
    const behind = opened.get(draft.coordinate) ?? [];
    const opens = behind.map(({ coordinate }) => coordinate);
    const isGain = draft.verdict === 'wider' || draft.verdict === 'incomparable';
    const opensOld = behind.some(({ verdict }) => verdict !== 'new');
    const example = draft.example ?? behind.find((one) => one.example)?.example ?? null;
    const mayOpen = opensOld || unknown.has(draft.coordinate);
    return { ...draft, example, opens, isFinding: mayOpen || (draft.through === null && (isGain || isAlone)) };
  });
  return { changes, undecided };
}

/** Writes the rule of a field for `--allow`: its normal form, and the type that the field opens. */
function ruleOf({ here }: Pair, { effective, returns }: ReadField): string {
  const isWay = isCompositeType(here.access.source.schema.getType(returns));
  return `${writeRule(effective)}${isWay ? ` -> ${returns}` : ''}`;
}

function changedField({ gained, lost }: Directions, old: ReadField, field: ReadField): Draft | 'undecided' | null {
  const { coordinate } = field;
  const isWider = gained.difference(field.form, old.form) !== null;
  const isNarrower = lost.difference(old.form, field.form) !== null;
  const reader = newReader(gained, coordinate, isWider);
  const leaver = newReader(lost, coordinate, isNarrower);
  if (reader === 'unknown' && !isWider) return 'undecided';
  const other = accessTo(gained.there, coordinate) ?? never;
  const verdict = verdictOf(reader, leaver, other);
  const isSame =
    old.ruleCoordinates === field.ruleCoordinates && writeRule(old.effective) === writeRule(field.effective);
  if (!verdict && isSame) return null;
  const base = {
    coordinate,
    before: wordsOfField(old, field),
    rule: ruleOf(gained, field),
    after: wordsOfField(field, old),
    isAlone: false,
  };
  if (!verdict) return { ...base, verdict: 'moved', example: null, through: null };
  if (verdict === 'narrower') {
    return { ...base, verdict, example: null, through: isNarrower ? null : causeAt(lost, coordinate, leaver) };
  }
  return {
    ...base,
    verdict,
    example: exampleAt(gained, coordinate, reader),
    through: isWider ? null : causeAt(gained, coordinate, reader),
  };
}

function wordsOfField({ effective, returns }: ReadField, other: ReadField): string {
  return `${wordsOf(effective)}${returns === other.returns ? '' : `, and returns ${returns}`}`;
}

/** Returns the verdict on two forms. `null`: the same callers get in. */
export function verdictOf(reader: Difference, leaver: Difference, other: NormalForm): Verdict | null {
  if (reader === null) return leaver === null || leaver === 'unknown' ? null : 'narrower';
  if (reader === 'unknown' || leaver !== null || isOtherQuestion(reader, other)) return 'incomparable';
  return 'wider';
}

function exampleAt(pair: Pair, coordinate: string, reader: Difference): Example | null {
  if (reader === null || reader === 'unknown') return null;
  const route = routeOn(pair.here, coordinate, reader);
  const operation = route && writeOperation(pair.here.access, pair.there.access, route, reader);
  return { witness: reader, depends: dependsOf(reader), operation };
}

function causeAt(pair: Pair, coordinate: string, reader: Difference): string | null {
  if (reader === null || reader === 'unknown') return null;
  const route = routeOn(pair.here, coordinate, reader);
  const cause = route && causeOf(pair, route, reader);
  return cause === coordinate ? null : cause;
}

function newField(gained: Pair, field: ReadField): Draft {
  const { coordinate } = field;
  const form = accessTo(gained.here, coordinate) ?? never;
  const reader: Witness | 'unknown' | null = gained.difference(form, never);
  return {
    coordinate,
    verdict: 'new',
    before: null,
    rule: ruleOf(gained, field),
    after: form.alternatives.length === 0 ? wordsOf(never) : wordsOf(form),
    example: exampleAt(gained, coordinate, reader),
    through: causeAt(gained, coordinate, reader),
    isAlone: isOpen(form),
  };
}

function removedField({ coordinate, effective }: ReadField): Draft {
  const before = wordsOf(effective);
  const none = { rule: null, after: null, example: null, through: null, isAlone: false };
  return { coordinate, verdict: 'removed', before, ...none };
}

/** Makes the change of a type, or of a field whose callers are the same, that lets callers in to other fields. */
function causeChange(directions: Directions, coordinate: string): Draft | null {
  const { gained, lost } = directions;
  const { here, there } = gained;
  const [old, field] = [there.access.fields.get(coordinate), here.access.fields.get(coordinate)];
  if (old && field) {
    return {
      coordinate,
      verdict: 'moved',
      before: wordsOfField(old, field),
      rule: ruleOf(gained, field),
      after: wordsOfField(field, old),
      example: null,
      through: null,
      isAlone: false,
    };
  }
  const isKnown = there.access.source.schema.getType(coordinate) !== undefined;
  const reader = newVisitor(gained, coordinate);
  const verdict = verdictOf(reader, newVisitor(lost, coordinate), there.access.reach(coordinate));
  return {
    coordinate,
    verdict: isKnown ? (verdict ?? 'moved') : 'new',
    before: isKnown ? wordsOfType(there, coordinate) : null,
    rule: `${writeRule(here.access.typeForm(coordinate))}${holdersOf(here, coordinate)}`,
    after: wordsOfType(here, coordinate),
    example: null,
    through: null,
    isAlone: false,
  };
}

/** Names the interfaces and unions that a type is a possible type of. */
function holdersOf({ access }: Side, type: string): string {
  const holders = access.ways.filter(({ to, field }) => to === type && !field).map(({ from }) => from);
  return holders.length === 0 ? '' : ` in ${holders.toSorted().join(', ')}`;
}

function wordsOfType(side: Side, type: string): string {
  return `${wordsOf(side.access.typeForm(type))}${holdersOf(side, type)}`;
}
