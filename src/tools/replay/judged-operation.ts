import { type DocumentNode, Kind, OperationTypeNode } from 'graphql';
import { allOf, anyOf, formOf, type NormalForm } from '../../auth/algebra/form.ts';
import { staticFields } from '../../auth/explain/static-fields.ts';
import type { WalkedField } from '../../auth/explain/walk.ts';
import type { Enforcement } from '../../auth/guard/enforcement.ts';
import { isDynamic, type Rule, type RuleIds } from '../../auth/rules/rule.ts';
import { anonymous, type Principal } from '../../principal.ts';
import type { RuleSource } from '../source/rule-source.ts';

/**
 * The decision about a field, for all values of the variables. `depends`: a value, an owner, a policy or a variable decides.
 * `unknown`: it cannot be judged. `out of reach`: a field above is denied, or the whole operation.
 */
export type FieldDecision = 'allow' | 'deny' | 'depends' | 'unknown' | 'out of reach';

/** The rules of one selected field. */
export interface RulesOfField {
  readonly coordinate: string;
  /** A text that is equal only for rules with equal requirements. */
  readonly text: string;
  readonly form: () => NormalForm;
}

/** An operation of a schema whose rules decide for any caller. Fields are named by their places in the document. */
export interface JudgedOperation {
  readonly rules: ReadonlyMap<number, RulesOfField>;
  /** @throws {ClaimgateError} if the operation is too large to be judged */
  readonly decide: (principal: Principal) => ReadonlyMap<number, FieldDecision>;
}

/** From the decision that any other one replaces to the decision that replaces all. */
const order: readonly FieldDecision[] = ['out of reach', 'allow', 'depends', 'unknown', 'deny'];

/**
 * Plans an operation for a schema, so that the engine decides its fields for any caller.
 *
 * @param enforcement - the rules of the schema, with HMACs as constants
 * @param strict - whether a query is refused if one of its fields is denied
 * @throws {ClaimgateError} if the operation is too large to be judged
 */
export function judgedOperation(
  source: RuleSource,
  enforcement: Enforcement,
  document: DocumentNode,
  strict: boolean,
): JudgedOperation {
  const { schema, rules } = source;
  const possible = staticFields(schema, enforcement, document, 'possible');
  const certain = staticFields(schema, enforcement, document, 'certain');
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  const isWhole = strict || operation?.operation !== OperationTypeNode.QUERY;
  return {
    rules: rulesOf([...certain(anonymous)], [...possible(anonymous)], rules),
    decide(principal) {
      const found = new Map<number, FieldDecision>();
      const add = (field: WalkedField, decision: FieldDecision): void => {
        const place = placeOf(field);
        const known = found.get(place);
        if (known === undefined || order.indexOf(decision) > order.indexOf(known)) found.set(place, decision);
      };
      for (const field of certain(principal)) add(field, field.isReached ? decided(field) : 'out of reach');
      for (const field of possible(principal)) {
        // Other values of the variables leave out the inputs or the field that are denied.
        if (field.isReached) add(field, field.decision === 'deny' ? 'depends' : decided(field));
      }
      if (isWhole && [...found.values()].includes('deny')) {
        for (const [place, decision] of found) if (decision !== 'deny') found.set(place, 'out of reach');
      }
      return found;
    },
  };
}

function decided({ decision }: WalkedField): FieldDecision {
  return decision === 'unjudged' ? 'unknown' : decision;
}

/** Returns the place of a field in the document. It is the same for each schema. */
function placeOf({ field }: WalkedField): number {
  return field.node.loc?.start ?? -1;
}

function rulesOf(
  certain: readonly WalkedField[],
  possible: readonly WalkedField[],
  rules: readonly Rule[],
): ReadonlyMap<number, RulesOfField> {
  const found = new Map<number, { coordinate: string; texts: Set<string>; fields: Map<string, WalkedField> }>();
  for (const [mode, fields] of [['always', certain] as const, ['some variables', possible] as const]) {
    for (const field of fields) {
      const place = placeOf(field);
      const one = found.get(place) ?? { coordinate: field.field.coordinate, texts: new Set(), fields: new Map() };
      found.set(place, one);
      const text = textOf(field, rules);
      one.texts.add(`${mode} ${text}`);
      one.fields.set(text, field);
    }
  }
  return new Map(
    [...found].map(([place, { coordinate, texts, fields }]) => [
      place,
      {
        coordinate,
        text: [...texts].toSorted().join('\n'),
        form: () => allOf([...fields.values()].map((field) => formOfField(field, rules))),
      },
    ]),
  );
}

/** Writes what decides a field. A rule that moved and has no owner and no policy is the same rule. */
function textOf({ always, ofTypes, elements }: WalkedField, rules: readonly Rule[]): string {
  const written = (ids: RuleIds): readonly string[] =>
    [...new Set(ids.flatMap((id) => textOfRule(rules[id])))].toSorted();
  return JSON.stringify([
    written(always),
    ofTypes.map((types) => types.map(written)),
    elements.map(({ ids }) => written(ids)).filter(({ length }) => length > 0),
  ]);
}

function textOfRule(rule: Rule | undefined): readonly string[] {
  if (!rule || rule.mode !== 'ENFORCE') return [];
  return [isDynamic(rule) ? `${rule.coordinate} ${rule.source}` : rule.source];
}

function formOfField({ always, ofTypes }: WalkedField, rules: readonly Rule[]): NormalForm {
  const form = (ids: RuleIds): NormalForm => formOf(ids.flatMap((id) => rules[id] ?? []));
  return allOf([form(always), ...ofTypes.map((types) => anyOf(types.map(form)))]);
}
