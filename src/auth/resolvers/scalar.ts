import { isScalarType } from 'graphql';
import { boundTo, type Member, membersOf } from './members.ts';
import { nearestHint } from '../../protocol/nearest.ts';

/**
 * The functions that the resolver of a scalar may have. A resolver cannot change the name, SDL and rules of the scalar.
 */
const functions: readonly string[] = ['serialize', 'parseValue', 'parseLiteral'];
const descriptions = new Set(['description', 'specifiedByURL', 'extensions']);

/**
 * Reads the resolver of a scalar. The resolver is a GraphQLScalarType, or an object or class instance with its
 * functions. The names of the functions may begin with `__`, as in graphql-tools.
 *
 * @returns the functions, bound to `source`, and the faults by member
 */
export function scalarResolver(source: object): {
  readonly resolver: Readonly<Record<string, unknown>>;
  readonly faults: readonly (readonly [member: string, fault: string])[];
} {
  const isType = isScalarType(source);
  const resolver: Record<string, unknown> = {};
  const faults: [string, string][] = [];
  for (const member of membersOf(source)) {
    const name = member.name.replace(/^__/, '');
    const isKnown = functions.includes(name) || descriptions.has(name);
    const fault = isType && !functions.includes(name) ? undefined : memberFault(member, name, isKnown);
    if (fault) faults.push([member.name, fault]);
    else if (isKnown && member.value !== undefined && member.value !== null)
      resolver[name] = boundTo(member.value, source);
  }
  return { resolver, faults };
}

function memberFault({ value, fault }: Member, name: string, isKnown: boolean): string | undefined {
  if (fault) return fault;
  if (!isKnown && !['name', 'astNode', 'extensionASTNodes'].includes(name)) {
    return `is not a function of a scalar; expected ${functions.join(', ')}, or a GraphQLScalarType${nearestHint(name, functions)}`;
  }
  const isWrong = functions.includes(name) && value !== undefined && typeof value !== 'function';
  return isWrong ? 'is not a function; expected a function, as in a GraphQLScalarType' : undefined;
}
