import { type DocumentNode, type GraphQLSchema, parse, validate } from 'graphql';
import type { RuleSource } from '../source/rule-source.ts';
import type { Pair } from './compared-operation.ts';
import { withoutFields } from './without-fields.ts';
import type { Shape } from './traffic.ts';

/** An operation that both schemas accept, or the reason why it cannot be compared. */
export type ReadShape =
  | { readonly document: DocumentNode }
  | {
      readonly kind: 'invalid' | 'unknown';
      readonly fields: readonly [];
      readonly reason: string;
      /** Whether the present schema accepts the operation. */
      readonly wasValid: boolean;
    };

/**
 * Parses a recorded operation. `null`: it selects only fields of Claimgate that a schema does not have, so that
 * there is nothing to compare.
 *
 * @param ownFields - the coordinates of Claimgate's own root fields. They are left out if a schema does not have them,
 * because the SDL of a team has none of them
 */
export function readShape(
  { document: text }: Shape,
  { before, after }: Pair<RuleSource>,
  ownFields: ReadonlySet<string>,
): ReadShape | null {
  try {
    const whole = parse(text);
    const isLacking = (coordinate: string): boolean =>
      ownFields.has(coordinate) && !(hasField(before.schema, coordinate) && hasField(after.schema, coordinate));
    const document = withoutFields(whole, isLacking, rootNames(before.schema));
    if (!document) return null;
    const faultOf = ({ schema }: RuleSource) => validate(schema, document, undefined, { maxErrors: 1 })[0];
    const fault = faultOf(after);
    const wasValid = !faultOf(before);
    if (fault) return { kind: 'invalid', fields: [], reason: fault.message, wasValid };
    return wasValid ? { document } : unread('the operation is not valid for the present schema');
  } catch {
    return unread('the recorded operation cannot be read');
  }
}

function unread(reason: string): ReadShape {
  return { kind: 'unknown', fields: [], reason, wasValid: false };
}

function hasField(schema: GraphQLSchema, coordinate: string): boolean {
  const [type = '', field = ''] = coordinate.split('.');
  const found = schema.getType(type);
  return found !== undefined && 'getFields' in found && Object.hasOwn(found.getFields(), field);
}

function rootNames(schema: GraphQLSchema): Readonly<Record<'query' | 'mutation' | 'subscription', string>> {
  return {
    query: schema.getQueryType()?.name ?? 'Query',
    mutation: schema.getMutationType()?.name ?? 'Mutation',
    subscription: schema.getSubscriptionType()?.name ?? 'Subscription',
  };
}
