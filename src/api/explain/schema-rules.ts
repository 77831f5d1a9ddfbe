import type { GuardedSchema } from '../../auth/guarded-schema.ts';
import { decide } from '../../auth/decide/decide.ts';
import { wordsOfRule } from '../../auth/rules/words.ts';
import type { ElementKind, Requirement, Rule } from '../../auth/rules/rule.ts';
import { ClaimgateError } from '../../errors.ts';
import { type Principal, principalOf } from '../../principal.ts';
import type { RuledElement, RuleRequirement, Resolvers, RuleDecision, SchemaRule } from '../generated.ts';
import type { OwnModule } from '../names/rename.ts';
import type { OperationPolicy } from '../operation/steps.ts';
import { fromBase64url, toBase64url } from '../relay/base64url.ts';
import { sdl } from '../sdl.ts';

/** The largest number of rules on a page. */
const maxPageSize = 500;
/** The largest number of names in `types`. */
const maxTypes = 100;

/**
 * Creates the module of `schemaRules`: the rules of the whole schema, for tools and for the documentation. The callers
 * who may introspect may call it. `null`: introspection is off, so no caller may.
 *
 * @param guarded - returns the schema that has the module. It is called when a caller asks
 * @param now - milliseconds since the epoch
 */
export function schemaRulesModule(
  { introspection }: Pick<OperationPolicy, 'introspection'>,
  guarded: () => GuardedSchema,
  now: () => number,
): OwnModule | null {
  if (introspection === 'off') return null;
  const rules = () => guarded().rules;
  const byType = createByType(rules);
  const resolvers: Resolvers = {
    Query: {
      schemaRules(_query, { types, first, after }, context) {
        const principal = principalOf(context);
        if (first < 1 || first > maxPageSize) {
          throw new ClaimgateError('BAD_USER_INPUT', `first: expected 1 to ${maxPageSize}.`);
        }
        if (types && types.length > maxTypes) {
          throw new ClaimgateError('BAD_USER_INPUT', `types: expected at most ${maxTypes} names.`);
        }
        const from = after === undefined || after === null ? 0 : positionOf(after);
        const wanted = types ? byType(types) : rules();
        // The table is in the order of the numbers. A cursor is the number of the first rule of its page.
        const rest = wanted.filter(({ id }) => id >= from);
        const next = rest[first];
        return {
          nodes: rest.slice(0, first).map((rule) => toSchemaRule(rule, principal, now())),
          endCursor: next ? toBase64url(`rule:${next.id}`) : null,
        };
      },
    },
  };
  const typeDefs = sdl('schema-rules');
  return {
    name: 'claimgate/schema-rules',
    typeDefs: introspection === 'authenticated' ? typeDefs.replace('@public', '@auth') : typeDefs,
    resolvers,
  };
}

/** Finds the rules of types by their names, in the order of the table. */
function createByType(rules: () => readonly Rule[]): (types: readonly string[]) => readonly Rule[] {
  let known: ReadonlyMap<string, readonly Rule[]> | undefined;
  return (types) => {
    known ??= Map.groupBy(rules(), ({ coordinate }) => coordinate.split('.', 1)[0] ?? coordinate);
    const found = new Set(types).values().flatMap((type) => known?.get(type) ?? []);
    return [...found].sort((a, b) => a.id - b.id);
  };
}

function positionOf(cursor: string): number {
  const [, id] = /^rule:(0|[1-9]\d{0,8})$/.exec(fromBase64url(cursor) ?? '') ?? [];
  if (id === undefined) throw new ClaimgateError('BAD_USER_INPUT', 'after: expected a cursor that this list gave.');
  return Number(id);
}

const kinds: Readonly<Record<ElementKind, RuledElement>> = {
  object: 'OBJECT',
  interface: 'INTERFACE',
  union: 'UNION',
  field: 'FIELD',
  argument: 'ARGUMENT',
  inputObject: 'INPUT_OBJECT',
  inputField: 'INPUT_FIELD',
  enum: 'ENUM',
  enumValue: 'ENUM_VALUE',
  scalar: 'SCALAR',
};

const decisions = { allow: 'ALLOW', deny: 'DENY', depends: 'DEPENDS' } as const;

function toSchemaRule(rule: Rule, principal: Principal, now: number): SchemaRule {
  return {
    coordinate: rule.coordinate,
    kind: kinds[rule.kind],
    source: rule.source,
    words: wordsOfRule(rule),
    decision: decisionOf(rule, principal, now),
    shadow: rule.mode === 'SHADOW',
    requirement: toRequirement(rule.requirement),
    anyOf: rule.anyOf.map(toRequirement),
  };
}

/** Decides a rule. A rule that cannot be decided denies, as in the guard. */
function decisionOf(rule: Rule, principal: Principal, now: number): RuleDecision {
  try {
    return decisions[decide(rule, principal, now)];
  } catch {
    return 'DENY';
  }
}

function toRequirement({ scope, claims, owner, policies, maxAge, acr }: Requirement): RuleRequirement {
  return {
    scope,
    claims: claims.map((rule) => ({
      claim: rule.claim,
      oneOf: rule.operator === 'oneOf' ? rule.values : null,
      contains: rule.operator === 'contains' ? rule.value : null,
      exists: rule.operator === 'exists' ? true : null,
    })),
    owner: owner && `${owner.kind === 'argument' ? '$' : ''}${owner.name}`,
    policies,
    maxAge,
    acr,
  };
}
