import { type DocumentNode, Kind, type OperationDefinitionNode, OperationTypeNode, valueFromASTUntyped } from 'graphql';
import type { Rule } from '../../../auth/rules/rule.ts';
import type { Ran, Reply, Request } from '../endpoints/endpoint.ts';
import { isRecord } from '../../../protocol/record.ts';
import type { Judge } from './judge.ts';
import { revealed, type Selected } from './walk.ts';
import { deniedForSure } from './whole-operation.ts';

/** Something in a reply that the rules do not allow. */
export interface Breach {
  readonly coordinate: string;
  readonly rules: readonly Rule[];
  readonly by: 'value' | 'resolver';
  readonly at: string;
}

/** What is needed to read every reply. */
export interface Reader extends Pick<Selected, 'schema' | 'rules'> {
  readonly judge: Judge;
  /** The names of fields that are read to find an owner. */
  readonly ownerFields: ReadonlySet<string>;
}

/** Finds what is in a reply against the rules. It looks at every value, not only at the attacked place. */
export function* breachesOf(reader: Reader, request: Request, reply: Reply): Iterable<Breach> {
  const { schema, judge, rules } = reader;
  const { document, persona, target } = request;
  const operation = operationOf(document, request.operationName);
  const root = schema.getRootType(target.route.operation);
  if (!operation || !root) return;
  const selected: Selected = {
    schema,
    rules,
    fragments: new Map(
      document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
    ),
    variables: { ...defaultsOf(operation), ...request.variables },
  };
  const selections = [operation.selectionSet];
  for (const found of revealed(selected, root, selections, reply.data)) {
    if (judge.opens(found.rules, persona) !== 'no') continue;
    yield { coordinate: found.coordinate, rules: found.rules, by: 'value', at: found.path.join('.') };
  }
  const last = target.route.hops.at(-1);
  if (target.kind === 'input' && judge.opens(target.own, persona) === 'no' && hasValue(request, reply)) {
    yield { coordinate: target.coordinate, rules: target.own, by: 'value', at: last?.field ?? '' };
  }
  if (reply.ran) yield* fromResolvers(reader, request, reply.ran, selected, operation);
}

function* fromResolvers(
  { schema, judge, rules, ownerFields }: Reader,
  { persona, target, places }: Request,
  ran: readonly Ran[],
  selected: Selected,
  operation: OperationDefinitionNode,
): Iterable<Breach> {
  for (const coordinate of new Set(ran.map((one) => one.coordinate))) {
    const [type = '', field = ''] = coordinate.split('.');
    if (ownerFields.has(field)) continue;
    const own = rules.ofField(type, field);
    if (judge.opens(own, persona) === 'no') yield { coordinate, rules: own, by: 'resolver', at: coordinate };
    const value = rules.ofValue(type, field);
    if (judge.denies(value, persona)) yield { coordinate, rules: value, by: 'resolver', at: coordinate };
  }
  const supplied = target.kind === 'input' ? ran.find(({ path }) => isOneOf(places, path)) : undefined;
  if (supplied && judge.opens(target.own, persona) === 'no') {
    yield { coordinate: target.coordinate, rules: target.own, by: 'resolver', at: supplied.coordinate };
  }
  const root = schema.getRootType(operation.operation);
  if (!root || operation.operation === OperationTypeNode.QUERY) return;
  const begun = ran.find(({ coordinate }) => coordinate.startsWith(`${root.name}.`))?.coordinate;
  if (begun === undefined) return;
  const denied = deniedForSure(selected, judge, persona, root, [operation.selectionSet]);
  const isDeniedInput = target.kind === 'input' && judge.denies(target.own, persona);
  const coordinate = denied ?? (isDeniedInput ? target.coordinate : null);
  if (coordinate !== null) {
    const of = denied === null ? target.own : rulesOfDenied(rules, denied);
    yield { coordinate, rules: of, by: 'resolver', at: begun };
  }
}

function rulesOfDenied(rules: Reader['rules'], coordinate: string): readonly Rule[] {
  const [type = '', field] = coordinate.split('.');
  return field === undefined
    ? rules.ofType(type)
    : [...new Set([...rules.ofField(type, field), ...rules.ofValue(type, field)])];
}

/** Whether the attacked place has a value, or its resolver ran. */
export function isReached(request: Request, reply: Reply): boolean {
  if (hasValue(request, reply)) return true;
  const { target, places } = request;
  return target.kind !== 'value' && (reply.ran?.some(({ path }) => isOneOf(places, path)) ?? false);
}

/** Whether the answer has a value at one of the attacked places. */
function hasValue({ places }: Request, { data }: Reply): boolean {
  return places.some((place) => {
    let values: readonly unknown[] = [data];
    for (const key of place) values = values.flatMap((value) => (isRecord(value) ? leveled(value[key]) : []));
    return values.some((value) => value !== null && value !== undefined);
  });
}

/** Returns the items of lists in lists. */
function leveled(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.flatMap(leveled) : [value];
}

function isOneOf(places: Request['places'], path: readonly string[]): boolean {
  return places.some((place) => place.length === path.length && place.every((key, at) => key === path[at]));
}

function operationOf(document: DocumentNode, name: string | undefined): OperationDefinitionNode | undefined {
  return document.definitions
    .filter((node) => node.kind === Kind.OPERATION_DEFINITION)
    .find((node) => name === undefined || node.name?.value === name);
}

function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
    ),
  );
}
