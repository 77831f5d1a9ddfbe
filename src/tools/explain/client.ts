import { requirementsOf, type Rule } from '../../auth/rules/rule.ts';
import { nearestAlternative, satisfies, type ScopeAlternatives } from '../../auth/rules/scope.ts';
import { labelOf } from '../operations/operation.ts';
import { writePlace } from '../report/fault.ts';
import type { OperationNeeds } from './needs.ts';

/** A client and the scopes that are registered for it. */
export interface RegisteredClient {
  readonly name: string;
  readonly scopes: readonly string[];
}

/** What is wrong with the scopes of a client, in one line. */
export interface ClientFinding {
  readonly kind: 'missing' | 'unneeded' | 'unknown';
  readonly scopes: readonly string[];
  /** The operation that lacks the scopes. `null` for scopes that no operation needs. */
  readonly operation: string | null;
  readonly text: string;
}

/** The scopes of OpenID Connect. No rule of an API needs them. */
const ofSignIn: ReadonlySet<string> = new Set(['openid', 'profile', 'email', 'address', 'phone', 'offline_access']);

/**
 * Compares the scopes of a client with what its operations need.
 *
 * @param rules - the rules of the schema. A scope of OpenID Connect counts only if a rule names it
 * @returns the findings. Empty: the client has exactly what it needs
 */
export function checkClient(
  { name, scopes }: RegisteredClient,
  all: readonly OperationNeeds[],
  rules: readonly Rule[],
): readonly ClientFinding[] {
  const named = new Set(rules.flatMap(requirementsOf).flatMap(({ scope }) => scope.flat()));
  const granted = new Set(scopes.filter((scope) => named.has(scope) || !ofSignIn.has(scope)));
  const lacking = all.filter(({ leastScopes }) => !satisfies(leastScopes, granted));
  const missing = new Set(lacking.flatMap(({ leastScopes }) => missingOf(leastScopes, granted)));
  const unneeded = unneededScopes(granted, all, missing);
  return [
    ...lacking.map((needs) => lack(name, needs, granted)),
    ...(unneeded.length === 0
      ? []
      : [
          {
            kind: 'unneeded' as const,
            scopes: unneeded,
            operation: null,
            text: `${name} has more than it needs: without ${unneeded.join(' ')}, every operation has the scopes that it needs`,
          },
        ]),
  ];
}

function lack(
  client: string,
  { operation, leastScopes, isCapped }: OperationNeeds,
  granted: ReadonlySet<string>,
): ClientFinding {
  const label = labelOf(operation);
  const at = writePlace(operation.place);
  const [first] = leastScopes;
  const kind = isCapped ? 'unknown' : 'missing';
  if (!first) {
    return {
      kind,
      scopes: [],
      operation: label,
      text: `${at}: ${client} cannot run ${label}: no scopes satisfy its rules`,
    };
  }
  const missing = missingOf(leastScopes, granted);
  const but = isCapped ? ', or another of more alternatives that were not compared' : '';
  return {
    kind,
    scopes: missing,
    operation: label,
    text: `${at}: ${client} lacks ${missing.join(' ')} for ${label}${but}`,
  };
}

/** Returns the scopes to add for the alternative of which the fewest are missing. */
function missingOf(leastScopes: ScopeAlternatives, granted: ReadonlySet<string>): readonly string[] {
  if (leastScopes.length === 0) return [];
  return nearestAlternative(leastScopes, granted).filter((scope) => !granted.has(scope));
}

/**
 * Takes out scopes, one after another, as long as every operation keeps its scopes.
 *
 * @param added - the scopes that operations lack. They count as granted
 */
function unneededScopes(
  granted: ReadonlySet<string>,
  all: readonly OperationNeeds[],
  added: ReadonlySet<string>,
): readonly string[] {
  const kept = new Set([...granted, ...added]);
  const judged = all.filter(({ leastScopes }) => satisfies(leastScopes, kept));
  const taken: string[] = [];
  for (const scope of [...granted].toReversed()) {
    kept.delete(scope);
    if (judged.every(({ leastScopes }) => satisfies(leastScopes, kept))) taken.push(scope);
    else kept.add(scope);
  }
  return taken.toReversed();
}
